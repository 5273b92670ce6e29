import CSupport
import Storage

/// The folder of compiled strategies: `<key>/strategy.so` for each, and beside it, while one is compiled,
/// `<key>.lock` and `<key>.work`.
struct BuildFolder {
    /// So many strategies are kept; of more, those not used for longest go.
    static let kept = 40

    let path: String
    private let disk = SystemDisk()

    init(_ path: String) { self.path = path }

    /// Where the library of a key lies.
    func library(_ key: String) -> String { "\(path)/\(key)/strategy.\(Platform.libraryExtension)" }
    /// Where the library of a key is made.
    func work(_ key: String) -> String { "\(path)/\(key).work" }
    private func lockFile(_ key: String) -> String { "\(path)/\(key).lock" }

    /// The library of a key, kept from being cleared away as long as the answer lives; nil if there is none.
    func hold(_ key: String) -> LibraryHold? { LibraryHold(library(key)) }

    /// The library of these sources that was used last, whichever compiler made it; nil if there is none.
    func holdLast(of sourceKey: String) -> LibraryHold? {
        let keys = ((try? disk.list(path)) ?? []).filter { $0.hasPrefix(sourceKey + "-") }
        let used = keys.compactMap { key in
            ((try? disk.identity(of: library(key))) ?? nil).map { (key: key, at: $0.modified) }
        }
        return used.max { $0.at < $1.at }.flatMap { hold($0.key) }
    }

    /// Takes the right to build a key: waits while somebody else builds it, after saying so.
    func lock(_ key: String, whenBusy: () -> Void) throws(StrategyError) -> FileLock {
        do {
            try disk.makeFolder(path)
            var hasWaited = false
            while true {
                if let lock = try FileLock.tryLock(lockFile(key)) { return lock }
                if !hasWaited { whenBusy() }
                hasWaited = true
                waitForRelease(lockFile(key))
            }
        } catch {
            throw .notWritten(error)
        }
    }

    /// Returns when the lock of a file may be free; the system wakes us, so no time is asked for.
    private func waitForRelease(_ file: String) {
        let descriptor = cs_open(file, O_RDONLY | O_CLOEXEC, 0)
        if descriptor < 0 { return }
        _ = flock(descriptor, LOCK_SH)
        _ = close(descriptor)
    }

    /// An empty folder to make a library in; what a crash left there is removed.
    func makeWork(_ key: String) throws(StrategyError) -> String {
        removeFolder(work(key))
        do { try disk.makeOneFolder(work(key)) } catch { throw .notWritten(error) }
        return work(key)
    }

    /// Puts a finished library, flushed, to its place in one step.
    func publish(_ finished: String, as key: String) throws(StrategyError) {
        do {
            let file = try disk.open(finished, .read)
            defer { disk.close(file) }
            try disk.flush(file)
            try disk.makeFolder(parentFolder(of: library(key)))
            try disk.rename(finished, to: library(key))
        } catch {
            throw .notWritten(error)
        }
    }

    /// Removes what building a key needed, by whoever holds its lock.
    func cleanUp(_ key: String) {
        removeFolder(work(key))
        try? disk.remove(lockFile(key))
    }

    /// Removes the libraries that were not used for longest and are not in use, and what crashes left. What cannot be
    /// removed is left for the next time.
    func prune(kept: Int = BuildFolder.kept) {
        guard let names = try? disk.list(path) else { return }
        for name in names where name.hasSuffix(".work") {
            let key = String(name.dropLast(5))
            guard let lock = (try? FileLock.tryLock(lockFile(key))) ?? nil else { continue }
            cleanUp(key)
            lock.release()
        }
        let libraries = names.compactMap { name -> (path: String, used: Int64)? in
            guard let identity = (try? disk.identity(of: library(name))) ?? nil else { return nil }
            return (library(name), identity.modified)
        }
        for old in libraries.sorted(by: { $0.used > $1.used }).dropFirst(kept) {
            guard let file = try? disk.open(old.path, .read) else { continue }
            if (try? disk.tryLock(file)) == true { removeFolder(parentFolder(of: old.path)) }
            disk.close(file)
        }
    }

    private func removeFolder(_ folder: String) {
        guard let names = try? disk.list(folder) else { return }
        for name in names { try? disk.remove("\(folder)/\(name)") }
        try? disk.remove(folder)
    }
}

/// A library in use: as long as this value lives, no other process clears it away.
final class LibraryHold {
    let path: String
    private let descriptor: Int32

    /// Takes hold of the library at a path; nil if it is not there, or is being cleared away this moment.
    init?(_ path: String) {
        self.path = path
        descriptor = cs_open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0, flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return nil }
        let disk = SystemDisk()
        guard let held = try? disk.identity(of: OpenFile(token: descriptor, path: path)),
            let there = (try? disk.identity(of: path)) ?? nil, there.isSameFile(as: held)
        else { return nil }
        // When it was last used decides what is cleared away first.
        _ = utimes(path, nil)
    }

    deinit { if descriptor >= 0 { _ = close(descriptor) } }
}
