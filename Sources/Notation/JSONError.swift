/// Why a text is not JSON, and where in it.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, counted from 1.
    public let line: Int
    /// The character in that line, counted from 1.
    public let column: Int
    /// What is wrong there, as a sentence without its full stop.
    public let sentence: String

    /// `line 3, column 7: the string has no closing quote`.
    public var description: String { "line \(line), column \(column): \(sentence)" }

    init(_ sentence: String, at offset: Int, in bytes: [UInt8]) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.line = line
        self.column = column
        self.sentence = sentence
    }
}
