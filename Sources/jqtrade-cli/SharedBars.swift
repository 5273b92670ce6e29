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

    /// The feed of a CSV file, whose bars the first run parses and leaves here, for the others to map; nil for another feed.
    static func feed(_ spec: FeedSpec, _ desk: FeedDesk, in shared: String) throws -> (any MarketFeed)? {
        guard let path = spec.csvPath else { return nil }
        let original = desk.absolutePath(path)
        // Of a folder each run reads the few files that it needs.
        guard try desk.disk.identity(of: original)?.isFolder == false else { return nil }
        func feed(_ path: String) throws -> CSVFeed {
            try CSVFeed(path: path, disk: desk.disk, hours: desk.hours, span: desk.span, unit: spec.unit)
        }
        if try desk.disk.identity(of: shared) != nil { return try feed(shared) }
        let parsed = try feed(original)
        // Where there is no room for them, or they are ticks, each run parses them itself.
        if parsed.unit != nil { try? parsed.save(to: shared, in: desk.disk) }
        return parsed
    }
}
