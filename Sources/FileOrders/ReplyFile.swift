import Market
import Storage

/// A file of the terminal that only grows, read row by row: each of our rows once, those of others skipped.
///
/// A row that cannot be read is kept with its offset and bytes, said once, and tried again whenever the file has changed:
/// it may have been half written, or its header may come later.
final class ReplyFile {
    let layout: FileLayout
    let name: String
    let path: String
    /// What could not be read so far, by offset.
    private(set) var unread: [Int: Unread] = [:]

    private var tail: TailReader
    private var columns: ColumnMap?
    private var text: TextReader
    private let encoding: TextEncoding?
    /// Whether the bytes that are being read are ASCII alone.
    private var isPlain = false
    private var hasLookedThrough = false
    private var hasMoreUnread = false

    /// A row that could not be read.
    struct Unread {
        let bytes: [UInt8]
        let reason: String
        /// The columns of the header before it; nil if there was none yet.
        let columns: ColumnMap?
    }

    /// What the rows are for.
    struct Taker {
        /// Whose row it is.
        let recognize: (UnsafeBufferPointer<UInt8>) -> OwnOrders.Recognition
        /// Takes a row of ours, or says why it cannot be read.
        let take: (Row, UInt64, _ offset: Int) throws(RowProblem) -> Void
        /// Says once what is wrong with a row.
        let complain: (_ offset: Int, Unread) -> Void
        /// Works on the lines of a piece that has been read, and answers what the work does.
        let work: (() -> Int) -> Int
    }

    /// More rows than this are counted, not kept.
    private static let mostUnread = 1000

    init(_ layout: FileLayout, folder: String, day: Day, encoding: TextEncoding?) {
        self.layout = layout
        self.encoding = encoding
        name = layout.name(on: day)
        path = "\(folder)/\(name)"
        tail = TailReader(path)
        text = TextReader(encoding)
    }

    /// True if there are rows that could not be read.
    var hasUnread: Bool { !unread.isEmpty || hasMoreUnread }

    /// From the start, next time.
    func forget() { tail.forget() }

    /// Reads what is new.
    func read(_ disk: any FileStore, _ taker: Taker) throws(DiskError) -> TailReader.News {
        let before = tail.seen
        let news = try tail.read(from: disk) { bytes, offset in
            taker.work {
                let start = offset == 0 ? begin(bytes) : 0
                // Here and not with the file, where each look at a field would hold it anew.
                var line = look(at: bytes)
                return forEachLine(in: bytes, from: start) { range in
                    take(range, at: offset + range.lowerBound, &line, taker)
                    return true
                }
            }
        }
        if tail.isAtStart { (unread, hasMoreUnread) = ([:], false) }
        if tail.seen != before, !unread.isEmpty { try retry(disk, taker) }
        return news
    }

    private func look(at bytes: [UInt8]) -> CSVLine {
        var line = CSVLine()
        line.look(at: bytes)
        isPlain = isASCII(bytes[...])
        hasLookedThrough = false
        return line
    }

    /// The file begins, or begins anew; answers where its first line does.
    private func begin(_ bytes: [UInt8]) -> Int {
        columns = layout.hasHeader ? nil : ColumnMap(standard: layout)
        text = TextReader(encoding)
        text.look(at: bytes)
        unread = [:]
        hasMoreUnread = false
        return bytes.starts(with: TextEncoding.mark) ? TextEncoding.mark.count : 0
    }

    private func take(_ range: Range<Int>, at offset: Int, _ line: inout CSVLine, _ taker: Taker) {
        if range.isEmpty { return }
        line.split(range)
        if line.isEmpty { return }
        do throws(RowProblem) {
            try takeRow(line, at: offset, taker)
            if !unread.isEmpty { unread[offset] = nil }
        } catch {
            let row = Unread(bytes: Array(line.bytes[range]), reason: error.reason, columns: columns)
            if unread[offset]?.bytes != row.bytes {
                if unread.count < Self.mostUnread { unread[offset] = row } else { hasMoreUnread = true }
                taker.complain(offset, row)
            }
        }
    }

    private func takeRow(_ line: CSVLine, at offset: Int, _ taker: Taker) throws(RowProblem) {
        guard let columns, let place = columns[.id] else {
            if let header = ColumnMap(header: line, layout) {
                self.columns = header
                return
            }
            throw RowProblem("there is no header before it that names \(missingColumns)")
        }
        let recognition = line.withField(place, taker.recognize)
        if case .ours(let number) = recognition {
            // The first text that is not ASCII is read as all of the lines around it are.
            if !isPlain, !text.isDecided, !hasLookedThrough, let last = line.fields.last,
                !isASCII(line.bytes[line.fields[0].lowerBound..<last.upperBound])
            {
                text.lookThrough(line.bytes[..<((line.bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)])
                hasLookedThrough = true
            }
            guard let row = Row(line, columns, text) else {
                throw RowProblem("it has \(line.fields.count) fields, not \(columns.count)")
            }
            // Commas in the message move the columns behind it, or it is two rows in one.
            guard row.digits(.id) == number else {
                throw RowProblem("it has \(line.fields.count) fields, not \(columns.count), and its id is in doubt")
            }
            return try taker.take(row, number, offset)
        }
        // A terminal that was started again writes its header again, perhaps another one.
        if line[place].first.map({ $0 < 0x30 || $0 > 0x39 }) ?? true, let header = ColumnMap(header: line, layout) {
            self.columns = header
            return
        }
        if case .mangled = recognition {
            throw RowProblem(
                "THE TERMINAL HAS CHANGED THE ID OF AN ORDER OF OURS: \(shown(line[place])) is the beginning or a rounding "
                    + "of it, and what it says can be assigned to no order")
        }
        guard line.fields.count != columns.count else { return }
        for field in line.fields.indices {
            if case .ours = line.withField(field, taker.recognize) {
                throw RowProblem(
                    "it has \(line.fields.count) fields, not \(columns.count), and an id of ours among them")
            }
        }
    }

    private var missingColumns: String {
        layout.required.compactMap { layout.column(of: $0) }.joined(separator: ", ")
    }

    /// Looks again at what could not be read, now that the file has changed.
    private func retry(_ disk: any FileStore, _ taker: Taker) throws(DiskError) {
        let file = try disk.open(path, .read)
        defer { disk.close(file) }
        // A header that came later is not that of a row which had one.
        let last = columns
        defer { columns = last }
        for (offset, row) in unread.sorted(by: { $0.key < $1.key }) {
            var bytes = try disk.read(file, at: offset, count: row.bytes.count + 1)
            if bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r") {
                bytes.removeLast()
            } else {
                bytes = row.bytes
            }
            unread[offset] = nil
            var line = look(at: bytes)
            line.split(bytes.indices)
            columns = row.columns ?? last
            do throws(RowProblem) {
                try takeRow(line, at: offset, taker)
            } catch {
                unread[offset] = Unread(bytes: bytes, reason: error.reason, columns: row.columns)
            }
        }
    }
}
