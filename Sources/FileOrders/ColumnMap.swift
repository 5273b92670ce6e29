import Market
import Storage

/// Where the fields of a file stand in its lines.
struct ColumnMap {
    /// The number of columns.
    let count: Int
    private let places: [Int]
    private let messagePlace: Int

    /// The columns in the order in which the format writes them.
    init(standard layout: FileLayout) { self.init(layout.columns.map(\.field)) }

    /// The columns that a header names, in any order, unknown ones between them; nil if this is no header of the file:
    /// one that it cannot do without is missing.
    ///
    /// A header that was run into a line without its end names columns that no row has: it counts without them.
    init?(header line: CSVLine, _ layout: FileLayout) {
        if line.fields.count >= layout.columns.count, Self.ends(line, with: layout) {
            self.init(standard: layout)
            return
        }
        self.init(Self.fields(of: line, layout))
        for field in layout.required where self[field] == nil { return nil }
    }

    /// What the names in a header stand for; nil for a name that is not known.
    static func fields(of header: CSVLine, _ layout: FileLayout) -> [Field?] {
        header.fields.indices.map { index in
            let name = header.content(index).drop { TextEncoding.mark.contains($0) }
            return layout.columns.first { $0.name.utf8.elementsEqual(name) }?.field
        }
    }

    /// True if the last columns are those of the format in its order behind the beginning of another line: glued to the
    /// first of them, or a row's first field, or columns of the format a second time. Any other column in front is one
    /// that rows have too.
    private static func ends(_ header: CSVLine, with layout: FileLayout) -> Bool {
        let first = header.fields.count - layout.columns.count
        let names = layout.columns.map(\.name.utf8)
        guard names.indices.dropFirst().allSatisfy({ header.content(first + $0).elementsEqual(names[$0]) }) else {
            return false
        }
        let name = header.content(first)
        guard name.reversed().starts(with: names[0].reversed()) else { return false }
        if name.count > names[0].count { return true }
        guard first > 0 else { return false }
        let beginsLikeARow = header.content(0).first.map { (0x30...0x39).contains($0) } ?? true
        return beginsLikeARow
            || (0..<first).contains { place in names.contains { header.content(place).elementsEqual($0) } }
    }

    private init(_ fields: [Field?]) {
        var places = [Int](repeating: -1, count: Field.allCases.count)
        for (index, field) in fields.enumerated() {
            if let field, places[field.rawValue] < 0 { places[field.rawValue] = index }
        }
        count = fields.count
        self.places = places
        messagePlace = places[Field.message.rawValue]
    }

    /// The place of a field in a line of as many fields as there are columns.
    subscript(field: Field) -> Int? { places[field.rawValue] >= 0 ? places[field.rawValue] : nil }

    /// The place of a field in a line that has more fields, for the message holds commas and nobody quoted it.
    func place(_ field: Field, surplus: Int) -> Int? {
        guard let place = self[field] else { return nil }
        return messagePlace >= 0 && place > messagePlace ? place + surplus : place
    }
}

/// One line of a terminal's file while it is looked at.
struct Row {
    let line: CSVLine
    let columns: ColumnMap
    let text: TextReader
    /// Fields that the line has beyond its columns.
    let surplus: Int

    /// The line as a row of these columns; nil if it has too few fields or far too many: it is torn, or two in one.
    init?(_ line: CSVLine, _ columns: ColumnMap, _ text: TextReader) {
        var count = line.fields.count
        if count == columns.count + 1, line[count - 1].isEmpty { count -= 1 }
        surplus = max(count - columns.count, 0)
        self.line = line
        self.columns = columns
        self.text = text
        if count == columns.count { return }
        guard let message = columns[.message] else { return nil }
        // A line break within the quoted message cuts the row there; all that matters stands before it.
        if count < columns.count { if line.isOpen, count > message { return } else { return nil } }
        if surplus > Self.mostCommas { return nil }
    }

    private static let mostCommas = 8

    /// The whole line, without the spaces and quotes at its ends.
    var bytes: ArraySlice<UInt8> {
        guard let first = line.fields.first, let last = line.fields.last else { return [] }
        return line.bytes[first.lowerBound..<last.upperBound]
    }

    /// A field's bytes.
    subscript(field: Field) -> ArraySlice<UInt8> {
        guard let place = columns.place(field, surplus: surplus) else { return [] }
        return line[place]
    }

    /// A field's text.
    func string(_ field: Field) -> String {
        guard let place = columns.place(field, surplus: surplus) else { return "" }
        guard field == .message, surplus > 0 else { return text.text(line, place) }
        return text.text(line.bytes[line.fields[place].lowerBound..<line.fields[place + surplus].upperBound])
    }

    /// The digits that are all that a field holds.
    func digits(_ field: Field) -> UInt64? {
        columns.place(field, surplus: surplus).flatMap { line.withField($0, digitsOnly) }
    }

    /// The one byte that a field holds; nil if there are others, or none.
    func byte(_ field: Field) -> UInt8? {
        columns.place(field, surplus: surplus).flatMap { line.withField($0) { $0.count == 1 ? $0[0] : nil } }
    }

    /// The digits among what else a field holds as a number, and how many there are.
    func digitsWithin(_ field: Field) -> (value: UInt64, count: Int) {
        guard let place = columns.place(field, surplus: surplus) else { return (0, 0) }
        return line.withField(place) { bytes in
            var digits: (value: UInt64, count: Int) = (0, 0)
            for byte in bytes where (0x30...0x39).contains(byte) {
                digits.value = digits.value &* 10 &+ UInt64(byte - 0x30)
                digits.count += 1
            }
            return digits
        }
    }

    /// A whole number; nil if the field is empty.
    func whole(_ field: Field) throws(RowProblem) -> Int64? {
        if let digits = digits(field) { return Int64(digits) }
        return try number(field, "a whole number that is not negative") { number in
            number.whole.flatMap { $0 >= 0 ? $0 : nil }
        }
    }

    /// An amount of money, rounded if its writer did not; nil if the field is empty.
    func money(_ field: Field) throws(RowProblem) -> Money? {
        try number(field, "an amount of money") { number in
            number.nearestMoney.flatMap { $0.units.magnitude <= Self.mostMoney ? $0 : nil }
        }
    }

    /// Ten trillion yuan: what is more is nobody's, and sums of it might not be held.
    private static let mostMoney: UInt64 = 100_000_000_000_000_000

    /// A field that must not be empty.
    func needed<Value>(_ field: Field, _ value: Value?) throws(RowProblem) -> Value {
        guard let value else { throw RowProblem("\(field) is empty") }
        return value
    }

    private func number<Value>(
        _ field: Field, _ kind: String, _ value: (DecimalNumber) -> Value?
    ) throws(RowProblem) -> Value? {
        guard let place = columns.place(field, surplus: surplus) else { return nil }
        let (isEmpty, number) = line.withField(place) { ($0.isEmpty, DecimalNumber($0)) }
        if isEmpty { return nil }
        if let value = number.flatMap(value) { return value }
        throw RowProblem("\(field) is \"\(string(field))\", not \(kind)")
    }
}

/// Why a row cannot be read.
struct RowProblem: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
