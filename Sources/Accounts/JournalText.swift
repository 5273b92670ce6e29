import Gates
import Market

// An entry is one line of text, its fields apart by tabs: `sent	1234000001	`.

/// Writes the fields of a line.
struct FieldWriter {
    var bytes: [UInt8] = []

    /// The first field.
    mutating func word(_ word: StaticString) {
        bytes += UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    }

    mutating func text(_ text: String) {
        bytes.append(UInt8(ascii: "\t"))
        var text = text
        text.withUTF8 { utf8 in
            guard utf8.contains(where: { $0 == 0x09 || $0 == 0x0A || $0 == 0x5C }) else {
                bytes += utf8
                return
            }
            for byte in utf8 {
                switch byte {
                case 0x09: bytes += [0x5C, UInt8(ascii: "t")]
                case 0x0A: bytes += [0x5C, UInt8(ascii: "n")]
                case 0x5C: bytes += [0x5C, 0x5C]
                default: bytes.append(byte)
                }
            }
        }
    }

    mutating func number(_ value: Int64?) {
        bytes.append(UInt8(ascii: "\t"))
        guard let value else { return }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = value.magnitude
            var first = digits.count
            repeat {
                first -= 1
                digits[first] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
                rest /= 10
            } while rest > 0
            bytes += UnsafeBufferPointer(rebasing: UnsafeBufferPointer(digits)[first...])
        }
    }
}

/// Reads the fields of a line in order; what is not there or of another kind is a problem, noted once.
struct FieldReader {
    private let fields: [ArraySlice<UInt8>]
    private var at = 0
    private(set) var isSound = true

    init(_ bytes: [UInt8]) { fields = bytes.split(separator: 0x09, omittingEmptySubsequences: false) }

    /// True if all fields were read and each was of its kind.
    var isWhole: Bool { isSound && at == fields.count }

    mutating func text() -> String {
        guard let field = next() else { return "" }
        guard field.contains(0x5C) else { return String(decoding: field, as: UTF8.self) }
        var plain: [UInt8] = []
        var escaped = false
        for byte in field {
            if escaped {
                plain.append(byte == UInt8(ascii: "t") ? 0x09 : byte == UInt8(ascii: "n") ? 0x0A : byte)
                escaped = false
            } else if byte == 0x5C {
                escaped = true
            } else {
                plain.append(byte)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    mutating func number() -> Int64? {
        guard let field = next(), !field.isEmpty else { return nil }
        let value = Int64(String(decoding: field, as: UTF8.self))
        if value == nil { spoil() }
        return value
    }

    mutating func needed() -> Int64 {
        let value = number()
        if value == nil { spoil() }
        return value ?? 0
    }

    /// What was read last is not what it should be.
    mutating func spoil() { isSound = false }

    mutating func word<Word: RawRepresentable<String>>(or standard: Word) -> Word {
        let word = Word(rawValue: text())
        if word == nil { spoil() }
        return word ?? standard
    }

    private mutating func next() -> ArraySlice<UInt8>? {
        guard at < fields.count else {
            spoil()
            return nil
        }
        at += 1
        return fields[at - 1]
    }
}
