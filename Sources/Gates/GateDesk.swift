import Market
import Notation

/// What a gate is given when it is set up: plain values, and nothing of the program behind them.
public struct GateDesk {
    /// The gate's own options by name.
    public let options: [String: JSON]
    /// The task's name.
    public let taskName: String
    /// A folder of the task's own for what the gate wants to keep.
    public let folder: String
    /// The time now.
    public let now: () -> Instant
    /// The trading day now.
    public let day: () -> Day
    /// The market's time zone.
    public let zone: MarketZone
    /// An entry of the task's log.
    public let log: (GateLogLevel, String) -> Void

    /// A desk, as the program hands it over.
    public init(
        options: [String: JSON], taskName: String, folder: String, now: @escaping () -> Instant,
        day: @escaping () -> Day, zone: MarketZone, log: @escaping (GateLogLevel, String) -> Void
    ) {
        self.options = options
        self.taskName = taskName
        self.folder = folder
        self.now = now
        self.day = day
        self.zone = zone
        self.log = log
    }
}

/// How much an entry of a gate matters.
public enum GateLogLevel: Sendable {
    /// Seen with `--debug` only.
    case debug
    /// What the gate does.
    case info
    /// Something to look at.
    case warn
    /// Something went wrong.
    case error
}
