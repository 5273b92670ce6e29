import CSupport
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
}
