/// Makes lines of the bytes that come out of a pipe, in whatever pieces they come.
///
/// A line longer than `longest` bytes goes on in the next; bytes that are not UTF-8 become `�`.
public struct LineSplitter {
    private let longest: Int
    private var rest: [UInt8] = []

    /// A splitter whose lines have at most so many bytes.
    public init(longest: Int = 16 << 10) { self.longest = max(longest, 4) }

    /// The lines that these bytes bring to their end.
    public mutating func lines(from bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
                lines.append(take(rest.count))
            } else {
                if rest.count == longest { lines.append(take(wholeCharacters)) }
                rest.append(byte)
            }
        }
        return lines
    }

    /// The last line, if it had no end; nil if there is none.
    public mutating func finish() -> String? { rest.isEmpty ? nil : take(rest.count) }

    private mutating func take(_ count: Int) -> String {
        let line = String(decoding: rest[..<count], as: UTF8.self)
        rest.removeFirst(count)
        return line
    }

    /// How many bytes of a full `rest` may go so that no character is cut in two.
    private var wholeCharacters: Int {
        for back in 1...3 {
            let byte = rest[rest.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            return length > back ? rest.count - back : rest.count
        }
        return rest.count
    }
}
