import CSupport
import Market
import Processes
import Storage
import Time

/// Stops one running task and waits until it is gone.
public struct TaskStop {
    /// How the stop went.
    public enum Outcome: Equatable, Sendable {
        /// The task is gone after this time; the pid was its worker's, or its supervisor's if it had no worker.
        case stopped(pid: Int32, after: TimeSpan)
        /// It is still there when the time is up; the request stays.
        case stillThere(busy: TaskStatus.Busy?)
    }

    private let registry: TaskRegistry
    private let clock: any MarketClock

    /// A stop of a task of this registry; the waiting is done by the clock.
    public init(registry: TaskRegistry, clock: any MarketClock) {
        self.registry = registry
        self.clock = clock
    }

    /// Asks the supervisor (or, when it is gone, the worker itself) to stop.
    public func ask(_ task: TaskRegistry.Listing) {
        _ = (task.supervisor ?? task.worker)?.send(SIGTERM)
    }

    /// Has the supervisor kill everything; if it does not within 1 s, does it itself, supervisor first, so that
    /// nothing is restarted.
    public func forcibly(_ task: TaskRegistry.Listing, timeout: TimeSpan) -> Outcome {
        let began = clock.now
        if let supervisor = task.supervisor, supervisor.send(SIGUSR2) {
            let outcome = wait(for: task, timeout: .seconds(1))
            if case .stopped = outcome { return outcome }
        }
        var victims: [ProcessIdentity] = []
        for root in [task.supervisor, task.worker].compactMap({ $0 }) {
            victims += [root] + descendants(of: root.pid).compactMap(ProcessIdentity.of)
        }
        for victim in victims { _ = victim.send(SIGKILL) }
        if let worker = task.worker { killGroup(worker.pid) }
        let outcome = wait(for: task, timeout: timeout)
        guard case .stopped(let pid, _) = outcome else { return outcome }
        if let name = try? TaskName(task.status.name) { try? registry.clear(name) }
        return .stopped(pid: pid, after: clock.now - began)
    }

    /// Waits until every process of the task is gone.
    public func wait(for task: TaskRegistry.Listing, timeout: TimeSpan) -> Outcome {
        let began = clock.now
        let processes = [task.worker, task.supervisor].compactMap { $0 }
        while processes.contains(where: \.isAlive) {
            guard clock.now - began < timeout else {
                let now = (try? TaskName(task.status.name)).flatMap(registry.task)
                return .stillThere(busy: now?.status.busy)
            }
            var nothing: [Watch] = []
            _ = clock.wait(until: clock.now + .milliseconds(2), watching: &nothing)
        }
        return .stopped(pid: processes.first?.pid ?? 0, after: clock.now - began)
    }
}
