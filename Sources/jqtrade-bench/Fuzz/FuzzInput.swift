import FileOrders
import Simulation

/// One hostile content of the folder: what a terminal or a client might write, and what disks, people and programs make
/// of it.
struct FuzzInput {
    enum Kind: CaseIterable {
        case reports, results, account, orders
    }

    static let ours = ["3141500007", "3141500008"]
    static let account = "1234567"
    static let format = OrderFileFormat.oneQuant

    let kind: Kind
    /// The contents by the files' stems.
    private(set) var files: [(name: String, bytes: [UInt8])] = []
    /// Where the growing files are cut into what is there at first and what comes later.
    private(set) var cuts: [Int] = []

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        kind = Kind.allCases[Int(seed % 4)]
        for layout in Self.layouts(of: kind) {
            var bytes = Self.wellMade(layout, &random)
            for _ in 0..<[0, 1, 1, 1, 2, 2, 3, 5][Int.random(in: 0..<8, using: &random)] {
                Mutation.apply(to: &bytes, &random)
            }
            files.append((layout.stem, bytes))
        }
        let longest = files.first?.bytes.count ?? 0
        cuts = (0..<Int.random(in: 0...2, using: &random)).map { _ in Int.random(in: 0...longest, using: &random) }
            .sorted()
    }

    static func layouts(of kind: Kind) -> [FileLayout] {
        switch kind {
        case .reports: [format.reports]
        case .results: [format.results].compactMap { $0 }
        case .account: [format.assets, format.positions].compactMap { $0 }
        case .orders: [format.orders, format.cancels]
        }
    }

    // MARK: A file as it should be

    private static func wellMade(_ layout: FileLayout, _ random: inout SeededRandom) -> [UInt8] {
        var columns = layout.columns
        if random.oneIn(6) { columns.shuffle(using: &random) }
        if random.oneIn(6) { columns.insert(.init("extra", nil), at: Int.random(in: 0...columns.count, using: &random)) }
        let lineEnd: [UInt8] = random.oneIn(4) ? [13, 10] : [10]
        var bytes: [UInt8] = random.oneIn(8) ? [0xEF, 0xBB, 0xBF] : []
        let header = Array(columns.map(\.name).joined(separator: ",").utf8) + lineEnd
        if !random.oneIn(30) { bytes += header }
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            if random.oneIn(20) { bytes += header }
            let values = columns.map { value(of: $0.field, layout, &random) }
            bytes += values.joined(separator: [44]) + lineEnd
        }
        if layout.endsWithEmptyRow, !random.oneIn(10) {
            bytes += [UInt8](repeating: 44, count: columns.count - 1) + (random.oneIn(4) ? [] : lineEnd)
        }
        return bytes
    }

    private static func value(of field: Field?, _ layout: FileLayout, _ random: inout SeededRandom) -> [UInt8] {
        let text = word(for: field, layout, &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return [34] + text.flatMap { $0 == 34 ? [34, 34] : [$0] } + [34]
        case 1: return [32] + text + [32]
        default: return text
        }
    }

    private static func word(for field: Field?, _ layout: FileLayout, _ random: inout SeededRandom) -> [UInt8] {
        func pick(_ words: [String]) -> [UInt8] { Array(words[Int.random(in: 0..<words.count, using: &random)].utf8) }
        switch field {
        case .id: return pick(ours + ours + ["2718281828", "abc", "31415", "3.1415e9", ""])
        case .account: return pick([account, account, account, account, "7654321"])
        case .exchange: return pick(["", "", "SH"])
        case .symbol: return pick(["000001.SZ", "600000.SH", "830799.BJ", "x"])
        case .side, .answered, .verdict: return pick(["1", "2", "0", "1"])
        case .status: return pick(["0", "1", "2", "3", "4", "5", "7", "8", "9"])
        case .counterType: return pick(["UM0", "UM0", "UF0", "?"])
        case .priceType: return pick(["AT", "AT", "AT", "P6"])
        case .orderDate: return pick(["20261120", "2026-11-20", ""])
        case .orderTime: return pick(["093015", "93015", "09:30:15", "996199"])
        case .message:
            let gbk: [UInt8] = [0xBC, 0xDB, 0xB8, 0xF1, 0xB4, 0xED, 0xCE, 0xF3]
            return [[], Array("价格错误".utf8), gbk, gbk.dropLast(), Array("a, \"b\"".utf8)][
                Int.random(in: 0..<5, using: &random)]
        case .amount, .filledAmount, .canceledAmount, .heldAmount, .availableAmount:
            return random.oneIn(12) ? Mutation.number(&random) : pick(["100", "1000", "0", "100.0", "1e3", "-0", ""])
        case .price, .secondPrice, .averagePrice, .filledValue, .totalValue, .availableCash, .cash, .cost, .lastPrice,
            .value:
            return random.oneIn(12)
                ? Mutation.number(&random) : pick(["10.1", "10.1", "10.10", "0", "1e1", "10.12345", "1234567.89", ""])
        default: return pick(["", "0", "x"])
        }
    }
}

/// What happens to a file.
enum Mutation {
    static func apply(to bytes: inout [UInt8], _ random: inout SeededRandom) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let length = Int.random(in: 0...min(40, bytes.count - place), using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0: bytes.removeSubrange(place...)
        case 1: bytes.removeSubrange(place..<place + length)
        case 2: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
        case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: Int.random(in: 0...place, using: &random))
        case 4, 5: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
        case 6: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 7: bytes.insert(contentsOf: hostile(&random), at: place)
        case 8: bytes.replaceSubrange(place..<place + length, with: [UInt8](repeating: 0, count: length))
        default: replaceField(at: place, of: &bytes, with: number(&random))
        }
    }

    /// A number as somebody might write it, or something that is nearly one.
    static func number(_ random: inout SeededRandom) -> [UInt8] {
        if random.oneIn(3) {
            var text = random.oneIn(4) ? "-" : ""
            for _ in 0..<Int.random(in: 1...24, using: &random) { text += "\(Int.random(in: 0...9, using: &random))" }
            if random.oneIn(2) {
                text += "."
                for _ in 0..<Int.random(in: 0...24, using: &random) { text += "\(Int.random(in: 0...9, using: &random))" }
            }
            if random.oneIn(3) { text += "e\(Int.random(in: -30...30, using: &random))" }
            return Array(text.utf8)
        }
        return Array(numbers[Int.random(in: 0..<numbers.count, using: &random)].utf8)
    }

    private static let numbers = [
        "", "0", "-0", "-1", "+1", "1.", ".1", ".", "-", "+", "e1", "1e", "1e+", "1e-400", "1e400", "1e999999999999", "0e99999",
        "nan", "inf", "-inf", "0x10", "1_000", "1,000", "\"1,000\"", "1 000", "١", "１", "--1", "1e1.5", "1.2.3",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "922337203685477.5807",
        "922337203685477.5808", "18446744073709551616", "99999999999999999999", "100000000000000000000e-18",
        "0.00005", "0.00004999999999999999999999", "-0.00005", "1.00000000000000000001", "100.0000000000000000000001",
        "123456.7890123456789e12", "4294967296", "1e18", "1e15", "-9e14", "9e14", "٣", "1\u{0}", "1.0f", "１００",
    ]

    private static func hostile(_ random: inout SeededRandom) -> [UInt8] {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: [0]
        case 1: [34]
        case 2: [34, 34, 34]
        case 3: [10]
        case 4: [13]
        case 5: [44]
        case 6: [0xEF, 0xBB, 0xBF]
        case 7: [0xFF, 0xFE]
        case 8: [0x81]
        case 9: [UInt8](repeating: 44, count: Int.random(in: 1...300, using: &random))
        case 10:
            [UInt8](
                repeating: [0x39, 0x41, 0x22, 0x0A, 0xA1][Int.random(in: 0..<5, using: &random)],
                count: random.oneIn(50) ? 30_000 : 300)
        default: Array(FuzzInput.ours[0].utf8)
        }
    }

    private static func replaceField(at place: Int, of bytes: inout [UInt8], with value: [UInt8]) {
        let isEdge = { (byte: UInt8) in byte == 44 || byte == 10 || byte == 13 }
        let start = bytes[..<place].lastIndex(where: isEdge).map { $0 + 1 } ?? 0
        let end = bytes[place...].firstIndex(where: isEdge) ?? bytes.count
        bytes.replaceSubrange(start..<max(start, end), with: value)
    }
}
