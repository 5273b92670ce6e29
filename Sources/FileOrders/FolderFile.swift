import Gates
import Market
import Storage
import Time

/// A file of the folder while we hold it: the path named it when we got the lock, and nobody who honours the lock writes.
struct HeldFile {
    let file: OpenFile
    /// False where the file system has no locks: whole lines in one write are all that can be done then.
    let isLocked: Bool
    var size: Int
}

/// Opens and locks files that other programs write too, and waits for them no longer than its patience lasts.
final class FolderFiles {
    let disk: any FileStore
    let clock: any MarketClock
    let log: GateLog
    /// How long between two looks at what is not free yet.
    let interval: TimeSpan
    private var patience: Patience

    init(
        disk: any FileStore, clock: any MarketClock, log: GateLog, interval: TimeSpan, patience: TimeSpan
    ) {
        self.disk = disk
        self.clock = clock
        self.log = log
        self.interval = interval
        self.patience = Patience(most: patience, clock.elapsed)
    }

    /// Waits a little; false if nothing may be waited for any more.
    func pause(for span: TimeSpan? = nil) -> Bool {
        let begin = clock.elapsed
        let left = patience.left(at: begin)
        guard left > .zero else { return false }
        let end = begin + min(span ?? interval, left)
        var watches: [Watch] = []
        // A clock that is set meanwhile ends the wait early: what counts is the time that has passed.
        while clock.elapsed < end {
            _ = clock.wait(until: clock.now + (end - clock.elapsed), watching: &watches)
        }
        patience.spend(clock.elapsed - begin, at: clock.elapsed)
        return true
    }

    /// Begins what may last no longer than the answer says; nil while the folder is given up for its slowness.
    func begin() -> TimeSpan? { patience.isGivenUp(at: clock.elapsed) ? nil : clock.elapsed + patience.longestCall }

    /// True if what has begun has lasted too long: then the folder is left alone for a while.
    func isLate(_ deadline: TimeSpan) -> Bool {
        let now = clock.elapsed
        if now <= deadline { return false }
        patience.giveUp(at: now)
        return true
    }

    /// The file of a path, held; made if it is not there. `close` gives it back. Unless `waits`, it is held only if its
    /// lock is free.
    func hold(_ path: String, waits: Bool = true) throws(Refusal) -> HeldFile {
        guard let deadline = begin() else {
            throw Refusal("the folder answered too slowly: \(path) is left alone for a while")
        }
        while true {
            let file = try attempt { () throws(DiskError) in try disk.open(path, .appendOrCreateForAll) }
            do throws(Refusal) {
                let isLocked = try lock(file, waits)
                let identity = try attempt { () throws(DiskError) in try disk.identity(of: file) }
                let named = try attempt { () throws(DiskError) in try disk.identity(of: path) }
                // Somebody may have put another file there while we waited: an order written to the old one is lost.
                if named?.isSameFile(as: identity) == true {
                    if isLate(deadline) { throw Refusal("\(path) answered too late") }
                    return HeldFile(file: file, isLocked: isLocked, size: identity.size)
                }
            } catch {
                disk.close(file)
                throw error
            }
            disk.close(file)
            if isLate(deadline) { throw Refusal("\(path) is replaced again and again") }
        }
    }

    /// True if the file is locked now, false if its file system has no locks. A disk that merely fails at the moment may
    /// well lock it for others: without it one would write into the middle of their lines.
    private func lock(_ file: OpenFile, _ waits: Bool) throws(Refusal) -> Bool {
        while true {
            var reason = "another program holds the lock of \(file.path), and no more time may be spent on waiting"
            do {
                if try disk.tryLock(file) {
                    log.settle("lock \(file.path)")
                    return true
                }
            } catch {
                if error.saysNoLocks {
                    log.change(
                        "lock \(file.path)", .warn,
                        "\(error). Orders are written without a lock there: other programs that write to this file at the same time may damage it."
                    )
                    return false
                }
                reason = "\(error)"
            }
            guard waits, pause() else { throw Refusal(reason) }
        }
    }

    /// The bytes that a file ends with behind its last line end; empty if it ends with one.
    func tornTail(_ file: OpenFile, size: Int) throws(DiskError) -> [UInt8] {
        guard size > 0 else { return [] }
        var length = 1
        while true {
            let bytes = try disk.read(file, at: size - length, count: length)
            if let newline = bytes.lastIndex(of: UInt8(ascii: "\n")) { return Array(bytes[(newline + 1)...]) }
            if length == size || length >= Self.longestTail { return bytes }
            length = min(size, length * 64)
        }
    }

    private static let longestTail = 1 << 20

    /// Turns what the disk says before anything was written into a refusal.
    func attempt<Value>(_ work: () throws(DiskError) -> Value) throws(Refusal) -> Value {
        do {
            return try work()
        } catch {
            throw Refusal("\(error)")
        }
    }
}
