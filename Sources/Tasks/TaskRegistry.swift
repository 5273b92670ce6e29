import CSupport
import Market
import Notation
import Processes
import Storage

/// The tasks of one home as they stand now, read from their status files and locks; it talks to nobody.
public struct TaskRegistry {
    private let home: Home
    private let disk: any FileStore
    private let bootID: String

    /// The registry of a home.
    public init(home: Home, disk: any FileStore, bootID: String) {
        self.home = home
        self.disk = disk
        self.bootID = bootID
    }

    /// A task and the processes that are alive for it.
    public struct Listing: Sendable {
        /// The status, corrected by what is really alive.
        public var status: TaskStatus
        /// The worker, if it is alive.
        public var worker: ProcessIdentity?
        /// The supervisor, if it is alive.
        public var supervisor: ProcessIdentity?

        /// True while a process of the task lives.
        public var isAlive: Bool { worker != nil || supervisor != nil }
    }

    /// All tasks that run or have failed, by name.
    public func tasks() -> [Listing] {
        let names = (try? disk.list(home.tasksFolder)) ?? []
        return names.sorted().compactMap { try? TaskName($0) }.compactMap(task)
    }

    /// One task; nil when it neither runs nor has failed.
    public func task(_ name: TaskName) -> Listing? {
        let folder = home.folder(of: name)
        let written = json(folder + "/status.json").flatMap(TaskStatus.init)
        let isLocked = isLocked(folder + "/lock")
        // Whoever holds the lock is the task. Without a status of its own it is about to write one, or has lost it.
        if isLocked, let holder = holder(of: folder + "/lock"), written?.supervisor != holder.description {
            return starting(name, holder)
        }
        return written.map { corrected($0, isLocked: isLocked) }
    }

    private func starting(_ name: TaskName, _ holder: ProcessIdentity) -> Listing {
        let folder = home.folder(of: name)
        let lockedAt = ((try? disk.identity(of: folder + "/lock")) ?? nil)?.modified ?? 0
        let code = json(folder + "/task.json")?["code"]?.string ?? ""
        let status = TaskStatus(name: name.text, code: code, startedAt: Instant(nanoseconds: lockedAt))
        return Listing(status: status, worker: nil, supervisor: holder)
    }

    private func json(_ path: String) -> JSON? {
        (try? disk.readFile(path)).flatMap { $0 }.flatMap { try? JSON(parsing: $0) }
    }

    private func holder(of lock: String) -> ProcessIdentity? {
        let noted = (try? FileLock.note(at: lock)).flatMap { $0 }.flatMap(ProcessIdentity.init)
        return noted?.isAlive == true ? noted : nil
    }

    /// Forgets a failed task, so that it is no longer listed.
    public func clear(_ name: TaskName) throws(DiskError) {
        try disk.remove(home.folder(of: name) + "/status.json")
    }

    /// The status file tells the past: a task whose processes are gone did not end by its own word.
    private func corrected(_ written: TaskStatus, isLocked: Bool) -> Listing {
        let sameBoot = written.boot == bootID
        func living(_ identity: String?) -> ProcessIdentity? {
            guard isLocked, sameBoot, let found = identity.flatMap(ProcessIdentity.init), found.isAlive else {
                return nil
            }
            return found
        }
        var listing = Listing(
            status: written, worker: living(written.worker), supervisor: living(written.supervisor))
        guard listing.supervisor == nil else { return listing }
        listing.status.nextSlot = nil
        if listing.worker != nil {
            listing.status.state = .stopping
        } else if written.state != .failed {
            listing.status.state = .failed
            listing.status.busy = nil
            listing.status.lastExit = sameBoot ? "killed together with its supervisor" : "the machine was restarted"
        }
        return listing
    }

    /// Whether somebody holds the lock. Trying takes it for a moment if nobody does, which a start that meets it by
    /// chance waits out, for it finds no living holder's note in it.
    private func isLocked(_ path: String) -> Bool {
        guard access(path, F_OK) == 0 else { return false }
        guard let lock = try? FileLock.tryLock(path) else { return true }
        lock.release()
        return false
    }
}
