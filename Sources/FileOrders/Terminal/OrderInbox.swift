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
        func number(_ field: Field) -> DecimalNumber? { DecimalNumber(bytes(field)) }
    }

    private let layout: FileLayout
    private let name: String
    private var reader: TailReader
    /// Where each field stands, by the last header that was seen.
    private var places: [Field: Int] = [:]

    init(_ layout: FileLayout, in folder: String, on day: Day) {
        self.layout = layout
        name = layout.name(on: day)
        reader = TailReader("\(folder)/\(name)")
        places = standardPlaces
    }

    /// The rows that are new, or all of them if the file is another one than before.
    mutating func rows(from store: any FileStore) throws(DiskError) -> [Row] {
        var rows: [Row] = []
        var (reader, places) = (reader, places)
        _ = try reader.read(from: store) { bytes, offset in
            if offset == 0 { places = standardPlaces }
            var line = CSVLine()
            line.look(at: bytes)
            return forEachLine(in: bytes) { range in
                line.split(range)
                if let header = header(line) {
                    places = header
                } else if !line.isEmpty {
                    rows.append(row(line, places, range, at: offset + range.lowerBound, isTorn: false))
                }
                return true
            }
        }
        (self.reader, self.places) = (reader, places)
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
        line.split(0..<bytes.count)
        return row(line, places, 0..<bytes.count, at: reader.offset, isTorn: true)
    }

    /// Reads everything again next time.
    mutating func forget() { reader.forget() }

    private var standardPlaces: [Field: Int] { places(of: layout.columns.map(\.name)) }

    private func places(of names: [String]) -> [Field: Int] {
        var places: [Field: Int] = [:]
        for column in layout.columns {
            if let field = column.field, let place = names.firstIndex(of: column.name) { places[field] = place }
        }
        return places
    }

    /// Where the fields stand, if the line is a header.
    private func header(_ line: CSVLine) -> [Field: Int]? {
        guard layout.hasHeader else { return nil }
        let names = line.fields.indices.map { index in
            var bytes = line.content(index)
            if bytes.starts(with: TextEncoding.mark) { bytes.removeFirst(TextEncoding.mark.count) }
            return String(decoding: bytes, as: UTF8.self)
        }
        let found = places(of: names)
        return layout.required.allSatisfy { found[$0] != nil } ? found : nil
    }

    private func row(
        _ line: CSVLine, _ places: [Field: Int], _ range: Range<Int>, at offset: Int, isTorn: Bool
    ) -> Row {
        let text = String(decoding: line.bytes[range], as: UTF8.self)
        return Row(
            TerminalLedger.Row(file: name, offset: offset, text: text, isTorn: isTorn),
            places.mapValues { line.content($0) })
    }
}
