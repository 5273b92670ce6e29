import Market
import Processes
import Storage
import Time

/// The name of a task, taken: whoever holds the lock of its folder is the task, and nobody else.
public enum TaskLock {
    /// Who holds the name that was asked for.
    public struct Taken: Error, CustomStringConvertible {
        let name: TaskName
        let holder: String?

        /// What is wrong and what to do.
        public var description: String {
            let who = holder.map { "by the task with the supervisor \($0)" } ?? "by a worker that is finishing"
            return "The name \(name) is taken \(who). Stop it with: jqtrade stop_task -n \(name)"
        }
    }

    /// Takes the lock and notes this process in it. A lock that no living holder has noted is waited for shortly:
    /// `get_tasks` tries locks, and a task that was killed may be in its last moments.
    public static func take(_ name: TaskName, in home: Home, clock: any MarketClock) throws -> FileLock {
        let path = home.folder(of: name) + "/lock"
        let deadline = clock.now + .seconds(1)
        while true {
            if let lock = try FileLock.tryLock(path) {
                try lock.write(note: ProcessIdentity.current.description)
                return lock
            }
            let holder = (try? FileLock.note(at: path)).flatMap { $0 }.flatMap(ProcessIdentity.init)
            if let holder, holder.isAlive { throw Taken(name: name, holder: "pid \(holder.pid)") }
            guard clock.now < deadline else { throw Taken(name: name, holder: nil) }
            var nothing: [Watch] = []
            _ = clock.wait(until: clock.now + .milliseconds(5), watching: &nothing)
        }
    }
}
