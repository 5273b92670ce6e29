import Market

/// When a crashed worker is started again, and when the supervisor gives up.
public struct RestartPolicy: Equatable, Sendable {
    /// The pause after the first crash; it doubles with each further one.
    public var delay: TimeSpan = .seconds(1)
    /// The longest pause.
    public var longestDelay: TimeSpan = .seconds(60)
    /// So many crashes in a row, and the task has failed.
    public var limit = 10
    /// A worker that lived so long after READY was healthy: the count begins anew.
    public var healthyAfter: TimeSpan = .seconds(600)
    /// False for `--restart never`.
    public var restarts = true

    /// The policy of a task that names no other.
    public init() {}

    /// The pause after so many crashes in a row; `jitter` from 0 to 1 adds up to a tenth, so that tasks that
    /// crashed together do not come back together.
    public func pause(afterCrashes count: Int, jitter: Double) -> TimeSpan {
        let doublings = min(max(count - 1, 0), 30)
        let base = min(delay.seconds * Double(1 << doublings), longestDelay.seconds)
        return TimeSpan(seconds: base * (1 + 0.1 * jitter))
    }
}
