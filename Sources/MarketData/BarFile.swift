import CSupport
import Market
import Notation
import Storage

/// A file of bars as they lie in memory, for programs of this machine that share what one of them has parsed: magic, the
/// length of a header, the header as JSON, and the bars of each code, one after the other.
enum BarFile {
    static let magic = Array("JQBARS1\n".utf8)

    /// How a bar lies in memory; a program with another layout must not read it.
    private static let layout: String = {
        let fields: [PartialKeyPath<MarketBar>] = [
            \MarketBar.end, \MarketBar.open, \MarketBar.high, \MarketBar.low, \MarketBar.close, \MarketBar.volume,
            \MarketBar.amount,
        ]
        let offsets = fields.map { MemoryLayout<MarketBar>.offset(of: $0).map(String.init) ?? "?" }
        let order = 1.littleEndian == 1 ? "little" : "big"
        return "\(MemoryLayout<MarketBar>.stride) bytes, fields at \(offsets.joined(separator: " ")), \(order)-endian"
    }()

    /// Bars begin at a multiple of this.
    private static let alignment = 64
    private static let stride = MemoryLayout<MarketBar>.stride

    /// What a file holds.
    struct Bars {
        let series: [MarketSeries]
        let unit: BarUnit
        /// From the first bar to the last, of all that there is.
        let span: ClosedRange<Instant>?
        /// Files of other codes, whose bars are not here.
        let unread: [Security: String]
        /// The length of bars that the user has named for all files.
        let named: BarUnit?
        /// What it was made of, and how: for whoever must know whether it is what he wants.
        let source: String
    }

    // MARK: Writing

    /// Writes a file, which appears under its path once it is whole.
    static func write(_ bars: Bars, to path: String, in disk: any FileStore) throws(DiskError) {
        let span = bars.span.map { [$0.lowerBound, $0.upperBound] } ?? []
        let header = JSON.object([
            .init("layout", .text(layout)), .init("unit", .text(bars.unit.rawValue)),
            .init("series", .list(bars.series.map(described))),
            .init("span", .list(span.map { .integer($0.nanoseconds) })),
            .init("unread", .object(bars.unread.map { .init($0.key.code, .text($0.value)) })),
            .init("named", bars.named.map { .text($0.rawValue) } ?? .null), .init("source", .text(bars.source)),
        ])
        let text = Array("\(header)".utf8)
        var bytes = magic + withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init) + text
        bytes += [UInt8](repeating: 0, count: start(headerLength: text.count) - bytes.count)
        let temporary = path + ".new"
        let file = try disk.open(temporary, .createNew)
        do {
            defer { disk.close(file) }
            try disk.appendWhole(bytes, to: file)
            for series in bars.series { try append(series.bars.bars, to: file, in: disk) }
            try disk.rename(temporary, to: path)
        } catch {
            try? disk.remove(temporary)
            throw error
        }
    }

    private static func append(
        _ bars: UnsafeBufferPointer<MarketBar>, to file: OpenFile, in disk: any FileStore
    ) throws(DiskError) {
        var rest = UnsafeRawBufferPointer(bars)[...]
        while !rest.isEmpty {
            try disk.appendWhole(Array(rest.prefix(1 << 20)), to: file)
            rest = rest.dropFirst(1 << 20)
        }
    }

    private static func described(_ series: MarketSeries) -> JSON {
        func price(_ money: Money?) -> JSON { money.map { .integer($0.units) } ?? .null }
        let facts = series.facts.map { day in
            JSON.list([
                .integer(Int64(day.day.number)), price(day.preClose), price(day.highLimit), price(day.lowLimit),
                .bool(day.isPaused),
            ])
        }
        return .object([
            .init("code", series.security.map { .text($0.code) } ?? .null),
            .init("bars", .integer(Int64(series.bars.count))), .init("facts", .list(facts)),
        ])
    }

    private static func start(headerLength: Int) -> Int {
        (magic.count + 8 + headerLength + alignment - 1) / alignment * alignment
    }

    // MARK: Reading

    /// True for a file that begins as these do.
    static func isOne(_ path: String, in disk: any FileStore) throws(DiskError) -> Bool {
        guard let about = try disk.identity(of: path), !about.isFolder else { return false }
        let file = try disk.open(path, .read)
        defer { disk.close(file) }
        return try disk.read(file, at: 0, count: magic.count) == magic
    }

    /// The series of a file, whose bars stay where they are.
    static func map(_ path: String) throws -> Bars {
        let mapping = try MappedFile(path)
        guard let contents = Contents(mapping.bytes) else {
            throw CSVError(path, "this is no file of bars, or it is damaged: write it again")
        }
        guard contents.header["layout"]?.string == layout else {
            throw CSVError(path, "another version of jqtrade wrote this file of bars: write it again")
        }
        var position = contents.start
        var all: [MarketSeries] = []
        for described in contents.header["series"]?.list ?? [] {
            guard let count = described["bars"]?.int, count >= 0,
                count <= (mapping.bytes.count - position) / stride, let facts = facts(described["facts"])
            else { throw CSVError(path, "the file of bars is cut short: write it again") }
            let bars = UnsafeRawBufferPointer(rebasing: mapping.bytes[position..<position + count * stride])
            all.append(
                MarketSeries(
                    described["code"]?.string.map(Security.init),
                    bars: BarStore(bars.bindMemory(to: MarketBar.self), in: mapping), facts: facts))
            position += count * stride
        }
        guard position == mapping.bytes.count, let unit = contents.header["unit"]?.string.flatMap(BarUnit.init) else {
            throw CSVError(path, "the file of bars has another length than its header says: write it again")
        }
        let span = (contents.header["span"]?.list ?? []).compactMap { $0.int.map { Instant(nanoseconds: Int64($0)) } }
        let unread = (contents.header["unread"]?.members ?? []).compactMap { member in
            member.value.string.map { (Security(member.name), $0) }
        }
        return Bars(
            series: all, unit: unit, span: span.count == 2 && span[0] <= span[1] ? span[0]...span[1] : nil,
            unread: Dictionary(unread) { first, _ in first },
            named: contents.header["named"]?.string.flatMap(BarUnit.init),
            source: contents.header["source"]?.string ?? "")
    }

    private struct Contents {
        let header: JSON
        let start: Int

        init?(_ bytes: UnsafeRawBufferPointer) {
            let prefix = BarFile.magic.count + 8
            guard bytes.count >= prefix, bytes.prefix(BarFile.magic.count).elementsEqual(BarFile.magic) else {
                return nil
            }
            let length = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: BarFile.magic.count, as: UInt64.self))
            guard length <= bytes.count - prefix else { return nil }
            let text = String(decoding: bytes[prefix..<prefix + Int(length)], as: UTF8.self)
            guard let header = try? JSON(parsing: text) else { return nil }
            self.header = header
            start = BarFile.start(headerLength: Int(length))
            if start > bytes.count { return nil }
        }
    }

    private static func facts(_ json: JSON?) -> [DayFacts]? {
        var facts: [DayFacts] = []
        for entry in json?.list ?? [] {
            guard let parts = entry.list, parts.count == 5, let number = parts[0].int.flatMap(Int32.init(exactly:))
            else {
                return nil
            }
            func price(_ index: Int) -> Money? { parts[index].int.map { Money(units: Int64($0)) } }
            facts.append(
                DayFacts(
                    day: Day(number: number), preClose: price(1), highLimit: price(2), lowLimit: price(3),
                    isPaused: parts[4].bool ?? false))
        }
        return facts
    }
}

/// The series of a file of bars, which are where they were written; those that were not read then are read when they are
/// asked for.
final class BarFileShelf: SeriesShelf {
    let name: String
    let unit: BarUnit?
    let span: ClosedRange<Instant>?
    /// What it was made of.
    let source: String
    private(set) var unread: [Security: String]
    private let named: BarUnit?
    private var series: [Security?: MarketSeries]
    private var problems: [String] = []
    private let disk: any FileStore
    private let hours: MarketHours

    init(_ path: String, in disk: any FileStore, hours: MarketHours) throws {
        let all = try BarFile.map(path)
        name = "csv:\(path)"
        unit = all.unit
        span = all.span
        (source, unread, named) = (all.source, all.unread, all.named)
        series = Dictionary(all.series.map { ($0.security, $0) }) { first, _ in first }
        self.disk = disk
        self.hours = hours
    }

    var contents: String { unit.map { "\($0) bars" } ?? "ticks" }
    var codes: [Security] { (series.keys.compactMap { $0 } + Array(unread.keys)).sorted() }

    func series(of security: Security) throws -> MarketSeries {
        guard let path = unread[security] else {
            if let series = series[security] ?? series[nil] { return series }
            throw CSVError(name, "there is no data of \(security)")
        }
        let file = try CSVShelf(path, in: disk, hours: hours, unit: named, besides: unit.map(CSVFile.Kind.bars))
        let only = try file.series(of: security)
        only.take(name: security)
        problems += file.takeProblems()
        unread[security] = nil
        series[security] = only
        return only
    }

    func all() throws -> [MarketSeries] { try series[nil].map { [$0] } ?? codes.map { try series(of: $0) } }
    var read: [MarketSeries] { series.values.sorted { $0.security?.code ?? "" < $1.security?.code ?? "" } }

    func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }
}
