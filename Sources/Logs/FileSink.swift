import CSupport

/// A log file that several processes add to, one write an entry, and that makes room for a new one when it is full:
/// `log` becomes `log.1`, `log.1` becomes `log.2`, and so on.
///
/// Nobody waits for anybody: who writes while another process rotates writes to the file that has just become `.1`. A
/// full disk, a deleted file or a folder that is gone costs lines, which are counted, and never more.
public final class FileSink {
    /// Where the newest entries are.
    public let path: String

    private let format: LogFormat
    private let limit: Int
    private let kept: Int
    private var descriptor: Int32 = -1
    private var dropped: (count: Int, last: LogEntry, reason: String)?
    /// A write stopped within a line, so that the next must begin a new one.
    private var isTorn = false

    /// A log at this path, of which each file has about `limit` bytes, and `kept` old ones stay.
    public init(path: String, format: LogFormat = .text, limit: Int = 50_000_000, kept: Int = 10) {
        self.path = path
        self.format = format
        self.limit = limit
        self.kept = max(kept, 1)
    }

    deinit { closeFile() }

    /// Adds an entry, or counts it as dropped.
    public func write(_ entry: LogEntry) {
        var bytes = format.bytes(of: entry)
        if let dropped {
            bytes = format.bytes(of: .dropped(dropped.count, last: dropped.last, because: dropped.reason)) + bytes
        }
        if isTorn { bytes.insert(UInt8(ascii: "\n"), at: 0) }
        if let reason = put(bytes) {
            dropped = ((dropped?.count ?? 0) + 1, entry, reason)
        } else {
            dropped = nil
            isTorn = false
        }
    }

    /// Writes bytes to the file that the path names; nil, or why it cannot.
    private func put(_ bytes: [UInt8]) -> String? {
        // Others may rotate or delete the file at any moment; after a few turns of that it is as good as gone.
        for _ in 0..<10 {
            guard let size = openFile() else { return String(cString: strerror(cs_errno())) }
            if size > 0, size + bytes.count > limit, rotate() { continue }
            let taken = CSupport.write(descriptor, bytes, bytes.count)
            if taken < 0, cs_errno() == EINTR { continue }
            if taken != bytes.count {
                isTorn = isTorn || taken > 0
                return taken < 0 ? String(cString: strerror(cs_errno())) : "the disk is full"
            }
            if !isDeleted { return nil }
        }
        return "the file was deleted again and again"
    }

    /// Sees to it that the open file is the one that the path names; its size, or nil if it cannot be opened.
    private func openFile() -> Int? {
        var open = stat()
        var named = stat()
        if descriptor >= 0, fstat(descriptor, &open) == 0, stat(path, &named) == 0, isSame(open, named) {
            return cs_is_regular(&open) ? Int(open.st_size) : 0
        }
        closeFile()
        // Not waiting matters for a named pipe that nobody reads.
        descriptor = cs_open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0o600)
        guard descriptor >= 0, fstat(descriptor, &open) == 0 else { return nil }
        return cs_is_regular(&open) ? Int(open.st_size) : 0
    }

    /// True if the path names another file now; false if this one must go on, for now, beyond its limit.
    private func rotate() -> Bool {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
        defer { _ = flock(descriptor, LOCK_UN) }
        // Another process may have rotated before the lock was ours; then its new file is to be looked at first.
        var open = stat()
        var named = stat()
        guard fstat(descriptor, &open) == 0 else { return false }
        guard stat(path, &named) == 0, isSame(open, named) else { return true }
        var last = 1
        while last < kept, access("\(path).\(last)", F_OK) == 0 { last += 1 }
        for number in stride(from: last, to: 1, by: -1) { _ = rename("\(path).\(number - 1)", "\(path).\(number)") }
        return rename(path, "\(path).1") == 0
    }

    /// True if the open file has no name any more: what was written to it nobody will read.
    private var isDeleted: Bool {
        var open = stat()
        return fstat(descriptor, &open) == 0 && open.st_nlink == 0
    }

    private func isSame(_ a: stat, _ b: stat) -> Bool { a.st_dev == b.st_dev && a.st_ino == b.st_ino }

    private func closeFile() {
        if descriptor >= 0 { _ = close(descriptor) }
        descriptor = -1
    }
}
