import CSupport

/// A held lock on the real disk: `flock` on a file that is never replaced and holds a note of its holder.
///
/// It lasts as long as any process has the descriptor open, children that it is handed to included, and is gone when the
/// last of them dies, however it dies.
public final class FileLock {
    /// The lock's file.
    public let path: String
    /// What to hand to a child that shall hold the lock too.
    public let descriptor: Int32

    private var isHeld = true
    private static let longestNote = 64 << 10

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { release() }

    /// Takes the lock, or nil if somebody else holds it; tries once.
    public static func tryLock(_ path: String) throws(DiskError) -> FileLock? {
        let disk = SystemDisk()
        // A file that was deleted after it was opened can be locked as well, but is nobody's lock any more: again.
        for _ in 0..<100 {
            let descriptor = cs_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            if descriptor < 0 { throw DiskError(.open, path, code: cs_errno()) }
            let file = OpenFile(token: descriptor, path: path)
            do {
                guard try disk.tryLock(file) else {
                    disk.close(file)
                    return nil
                }
                let held = try disk.identity(of: file)
                if try disk.identity(of: path)?.isSameFile(as: held) == true {
                    return FileLock(path: path, descriptor: descriptor)
                }
                disk.close(file)
            } catch {
                disk.close(file)
                throw error
            }
        }
        throw DiskError(.lock, path, code: EAGAIN)
    }

    /// The lock that a parent handed down as this descriptor; from here on it is kept from programs that are started.
    public static func adopt(descriptor: Int32, path: String) throws(DiskError) -> FileLock {
        if cs_set_close_on_exec(descriptor, true) < 0 { throw DiskError(.lock, path, code: cs_errno()) }
        return FileLock(path: path, descriptor: descriptor)
    }

    /// What the holder of a lock says about itself, read by anybody; nil if there is no such file or it says nothing.
    public static func note(at path: String) throws(DiskError) -> String? {
        guard let bytes = try SystemDisk().readFile(path, limit: longestNote), !bytes.isEmpty else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Says about its holder what others shall read.
    public func write(note: String) throws(DiskError) {
        let bytes = Array(note.utf8)
        let written = pwrite(descriptor, bytes, bytes.count, 0)
        if written != bytes.count { throw DiskError(.append, path, code: written < 0 ? cs_errno() : ENOSPC) }
        if ftruncate(descriptor, off_t(bytes.count)) != 0 { throw DiskError(.truncate, path, code: cs_errno()) }
    }

    /// Lets go of the lock; others that share it still hold it.
    public func release() {
        // Closing, not unlocking: an unlock would take it from everyone who inherited it.
        if isHeld { _ = close(descriptor) }
        isHeld = false
    }
}
