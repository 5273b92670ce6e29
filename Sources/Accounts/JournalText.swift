import Gates
import Market

// An entry is one line of text, its fields apart by tabs: `sent	1234000001	`.

/// Writes the fields of a line: into a little room of its own, and from there to where the line is to stand.
struct FieldWriter {
    /// What was written before, and the line as far as it has left the room.
    var bytes: [UInt8] = []
    private let room: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    /// A line that is written through this room, which outlives the writer.
    init(through room: UnsafeMutableBufferPointer<UInt8>) { self.room = room }

    /// Empties the room: the line is whole.
    mutating func finish() {
        bytes += UnsafeBufferPointer(rebasing: room[..<count])
        count = 0
    }

    /// The first field.
    mutating func word(_ word: StaticString) {
        plain(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    mutating func text(_ text: String) {
        byte(0x09)
        if text.utf8.withContiguousStorageIfAvailable({ self.text($0) }) == nil {
            var text = text
            text.withUTF8 { self.text($0) }
        }
    }

    private mutating func text(_ utf8: UnsafeBufferPointer<UInt8>) {
        // Looked through to the end in any case, so that many bytes are looked at in one go.
        var special = false
        for byte in utf8 where byte == 0x09 || byte == 0x0A || byte == 0x5C { special = true }
        if !special { return plain(utf8) }
        for byte in utf8 {
            switch byte {
            case 0x09: escaped(UInt8(ascii: "t"))
            case 0x0A: escaped(UInt8(ascii: "n"))
            case 0x5C: escaped(0x5C)
            default: self.byte(byte)
            }
        }
    }

    /// A text and, behind a colon, how far into it.
    mutating func text(_ text: String, offset: Int?) {
        self.text(text)
        guard let offset else { return }
        byte(UInt8(ascii: ":"))
        digits(Int64(offset))
    }

    mutating func number(_ value: Int64?) {
        byte(0x09)
        if let value { digits(value) }
    }

    private mutating func digits(_ value: Int64) {
        if value < 0 { byte(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits = Self.digits(of: rest)
        if room.count - count < digits { finish() }
        count += digits
        var place = count
        // Two at a time: each division waits for the one before it.
        while digits > 1 {
            let pair = UInt32(truncatingIfNeeded: rest % 100)
            rest /= 100
            room[place - 1] = UInt8(truncatingIfNeeded: 0x30 + pair % 10)
            room[place - 2] = UInt8(truncatingIfNeeded: 0x30 + pair / 10)
            (place, digits) = (place - 2, digits - 2)
        }
        if digits == 1 { room[place - 1] = UInt8(truncatingIfNeeded: 0x30 + rest) }
    }

    /// How many digits a number has: that many bits have so many at least, and a power of ten says whether one more.
    private static func digits(of number: UInt64) -> Int {
        let fewest = max(((64 - number.leadingZeroBitCount) * 1233) >> 12, 1)
        return fewest < powers.count && number >= powers[fewest] ? fewest + 1 : fewest
    }

    private static let powers = (0..<20).map { (0..<$0).reduce(UInt64(1)) { power, _ in power * 10 } }

    private mutating func escaped(_ byte: UInt8) {
        self.byte(0x5C)
        self.byte(byte)
    }

    @inline(__always) private mutating func byte(_ byte: UInt8) {
        if count == room.count { finish() }
        room[count] = byte
        count += 1
    }

    private mutating func plain(_ text: UnsafeBufferPointer<UInt8>) {
        if room.count - count < text.count { finish() }
        if room.count < text.count { return bytes += text }
        count = room[count...].update(fromContentsOf: text)
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
