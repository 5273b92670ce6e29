import Gates
import Market
import Storage

/// Reads one of the files that clients append to, as a terminal does: whole lines only, unless it is told to be eager.
struct OrderInbox {
    /// A row as it stands in the file.
    struct Row {
        let source: TerminalLedger.Row
        private let values: [Field: [UInt8]]

        init(_ source: TerminalLedger.Row, _ values: [Field: [UInt8]]) {
            self.source = source
            self.values = values
        }

        func bytes(_ field: Field) -> [UInt8] { values[field] ?? [] }
        func text(_ field: Field) -> String { String(decoding: bytes(field), as: UTF8.self) }
        func number(_ field: Field) -> DecimalNumber? { DecimalNumber(bytes(field)[...]) }
    }

    private let layout: FileLayout
    private let name: String
    private var reader: TailReader
    /// By the last header that was seen; nil before the first.
    private var columns: ColumnMap?

    init(_ layout: FileLayout, in folder: String, on day: Day) {
        self.layout = layout
        name = layout.name(on: day)
        reader = TailReader("\(folder)/\(name)")
    }

    /// The rows that are new, or all of them if the file is another one than before.
    mutating func rows(from store: any FileStore) throws(DiskError) -> [Row] {
        var rows: [Row] = []
        var (reader, columns) = (reader, columns)
        _ = try reader.read(from: store) { bytes, offset in
            if offset == 0 { columns = nil }
            var line = CSVLine()
            line.look(at: bytes)
            return forEachLine(in: bytes, from: begin(of: bytes, at: offset)) { range in
                line.split(range)
                // A line whose id begins like a number is a row, even if a header was run into its end.
                let isRow = columns?[.id].flatMap { line[$0].first }.map { (0x30...0x39).contains($0) } ?? false
                if layout.hasHeader, !isRow, let header = ColumnMap(header: line, layout) {
                    columns = header
                } else if !line.isEmpty {
                    rows.append(row(line, columns, range, at: offset + range.lowerBound, isTorn: false))
                }
                return true
            }
        }
        (self.reader, self.columns) = (reader, columns)
        return rows
    }

    /// The line at the file's end whose own end is not there yet.
    func tornRow(from store: any FileStore) throws(DiskError) -> Row? {
        guard let seen = reader.seen, seen.size > reader.offset else { return nil }
        let file = try store.open(reader.path, .read)
        defer { store.close(file) }
        let bytes = try store.read(file, at: reader.offset, count: min(seen.size - reader.offset, 4096))
        if bytes.isEmpty || bytes.contains(UInt8(ascii: "\n")) { return nil }
        var line = CSVLine()
        line.look(at: bytes)
        let range = begin(of: bytes, at: reader.offset)..<bytes.count
        line.split(range)
        return row(line, columns, range, at: reader.offset + range.lowerBound, isTorn: true)
    }

    /// The file's first line begins behind a mark of its encoding.
    private func begin(of bytes: [UInt8], at offset: Int) -> Int {
        offset == 0 && bytes.starts(with: TextEncoding.mark) ? TextEncoding.mark.count : 0
    }

    /// Reads everything again next time.
    mutating func forget() { reader.forget() }

    private func row(
        _ line: CSVLine, _ columns: ColumnMap?, _ range: Range<Int>, at offset: Int, isTorn: Bool
    ) -> Row {
        let columns = columns ?? ColumnMap(standard: layout)
        var values: [Field: [UInt8]] = [:]
        for case let field? in layout.columns.map(\.field) {
            values[field] = columns[field].map { Array(line.content($0)) }
        }
        let text = String(decoding: line.bytes[range], as: UTF8.self)
        return Row(TerminalLedger.Row(file: name, offset: offset, text: text, isTorn: isTorn), values)
    }
}
