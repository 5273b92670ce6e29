import FileOrders
import Simulation

/// Writes a file as it should be; a wild one with words that no terminal knows and rows that do not fit together.
struct FuzzWriter {
    private let kind: FuzzKind
    private let layout: FileLayout
    private let isWild: Bool
    private var random: SeededRandom
    /// Chinese is written in one encoding a file.
    private let message: [UInt8]

    /// The message, in the two encodings that happen.
    static let phrase = "价格错误"
    static let phraseInGBK: [UInt8] = [0xBC, 0xDB, 0xB8, 0xF1, 0xB4, 0xED, 0xCE, 0xF3]

    init(_ kind: FuzzKind, _ layout: FileLayout, isWild: Bool, random: SeededRandom) {
        self.kind = kind
        self.layout = layout
        self.isWild = isWild
        self.random = random
        message = self.random.oneIn(3) ? Array(Self.phrase.utf8) : Self.phraseInGBK
    }

    mutating func file() -> [UInt8] {
        var columns = layout.columns
        if layout.hasHeader, random.oneIn(6) { columns.shuffle(using: &random) }
        if layout.hasHeader, random.oneIn(6) {
            columns.insert(.init("extra", nil), at: Int.random(in: 0...columns.count, using: &random))
        }
        let lineEnd: [UInt8] = random.oneIn(4) ? [13, 10] : [10]
        var bytes: [UInt8] = random.oneIn(8) ? [0xEF, 0xBB, 0xBF] : []
        let header = layout.hasHeader ? Array(columns.map(\.name).joined(separator: ",").utf8) + lineEnd : []
        if !isWild || !random.oneIn(6) { bytes += header }
        for place in 0..<Int.random(in: isWild ? 0...6 : 1...6, using: &random) {
            if random.oneIn(20), !layout.endsWithEmptyRow { bytes += header }
            let row = row(place)
            bytes += columns.map { styled($0.field.flatMap { row[$0] } ?? []) }.joined(separator: [44]) + lineEnd
        }
        if layout.endsWithEmptyRow, !random.oneIn(isWild ? 3 : 30) {
            bytes += [UInt8](repeating: 44, count: columns.count - 1) + (random.oneIn(4) ? [] : lineEnd)
        }
        return bytes
    }

    /// A field as it may also be written: quoted, or with spaces around it.
    private mutating func styled(_ text: [UInt8]) -> [UInt8] {
        switch Int.random(in: 0..<24, using: &random) {
        case 0: [34] + text.flatMap { $0 == 34 ? [34, 34] : [$0] } + [34]
        case 1: [32] + text + [32]
        default: text
        }
    }

    private mutating func row(_ place: Int) -> [Field: [UInt8]] {
        var row: [Field: [UInt8]] = [:]
        for case let field? in layout.columns.map(\.field) { row[field] = word(for: field) }
        if isWild { return row }
        row[.secondPrice] = row[.price]
        // The first row of the cash is that of the whole account, and no other is.
        if layout.column(of: .exchange) != nil { row[.exchange] = place == 0 ? [] : Array("SH".utf8) }
        if layout.column(of: .exchange) != nil { row[.account] = Array(FuzzInput.account.utf8) }
        return row
    }

    private mutating func pick(_ words: [String]) -> [UInt8] { Array((words.randomElement(using: &random) ?? "").utf8) }

    private mutating func word(for field: Field) -> [UInt8] {
        let codes = kind.format.codes
        let wild = isWild && random.oneIn(4)
        switch field {
        case .id: return pick(kind.ours + kind.ours + (wild ? ["abc", "31415", "3.1415e9", ""] : ["27182818"]))
        case .account: return pick(Array(repeating: FuzzInput.account, count: 6) + ["7654321"])
        case .exchange: return pick(["", "", "SH"])
        case .symbol: return pick(wild ? ["830799.BJ", "x", ""] : ["000001.SZ", "600000.SH"])
        case .side: return pick(wild ? ["0", "3", ""] : ["1", "1", "2"])
        case .instruction: return pick(wild ? ["", "o", "X"] : ["O", "O", "C"])
        case .answered, .verdict: return pick(wild ? ["3", "9", "", "01", "ok"] : answerWords(field))
        case .status: return pick(wild ? ["9", "", "00", "-1"] : codes.statuses.keys.sorted())
        case .counterType: return pick(wild ? ["?"] : kind.format.counterTypes)
        case .priceType: return pick(wild ? [codes.marketBuy, "?"] : [codes.limit, codes.limit, codes.best])
        case .orderDate: return pick(["20261120", "2026-11-20", ""])
        case .orderTime: return pick(["093015", "93015", "09:30:15", wild ? "996199" : "20261120093015"])
        case .errorCode: return pick(["", "0", "-1", "7"])
        case .message: return wild ? message.dropLast() : random.oneIn(2) ? message : pick(["", "no", "a, \"b\""])
        case .amount, .filledAmount, .canceledAmount, .heldAmount, .availableAmount:
            return wild ? Mutation.number(&random) : pick(["100", "1000", "0", "100.0", "1e3", "200"])
        case .price, .secondPrice, .averagePrice, .filledValue, .totalValue, .availableCash, .cash, .cost, .lastPrice,
            .value:
            return wild ? Mutation.number(&random) : pick(["10.1", "10.1", "10.10", "0", "1e1", "12.3", "1234567.89"])
        case .counterNumber: return pick(["1", "2", ""])
        case .time, .algorithm, .zero: return pick(["", "0", "x"])
        }
    }

    private func answerWords(_ field: Field) -> [String] { field == .answered ? ["1", "1", "2"] : ["0", "1"] }
}
