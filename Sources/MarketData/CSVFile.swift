import Market
import Storage

/// One file of bars or ticks, read whole, by large pieces.
struct CSVFile {
    /// What rows are.
    enum Kind: Hashable {
        case ticks
        case bars(BarUnit)
    }

    /// What is in it, by code.
    private(set) var series: [MarketSeries] = []
    let reader: CSVRowReader
    let header: CSVHeader

    /// True if a row has a date without a time: the bars are of days.
    private(set) var hasDates = false
    private var numbers: [Security: Int] = [:]
    /// The code of the row before, and whose code came after whose: rows of many codes mostly go round.
    private var current = 0
    private var followers: [Int] = []
    private var today: (day: Day, start: Instant, end: Instant)?
    private var line = 1

    /// As many bytes are read at a time, and no line is longer.
    private static let chunk = 1 << 20
    /// No row of bars is shorter: a date in eight digits, and five numbers.
    private static let shortestRow = 18

    /// Reads a file, which messages call by `name`.
    init(_ path: String, name: String, in disk: any FileStore, hours: MarketHours) throws {
        let file = try disk.open(path, .read)
        defer { disk.close(file) }
        let size = try disk.size(of: file)
        reader = CSVRowReader(file: name, hours: hours)
        header = try Self.readHeader(file, disk, reader)
        if !header.hasCode {
            series = [MarketSeries(nil, reserving: header.hasBars ? size / Self.shortestRow : 0)]
            followers = [0]
        }
        var scan = CSVFastScan(header, hours: hours)
        var offset = 0
        while offset < size {
            var bytes = try disk.read(file, at: offset, count: min(Self.chunk, size - offset))
            if bytes.isEmpty { break }
            if offset + bytes.count == size, bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
            guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
                throw CSVError(name, line: line, "the line is longer than \(Self.chunk) bytes")
            }
            try read(bytes, to: end + 1, isFirst: offset == 0, &scan)
            offset += end + 1
        }
        for series in series { series.finish() }
    }

    static func readHeader(
        _ file: OpenFile, _ disk: any FileStore, _ reader: CSVRowReader
    ) throws -> CSVHeader {
        let bytes = try disk.read(file, at: 0, count: 1 << 16)
        var end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        if end > 0, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        guard end > 0 else { throw CSVError(reader.file, "the file is empty: its first line must name the columns") }
        try reader.readHeader(0..<end, of: bytes)
        guard let header = reader.header else { throw CSVError(reader.file, "the file has no header") }
        return header
    }

    /// Reads the whole lines of a piece of the file.
    private mutating func read(
        _ bytes: [UInt8], to end: Int, isFirst: Bool, _ scan: inout CSVFastScan?
    ) throws(CSVError) {
        var position = 0
        if isFirst { position = (bytes.firstIndex(of: UInt8(ascii: "\n")) ?? end - 1) + 1 }
        do throws(CSVProblem) {
            while position < end {
                position = try readPlain(bytes, position, end, &scan)
                if position < end { position = try readAny(bytes, position, end) }
            }
        } catch {
            throw CSVError(reader.file, line: line, error.text)
        }
    }

    /// Reads plain rows, and answers where the first begins that is not.
    private mutating func readPlain(
        _ bytes: [UInt8], _ start: Int, _ end: Int, _ scan: inout CSVFastScan?
    ) throws(CSVProblem) -> Int {
        guard scan != nil else { return start }
        return try bytes.withUnsafeBufferPointer { buffer throws(CSVProblem) -> Int in
            guard let base = buffer.baseAddress else { return end }
            let limit = base + end
            var p = base + start
            if header.hasBars, !header.hasCode, !header.hasFacts {
                p = readStretch(p, limit, &scan)
            }
            while p < limit, let next = scan?.row(p, limit, &reader.values) {
                line += 1
                if header.hasCode, let code = scan?.code { try turn(to: code) }
                try take()
                p = next
            }
            return p - base
        }
    }

    /// The commonest rows, those of a file of one code's bars and nothing else, up to one that is in any way unusual.
    private mutating func readStretch(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ scan: inout CSVFastScan?
    ) -> UnsafePointer<UInt8> {
        guard var rows = scan, var stretch = series[0].stretch(of: (end - start) / Self.shortestRow + 1) else {
            return start
        }
        var values = CSVValues()
        var p = start
        while p < end, let next = rows.row(p, end, &values), values.day == nil, !values.isWithoutBar,
            let bar = values.bar, stretch.take(bar)
        {
            p = next
        }
        line += stretch.count
        series[0].end(stretch)
        scan = rows
        return p
    }

    /// Reads one row in any form.
    private mutating func readAny(_ bytes: [UInt8], _ start: Int, _ end: Int) throws(CSVProblem) -> Int {
        line += 1
        let newline = bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
        let isPaired = newline > start && bytes[newline - 1] == UInt8(ascii: "\r")
        if try reader.read(start..<(isPaired ? newline - 1 : newline), of: bytes) {
            if let code = try reader.code(header) { turn(to: code) }
            try take()
        }
        return newline + 1
    }

    /// Files the row that was read last.
    @inline(__always) private mutating func take() throws(CSVProblem) {
        let series = series[current]
        if header.hasFacts { takeFacts(series) }
        if header.hasBars, !reader.values.isWithoutBar, let bar = reader.values.bar {
            if reader.values.day != nil { hasDates = true }
            return try series.append(bar)
        }
        switch try reader.content(header) {
        case .bar(let bar): try series.append(bar)
        case .tick(let tick): try series.append(tick)
        case .day: break
        }
    }

    private mutating func takeFacts(_ series: MarketSeries) {
        let time = reader.values.time
        if let today, reader.values.day == nil, today.start <= time, time < today.end {
            if series.lacksFacts(of: today.day), let facts = reader.values.facts(today.day) { series.append(facts) }
            return
        }
        let day = reader.tradingDay
        // Where there is a night session, a trading day is not from midnight to midnight: each row is asked.
        if reader.hours.periods.night == nil {
            let zone = reader.hours.zone
            let midnight = TimeOfDay(seconds: 0)
            today = (day, zone.instant(day, midnight), zone.instant(day + 1, midnight))
        }
        if series.lacksFacts(of: day), let facts = reader.values.facts(day) { series.append(facts) }
    }

    /// Goes to the series of a code as it stands in a plain row.
    private mutating func turn(to code: UnsafeBufferPointer<UInt8>) throws(CSVProblem) {
        if !series.isEmpty {
            if matches(current, code) { return }
            if matches(followers[current], code) { return current = followers[current] }
        }
        if code.isEmpty { throw CSVProblem("the code is missing") }
        turn(to: Security(String(decoding: code, as: UTF8.self)))
    }

    private func matches(_ index: Int, _ code: UnsafeBufferPointer<UInt8>) -> Bool {
        series[index].security?.code.utf8.elementsEqual(code) == true
    }

    private mutating func turn(to security: Security) {
        let before = current
        if let known = numbers[security] {
            current = known
        } else {
            numbers[security] = series.count
            current = series.count
            series.append(MarketSeries(security))
            followers.append(0)
        }
        followers[before] = current
    }
}
