import Market
import Storage

/// A file of a recording, open at its end: it knows what it holds already.
struct RecordedFile {
    private let path: String
    private let file: OpenFile
    private let disk: any FileStore
    private var size: Int
    private var known: [Security: Known] = [:]

    /// What is known of one code: the time of its last row, and its rows of that time.
    private struct Known {
        var time = Instant(nanoseconds: .min)
        var rows: Set<String> = []
        var facts: Day?
    }

    /// Opens a file or makes it. One that is not of this kind is refused; a line that was cut short is taken away.
    init(_ path: String, _ header: String, in disk: any FileStore, hours: MarketHours) throws {
        self.path = path
        self.disk = disk
        let file = try disk.open(path, .appendOrCreateForAll)
        self.file = file
        size = 0
        do {
            try readBack(Array(header.utf8), hours)
        } catch {
            disk.close(file)
            throw error
        }
    }

    func close() { disk.close(file) }

    /// True if a row is not there yet, which it is from now on.
    mutating func isNew(_ row: String, of security: Security, at time: Instant) -> Bool {
        var last = known[security] ?? Known()
        guard time >= last.time else { return false }
        if time > last.time {
            last.time = time
            last.rows = []
        }
        let isNew = last.rows.insert(row).inserted
        known[security] = last
        return isNew
    }

    /// True if a day's facts are not there yet.
    mutating func isNew(_ facts: DayFacts, of security: Security) -> Bool {
        if let last = known[security]?.facts, facts.day <= last { return false }
        known[security, default: Known()].facts = facts.day
        return true
    }

    /// Adds whole lines. When the disk takes only a part of them, none is left there.
    mutating func append(_ text: String) throws(DiskError) {
        let bytes = Array(text.utf8)
        do {
            try disk.appendWhole(bytes, to: file)
        } catch {
            try? disk.truncate(file, to: size)
            throw error
        }
        size += bytes.count
    }

    private mutating func readBack(_ header: [UInt8], _ hours: MarketHours) throws {
        let total = try disk.size(of: file)
        if total == 0 {
            try append(String(decoding: header, as: UTF8.self) + "\n")
            return
        }
        guard try disk.read(file, at: 0, count: header.count + 1) == header + [UInt8(ascii: "\n")] else {
            throw CSVError(path, "this is not a file of such a recording: record into another folder")
        }
        let reader = CSVRowReader(file: path, hours: hours)
        try reader.readHeader(header.indices, of: header)
        size = header.count + 1
        var line = 1
        while size < total {
            let bytes = try disk.read(file, at: size, count: min(1 << 20, total - size))
            var problem: CSVError?
            let taken = forEachLine(in: bytes) { range in
                line += 1
                do throws(CSVError) {
                    take(try reader.row(range, of: bytes, line: line), bytes[range])
                } catch {
                    problem = error
                }
                return problem == nil
            }
            if let problem { throw problem }
            if taken == 0 { break }
            size += taken
        }
        if size < total { try disk.truncate(file, to: size) }
    }

    private mutating func take(_ row: CSVRow?, _ bytes: ArraySlice<UInt8>) {
        guard let row, let security = row.code else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        switch row.content {
        case .bar(let bar): _ = isNew(text, of: security, at: bar.end)
        case .tick(let tick): _ = isNew(text, of: security, at: tick.time)
        case .day: if let facts = row.facts { _ = isNew(facts, of: security) }
        }
    }
}
