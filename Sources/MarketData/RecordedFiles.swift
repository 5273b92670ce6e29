import Market
import Storage

/// The files that somebody records into: one, or those of a folder, whose names are in order of time. Where some of
/// these begin with a date, they are the ones.
struct RecordedFiles {
    /// Their paths, the newest last; none if there are none yet.
    let all: [String]

    init(_ path: String, _ disk: any FileStore) {
        guard let about = try? disk.identity(of: path) else {
            all = []
            return
        }
        guard about.isFolder else {
            all = [path]
            return
        }
        let names = ((try? disk.list(path)) ?? []).filter { $0.lowercased().hasSuffix(".csv") }.sorted()
        let dated = names.filter { Day($0.prefix(10)) != nil }
        all = (dated.isEmpty ? names : dated).map { "\(path)/\($0)" }
    }

    var newest: String? { all.last }

    /// The length of a file's bars; nil for ticks, and where too few rows tell.
    static func unit(of path: String, _ disk: any FileStore, _ hours: MarketHours) -> BarUnit? {
        var series: [Security?: MarketSeries] = [:]
        var isDaily = false
        forEachRow(of: path, disk, hours, most: 2000) { row in
            guard case .bar(let bar) = row.content else { return }
            isDaily = isDaily || row.isDaily
            let own = series[row.code] ?? MarketSeries(row.code)
            series[row.code] = own
            try? own.append(bar)
        }
        if isDaily { return .day }
        return series.values.compactMap(\.shortest).min().flatMap(BarUnit.init(apart:))
    }

    /// The last bars of a security in a file that had ended by an instant; its own are of the length that was named, or
    /// that they seem to have.
    static func bars(
        of security: Security, in path: String, _ disk: any FileStore, _ hours: MarketHours, _ unit: BarUnit,
        of named: BarUnit?,
        count: Int, upTo now: Instant
    ) -> [MarketBar] {
        let series = MarketSeries(security)
        forEachRow(of: path, disk, hours, most: .max) { row in
            guard row.code == nil || row.code == security else { return }
            switch row.content {
            case .bar(let bar): try? series.append(bar)
            case .tick(let tick): try? series.append(tick)
            case .day: break
            }
        }
        series.finish()
        let own = series.bars.count > 0 ? named ?? series.shortest.flatMap(BarUnit.init(apart:)) ?? unit : nil
        return withExtendedLifetime(series) {
            series.history(unit, of: own, count: count, upTo: now, hours: hours)
        }
    }

    /// Calls for the rows that can be read; half a line at the end is none yet.
    private static func forEachRow(
        of path: String, _ disk: any FileStore, _ hours: MarketHours, most: Int, _ body: (CSVRow) -> Void
    ) {
        let reader = CSVRowReader(file: path, hours: hours)
        var tail = TailReader(path)
        var count = 0
        _ = try? tail.read(from: disk) { bytes, _ in
            forEachLine(in: bytes) { range in
                count += 1
                guard count <= most else { return false }
                guard reader.hasHeader else { return (try? reader.readHeader(range, of: bytes)) != nil }
                if let row = try? reader.row(range, of: bytes, line: count) { body(row) }
                return true
            }
        }
    }
}
