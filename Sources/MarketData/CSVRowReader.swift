import Market
import Storage

/// Reads market data line by line: the header first, then rows of bars or of ticks.
public final class CSVRowReader {
    /// The file, as messages shall name it.
    public let file: String
    let hours: MarketHours
    let times: CSVTimes
    private(set) var header: CSVHeader?
    var values = CSVValues()

    private let text = TextReader()
    private var line = CSVLine()
    private var lastCode: (bytes: [UInt8], security: Security)?

    /// A reader of a file that is named so in messages; its times are by the clock of these hours.
    public init(file: String, hours: MarketHours) {
        self.file = file
        self.hours = hours
        times = CSVTimes(zone: hours.zone)
    }

    /// True once the header has been read.
    public var hasHeader: Bool { header != nil }
    /// True if the rows are bars, false if they are ticks.
    public var hasBars: Bool { header?.hasBars ?? false }
    /// True if the rows say whose they are.
    public var hasCode: Bool { header?.hasCode ?? false }
    /// Names of columns that mean nothing here.
    public var unknownColumns: [String] { header?.unknown ?? [] }

    /// Reads the first line, which names the columns: a range of these bytes, without the line's end.
    public func readHeader(_ range: Range<Int>, of bytes: [UInt8]) throws(CSVError) {
        let isMarked = bytes[range].starts(with: TextEncoding.mark)
        if let problem = Self.strangeForm(bytes[range]) { throw CSVError(file, line: 1, problem) }
        split(isMarked ? range.dropFirst(TextEncoding.mark.count) : range, of: bytes)
        text.lookThrough(bytes[range])
        do throws(CSVProblem) {
            header = try CSVHeader(line.fields.indices.map { text.text(line.content($0)) })
        } catch {
            throw CSVError(file, line: 1, error.text)
        }
    }

    /// What is wrong with a first line that no column can be found in, for how it is written.
    private static func strangeForm(_ line: ArraySlice<UInt8>) -> String? {
        if line.contains(0) { return "the file is written in UTF-16, or is no text: save it as UTF-8 or GBK" }
        if line.contains(UInt8(ascii: ",")) { return nil }
        for (separator, name) in [(UInt8(ascii: ";"), "semicolons"), (0x09, "tabs"), (UInt8(ascii: "|"), "bars (|)")]
        where line.contains(separator) {
            return "the columns are separated by \(name): separate them by commas"
        }
        return nil
    }

    /// The row of a line, a range of these bytes without the line's end; nil for an empty line.
    public func row(_ range: Range<Int>, of bytes: [UInt8], line number: Int) throws(CSVError) -> CSVRow? {
        do throws(CSVProblem) {
            guard try read(range, of: bytes), let header else { return nil }
            let content = try content(header)
            let day = header.hasFacts || content == .day ? tradingDay : Day(number: 0)
            let facts = header.hasFacts ? values.facts(day) : nil
            return CSVRow(
                code: try code(header), content: content, facts: content == .day ? facts ?? DayFacts(day: day) : facts,
                isDaily: values.day != nil)
        } catch {
            throw CSVError(file, line: number, error.text)
        }
    }

    /// The trading day of the row that was read last: its date, but for a night session.
    var tradingDay: Day {
        if let day = values.day { return day }
        return hours.dataDay(of: values.time)
    }

    /// What the values that were read last are about.
    func content(_ header: CSVHeader) throws(CSVProblem) -> CSVRow.Content {
        if header.hasBars {
            if values.isWithoutBar { return .day }
            guard let bar = values.bar else { throw values.barProblem }
            return .bar(bar)
        }
        guard let tick = values.tick(levels: header.levels) else { return .day }
        if values.day != nil { throw CSVProblem("a tick needs a time, not only a date") }
        return .tick(tick)
    }

    /// Takes a line apart into `values`; false for an empty one.
    func read(_ range: Range<Int>, of bytes: [UInt8]) throws(CSVProblem) -> Bool {
        guard let header else { throw CSVProblem("the header is missing") }
        split(range, of: bytes)
        if line.isEmpty { return false }
        if line.isOpen { throw CSVProblem("a quote is opened and not closed") }
        guard line.fields.count == header.columns.count else {
            throw CSVProblem(
                "the line has \(line.fields.count) fields where the header has \(header.columns.count)")
        }
        values.clear()
        for (index, column) in header.columns.enumerated() {
            guard let slot = column.slot else { continue }
            values[slot] = try number(index, column)
        }
        try readTime(header)
        return true
    }

    /// The code in the line that was read last.
    func code(_ header: CSVHeader) throws(CSVProblem) -> Security? {
        guard header.hasCode, let index = header.columns.firstIndex(of: .code) else { return nil }
        let bytes = line.content(index)
        if let lastCode, bytes.elementsEqual(lastCode.bytes) { return lastCode.security }
        if bytes.isEmpty { throw CSVProblem("the code is missing") }
        let security = Security(text.text(bytes))
        lastCode = (Array(bytes), security)
        return security
    }

    private func split(_ range: Range<Int>, of bytes: [UInt8]) {
        line.look(at: bytes)
        line.split(range)
    }

    private func readTime(_ header: CSVHeader) throws(CSVProblem) {
        guard let index = header.columns.firstIndex(of: .stamp) else { throw CSVProblem("the time is missing") }
        let field = line.content(index)
        guard var stamp = field.withUnsafeBufferPointer(times.stamp) else { throw wrongTime(index, field) }
        if let clock = header.columns.firstIndex(of: .clock) {
            let field = line.content(clock)
            if !field.isEmpty {
                guard let day = stamp.day else {
                    throw CSVProblem("the column \(header.names[index]) has a time already")
                }
                guard let whole = field.withUnsafeBufferPointer({ times.stamp(day, clock: $0) }) else {
                    throw wrongTime(clock, field)
                }
                stamp = whole
            }
        }
        values.day = stamp.day
        values.time = stamp.day.map { hours.zone.instant($0, hours.periods.close) } ?? stamp.time
    }

    private func wrongTime(_ index: Int, _ field: ArraySlice<UInt8>) -> CSVProblem {
        CSVProblem("\"\(text.text(field))\" is no time (column \(name(index))): write \(CSVTimes.example)")
    }

    private func number(_ index: Int, _ column: CSVHeader.Column) throws(CSVProblem) -> Int64 {
        let field = line.content(index)
        if field.isEmpty { return CSVValues.absent }
        if case .flag = column, let flag = Self.flag(field) { return flag }
        if let number = DecimalNumber(field) {
            switch column {
            case .count: if let count = number.nearestWhole { return count }
            case .flag: if let flag = number.whole, flag == 0 || flag == 1 { return flag }
            default: if let money = number.nearestMoney, money.units != CSVValues.absent { return money.units }
            }
            let asked = if case .flag = column { "0 or 1" } else { "a number that can be held" }
            throw CSVProblem("\"\(text.text(field))\" is not \(asked) (column \(name(index)))")
        }
        if Self.words(field, ["nan", "none", "null", "na", "n/a", "-", "--"]) { return CSVValues.absent }
        throw CSVProblem("\"\(text.text(field))\" is no number (column \(name(index)))")
    }

    private static func flag(_ field: ArraySlice<UInt8>) -> Int64? {
        words(field, ["true"]) ? 1 : words(field, ["false"]) ? 0 : nil
    }

    private static func words(_ field: ArraySlice<UInt8>, _ known: Set<String>) -> Bool {
        field.count <= 5 && known.contains(String(decoding: field, as: UTF8.self).lowercased())
    }

    private func name(_ index: Int) -> String {
        guard let names = header?.names, names.indices.contains(index), !names[index].isEmpty else {
            return "\(index + 1)"
        }
        return names[index]
    }
}
