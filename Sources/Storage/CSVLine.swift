/// The fields of one line of a CSV file at a time, as ranges of its bytes: nothing is copied, and the table of ranges is
/// used again for the next line.
///
/// A line ends a row, also within quotes: a quote that somebody forgot cannot swallow the rows behind it.
public struct CSVLine: Sendable {
    /// What the lines are cut from.
    public private(set) var bytes: [UInt8] = []
    /// The fields, without the spaces and quotes around them.
    public private(set) var fields: [Range<Int>] = []
    /// True if the line ends within quotes.
    public private(set) var isOpen = false
    /// True if every field is empty.
    public private(set) var isEmpty = true

    /// No line yet.
    public init() { fields.reserveCapacity(32) }

    /// Takes the bytes that the next lines are cut from.
    public mutating func look(at bytes: [UInt8]) {
        self.bytes = bytes
        fields.removeAll(keepingCapacity: true)
        isEmpty = true
    }

    /// Cuts a line, given without its end, into its fields.
    public mutating func split(_ line: Range<Int>) {
        fields.removeAll(keepingCapacity: true)
        (isOpen, isEmpty) = (false, true)
        bytes.withUnsafeBufferPointer { bytes in
            var position = line.lowerBound
            repeat {
                let field = Self.field(in: bytes, from: position, to: line.upperBound)
                fields.append(field.content)
                if !field.content.isEmpty { isEmpty = false }
                if field.isOpen { isOpen = true }
                position = field.end + 1
            } while position <= line.upperBound
        }
    }

    /// The bytes of a field as they stand, doubled quotes still doubled; empty if the line has fewer fields.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        fields.indices.contains(index) ? bytes[fields[index]] : []
    }

    /// Calls with the bytes of a field as they stand, where they lie: for what is done with every row of a long file.
    @inlinable public func withField<Result>(
        _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            body(UnsafeBufferPointer(rebasing: fields.indices.contains(index) ? bytes[fields[index]] : bytes[..<0]))
        }
    }

    /// The bytes of a field as they are meant.
    public func content(_ index: Int) -> ArraySlice<UInt8> {
        let raw = self[index]
        guard raw.contains(CSVByte.quote) else { return raw }
        var content: [UInt8] = []
        var wasQuote = false
        for byte in raw {
            if byte == CSVByte.quote, wasQuote {
                wasQuote = false
                continue
            }
            wasQuote = byte == CSVByte.quote
            content.append(byte)
        }
        return content[...]
    }

    /// A field that begins at a position: what is in it, and where the comma or the line's end behind it stands.
    private static func field(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
    ) -> (content: Range<Int>, end: Int, isOpen: Bool) {
        var first = start
        while first < end, bytes[first] == CSVByte.space || bytes[first] == CSVByte.tab { first += 1 }
        if first < end, bytes[first] == CSVByte.quote { return quoted(in: bytes, from: first + 1, to: end) }
        var comma = first
        while comma < end, bytes[comma] != CSVByte.comma { comma += 1 }
        var last = comma
        while last > first, bytes[last - 1] == CSVByte.space || bytes[last - 1] == CSVByte.tab { last -= 1 }
        return (first..<last, comma, false)
    }

    private static func quoted(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
    ) -> (content: Range<Int>, end: Int, isOpen: Bool) {
        var closing = start
        while closing < end {
            if bytes[closing] == CSVByte.quote {
                if closing + 1 < end, bytes[closing + 1] == CSVByte.quote { closing += 1 } else { break }
            }
            closing += 1
        }
        guard closing < end else { return (start..<end, end, true) }
        var comma = closing + 1
        while comma < end, bytes[comma] != CSVByte.comma { comma += 1 }
        // Spaces within the quotes mean as little as those around them.
        var first = start
        while first < closing, bytes[first] == CSVByte.space { first += 1 }
        var last = closing
        while last > first, bytes[last - 1] == CSVByte.space { last -= 1 }
        return (first..<last, comma, false)
    }
}

/// The bytes that mean something in a CSV file. None of them is ever the second half of a character of GBK.
enum CSVByte {
    static let comma = UInt8(ascii: ",")
    static let quote = UInt8(ascii: "\"")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
}

/// Calls for each line of these bytes with its range, without `\n` or `\r\n`, and returns where the last whole line
/// ends. A line without its end is none yet.
public func forEachLine(in bytes: [UInt8], from start: Int = 0, _ body: (Range<Int>) -> Bool) -> Int {
    var position = start
    while position < bytes.count, let end = newline(in: bytes, from: position) {
        let last = end > position && bytes[end - 1] == CSVByte.carriageReturn ? end - 1 : end
        if !body(position..<last) { return position }
        position = end + 1
    }
    return position
}
