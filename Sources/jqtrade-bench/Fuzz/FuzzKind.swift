import FileOrders

/// What an input is: one sort of file that lies in an order folder, and who reads it.
enum FuzzKind: String, CaseIterable {
    /// `orderUpdate`, read by the gate.
    case reports = "orderUpdate"
    /// `execResult`, read by the gate.
    case results = "execResult"
    /// `tradeUpdate`, which nobody reads, beside an `orderUpdate`.
    case trades = "tradeUpdate"
    /// `assetInfo` and `positionInfo`, read by the gate.
    case account = "assetInfo, positionInfo"
    /// `algoOrder` and `algoOrderStop`, read by the simulated terminal.
    case orders = "algoOrder, algoOrderStop"
    /// The reports of CATS, read by the gate.
    case catsReports = "OrderReportList"
    /// The orders and cancels of CATS, read by the simulated terminal.
    case catsOrders = "OrderList"

    var format: OrderFileFormat {
        switch self {
        case .reports, .results, .trades, .account, .orders: .oneQuant
        case .catsReports, .catsOrders: .cats
        }
    }

    /// The files that are read.
    var layouts: [FileLayout] {
        switch self {
        case .reports, .trades, .catsReports: [format.reports]
        case .results: [format.results].compactMap { $0 }
        case .account: [format.assets, format.positions].compactMap { $0 }
        case .orders: [format.orders, format.cancels]
        case .catsOrders: [format.orders]
        }
    }

    /// Ids of the task's orders.
    var ours: [String] { format.ids.digits > 8 ? ["3141500007", "3141500008"] : ["31415007", "31415008"] }

    /// What is counted: accounts as a whole, or rows.
    var unit: String { self == .account ? "accounts" : "rows" }
}

/// What became of the inputs of each kind, lest all of them be refused at the door.
struct FuzzCoverage {
    struct Count {
        var inputs = 0
        /// Taken as they stand there.
        var taken = 0
        /// Refused, or kept and reported: not taken, and said so.
        var refused = 0
    }

    private(set) var counts: [FuzzKind: Count] = [:]
    /// So many of a hundred inputs give something that is taken, and something that is refused.
    private static let floor = (taken: 15, refused: 10)
    private static let fewest = 1000

    mutating func add(_ kind: FuzzKind, taken: Int, refused: Int) {
        counts[kind, default: Count()].inputs += 1
        counts[kind, default: Count()].taken += taken
        counts[kind, default: Count()].refused += refused
    }

    /// Kinds of which too little is taken or refused for anything to be proved.
    var thin: [FuzzKind] {
        FuzzKind.allCases.filter { kind in
            guard let count = counts[kind], count.inputs >= Self.fewest else { return false }
            return count.taken * 100 < count.inputs * Self.floor.taken
                || count.refused * 100 < count.inputs * Self.floor.refused
        }
    }

    /// A line a kind.
    var lines: [String] {
        func cells(_ texts: [String]) -> String {
            zip(texts, [26, 10, 12, 18]).map { text, width in
                text + String(repeating: " ", count: max(width - text.count, 1))
            }.joined()
        }
        let rows = FuzzKind.allCases.compactMap { kind in
            counts[kind].map { [kind.rawValue, "\($0.inputs)", "\($0.taken)", "\($0.refused)", kind.unit] }
        }
        return [cells(["file", "inputs", "taken", "refused or kept"])]
            + rows.map { cells(Array($0.prefix(4))) + ($0.last ?? "") }
    }
}
