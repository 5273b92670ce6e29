import Simulation

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

    /// A file that nobody could read.
    static func rubbish(_ random: inout SeededRandom) -> [UInt8] {
        var bytes = Array("updTime,custBatchNo,status\n1,3141500007,2\n".utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) { apply(to: &bytes, &random) }
        return bytes
    }

    /// A number as somebody might write it, or something that is nearly one.
    static func number(_ random: inout SeededRandom) -> [UInt8] {
        if random.oneIn(3) {
            var text = random.oneIn(4) ? "-" : ""
            for _ in 0..<Int.random(in: 1...24, using: &random) { text += "\(Int.random(in: 0...9, using: &random))" }
            if random.oneIn(2) {
                text += "."
                for _ in 0..<Int.random(in: 0...24, using: &random) {
                    text += "\(Int.random(in: 0...9, using: &random))"
                }
            }
            if random.oneIn(3) { text += "e\(Int.random(in: -30...30, using: &random))" }
            return Array(text.utf8)
        }
        return Array(numbers[Int.random(in: 0..<numbers.count, using: &random)].utf8)
    }

    private static let numbers = [
        "", "0", "-0", "-1", "+1", "1.", ".1", ".", "-", "+", "e1", "1e", "1e+", "1e-400", "1e400", "1e999999999999",
        "0e99999",
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
        default: Array("3141500007".utf8)
        }
    }

    private static func replaceField(at place: Int, of bytes: inout [UInt8], with value: [UInt8]) {
        let isEdge = { (byte: UInt8) in byte == 44 || byte == 10 || byte == 13 }
        let start = bytes[..<place].lastIndex(where: isEdge).map { $0 + 1 } ?? 0
        let end = bytes[place...].firstIndex(where: isEdge) ?? bytes.count
        bytes.replaceSubrange(start..<max(start, end), with: value)
    }
}
