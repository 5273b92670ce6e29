import CSupport
import MarketData
import Processes
import Storage

/// The file through which the runs of a sweep share the bars that the first of them has parsed.
enum SharedBars {
    private static let head = "jqtrade-"
    private static let tails = [".bars", ".bars.new"]

    /// The file of this sweep. Those of sweeps that were killed, and could not remove theirs, are removed now.
    static func path(in folder: String, _ disk: any FileStore) -> String {
        for name in (try? disk.list(folder)) ?? [] {
            guard let pid = owner(of: name), ProcessIdentity.of(pid) == nil else { continue }
            try? disk.remove(folder + "/" + name)
        }
        return "\(folder)/\(head)\(getpid())\(tails[0])"
    }

    /// The sweep that a file is of; nil for any other file.
    private static func owner(of name: String) -> Int32? {
        guard name.hasPrefix(head), let tail = tails.first(where: name.hasSuffix) else { return nil }
        return Int32(name.dropFirst(head.count).dropLast(tail.count)).flatMap { $0 > 0 ? $0 : nil }
    }

    /// The feed of CSV files whose bars an earlier run has left here; nil for another feed, and for the first run.
    static func feed(_ spec: FeedSpec, _ desk: FeedDesk, in shared: String) throws -> (any MarketFeed)? {
        guard let source = source(of: spec, desk), try desk.disk.identity(of: shared) != nil else { return nil }
        let feed = try CSVFeed(path: shared, disk: desk.disk, hours: desk.hours, span: desk.span, unit: spec.unit)
        return feed.source == source ? feed : nil
    }

    /// Which files are read, and how: a strategy may choose by a parameter, and the runs of a sweep differ in these.
    static func source(of spec: FeedSpec, _ desk: FeedDesk) -> String? {
        guard let path = spec.csvPath else { return nil }
        let hours = "\(desk.hours.zone.name) \(desk.hours.periods.all)"
        return "\(desk.absolutePath(path)) \(spec.unit?.rawValue ?? "-") \(hours)"
    }

    /// Leaves what the first run has parsed by the time that it is ready, for the others to map. Where there is no room for
    /// it, or it is ticks, each run parses it itself.
    static func leave(_ feed: any MarketFeed, of source: String, in shared: String, _ disk: any FileStore) {
        guard let feed = feed as? CSVFeed, feed.unit != nil else { return }
        guard (try? disk.identity(of: shared)) == FileIdentity?.none else { return }
        try? feed.save(to: shared, in: disk, source: source)
    }
}
