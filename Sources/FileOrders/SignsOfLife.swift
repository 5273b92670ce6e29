import Market
import Storage

/// When the terminal last wrote one of the files that it writes anew every few seconds, by our own clock.
///
/// A file's own date tells it best, for it may be looked at long after. The folder's clock may be another than ours, so
/// what is seen to have changed has changed since the last look, whatever its date.
struct SignsOfLife {
    /// How far the folder's clock may be ahead before its dates tell nothing.
    static let tolerance = TimeSpan.seconds(2)

    private var seen: [String: (identity: FileIdentity, at: Instant)] = [:]
    private var last: Instant?

    /// Looks at the files and answers when one of them was last written; nil if that was never seen.
    mutating func look(at paths: [String], _ disk: any FileStore, now: Instant) -> Instant? {
        seen = seen.filter { paths.contains($0.key) }
        for path in paths {
            guard let identity = try? disk.identity(of: path) else { continue }
            let before = seen.updateValue((identity, now), forKey: path)
            if let before, before.identity.isSameContent(as: identity) { continue }
            guard let sign = moment(of: identity, after: before?.at, now) else { continue }
            last = last.map { max($0, sign) } ?? sign
        }
        return last
    }

    private func moment(of identity: FileIdentity, after look: Instant?, _ now: Instant) -> Instant? {
        let modified = Instant(nanoseconds: identity.modified)
        if modified - now > Self.tolerance { return look }
        return min(look.map { max($0, modified) } ?? modified, now)
    }
}

extension FileIdentity {
    /// True if nobody has written to the file in between: its rights may be others.
    fileprivate func isSameContent(as other: FileIdentity) -> Bool {
        isSameFile(as: other) && size == other.size && modified == other.modified
    }
}
