import Market
import Storage

/// Where the series of a feed of the past are kept.
protocol SeriesShelf: AnyObject {
    /// What it is called in messages.
    var name: String { get }
    /// The length of its bars; nil for ticks.
    var unit: BarUnit? { get }
    /// What its rows are, in words.
    var contents: String { get }
    /// From the first bar or tick to the last.
    var span: ClosedRange<Instant>? { get }
    /// The codes it has; none where it serves any.
    var codes: [Security] { get }
    /// What it has of a security; throws the sentence to be shown if there is nothing.
    func series(of security: Security) throws -> MarketSeries
    /// All that it has, in order of codes.
    func all() throws -> [MarketSeries]
    /// Of these, those that have been read.
    var read: [MarketSeries] { get }
    /// The files of the others, which are named by their codes.
    var unread: [Security: String] { get }
    /// What was noticed since the last call.
    func takeProblems() -> [String]
}

/// CSV files: one, or those of a folder. Of files that are named by their code, only those that are asked for are read.
final class CSVShelf: SeriesShelf {
    let name: String
    private(set) var span: ClosedRange<Instant>?

    private let disk: any FileStore
    private let hours: MarketHours
    private let isFolder: Bool
    private let named: BarUnit?
    private(set) var unread: [Security: String] = [:]
    private var found: [Security: MarketSeries] = [:]
    /// What a file without a code column has, for any code.
    private var common: MarketSeries?
    private var problems: [String] = []
    private var kind: CSVFile.Kind?
    /// What a file without rows would have, by its columns.
    private var headerHasBars = false
    private var toldColumns: Set<String> = []

    /// A file or a folder; `besides` says what the files have that belong with it.
    init(
        _ path: String, in disk: any FileStore, hours: MarketHours, unit: BarUnit?, besides kind: CSVFile.Kind? = nil
    ) throws {
        self.disk = disk
        self.kind = kind
        named = unit
        self.hours = hours
        name = "csv:\(path)"
        guard let about = try disk.identity(of: path) else {
            throw CSVError(path, "there is no such file or folder")
        }
        isFolder = about.isFolder
        guard isFolder else {
            try file(path, series: load(path))
            return
        }
        try look(into: path)
    }

    var unit: BarUnit? { if case .bars(let unit) = kind { unit } else { nil } }
    var contents: String { kind?.words ?? "no rows, only a header of \(headerHasBars ? "bars" : "ticks")" }
    var codes: [Security] { (Array(found.keys) + Array(unread.keys)).sorted() }

    func series(of security: Security) throws -> MarketSeries {
        if let path = unread.removeValue(forKey: security) {
            let series = try load(path)
            guard let only = series.first else { throw CSVError(path, "the file has no rows") }
            only.take(name: security)
            found[security] = only
            return only
        }
        if let series = found[security] ?? common { return series }
        let known = codes
        let some = known.prefix(5).map(\.code).joined(separator: ", ") + (known.count > 5 ? ", …" : "")
        throw CSVError(name, "there is no data of \(security): the codes are \(some.isEmpty ? "none" : some)")
    }

    func all() throws -> [MarketSeries] { try common.map { [$0] } ?? codes.map(series) }
    var read: [MarketSeries] { common.map { [$0] } ?? found.keys.sorted().compactMap { found[$0] } }

    func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }

    /// A file with a code column is read at once; one without is its name's, and only looked at.
    private func look(into folder: String) throws {
        let names = try disk.list(folder).filter { $0.lowercased().hasSuffix(".csv") }
        guard !names.isEmpty else { throw CSVError(folder, "the folder has no files that end in .csv") }
        var read: [(outline: CSVOutline, path: String)] = []
        for name in names {
            let path = "\(folder)/\(name)"
            let outline = try CSVOutline(path, in: disk, hours: hours)
            widen(outline.span)
            if outline.hasCode {
                read.append((outline, path))
            } else {
                unread[Security(String(name.dropLast(4)))] = path
            }
        }
        // Files of many codes may be one a day: the earlier comes first.
        func start(_ outline: CSVOutline) -> Instant { outline.span?.lowerBound ?? Instant(nanoseconds: .max) }
        read.sort { (start($0.outline), $0.path) < (start($1.outline), $1.path) }
        for (_, path) in read { try file(path, series: load(path)) }
        // The first file with rows tells what they are.
        for security in unread.keys.sorted() where kind == nil { _ = try series(of: security) }
    }

    private func file(_ path: String, series: [MarketSeries]) throws {
        for series in series {
            widen(series.span)
            guard let security = series.security else {
                common = series
                continue
            }
            guard let earlier = found[security] else {
                found[security] = series
                continue
            }
            if !earlier.join(series) {
                throw CSVError(path, "the rows of \(security) begin before those of another file end: times overlap")
            }
        }
    }

    private func load(_ path: String) throws -> [MarketSeries] {
        let file = try CSVFile(path, name: path, in: disk, hours: hours)
        headerHasBars = file.header.hasBars
        let isMute = kind != nil && file.hasSingleBars
        if !isMute, let kind = try file.kind(named: named) { try agree(kind, path) }
        if kind == .bars(.day) { for series in file.series { series.stampDays(at: hours) } }
        let new = file.reader.unknownColumns.filter { toldColumns.insert($0).inserted }
        if !new.isEmpty {
            let columns = new.count == 1 ? "the column \(new[0]) is" : "the columns \(new.joined(separator: ", ")) are"
            problems.append("\(path): \(columns) not known and not read")
        }
        return file.series
    }

    private func agree(_ kind: CSVFile.Kind, _ path: String) throws(CSVError) {
        if let known = self.kind, known != kind {
            throw CSVError(path, "the file has \(kind.words) where the others have \(known.words)")
        }
        self.kind = kind
    }

    private func widen(_ more: ClosedRange<Instant>?) {
        guard let more else { return }
        span = span.map { min($0.lowerBound, more.lowerBound)...max($0.upperBound, more.upperBound) } ?? more
    }
}

extension CSVFile.Kind {
    var words: String {
        switch self {
        case .ticks: "ticks"
        case .bars(let unit): "\(unit) bars"
        }
    }
}
