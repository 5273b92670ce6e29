import Market

/// How much an entry matters.
public enum LogLevel: Int, Comparable, Sendable, CaseIterable {
    case debug, info, warn, error

    /// The level named so, in letters of any size; `warning` is `warn`.
    public init?(_ name: some StringProtocol) {
        let name = name.uppercased() == "WARNING" ? "WARN" : name.uppercased()
        guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    /// `DEBUG`, `INFO`, `WARN` or `ERROR`.
    public var name: String {
        switch self {
        case .debug: "DEBUG"
        case .info: "INFO"
        case .warn: "WARN"
        case .error: "ERROR"
        }
    }

    /// True if `a` matters less than `b`.
    public static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
}

/// One thing that was said, when, and by which task.
public struct LogEntry: Hashable, Sendable {
    /// When, by the market's clock.
    public var time: MarketTime
    /// How much it matters.
    public var level: LogLevel
    /// The task that it is about.
    public var task: String
    /// What was said, of one line or several.
    public var message: String
    /// The job that was running, if it matters.
    public var job: String?

    /// An entry of a log.
    public init(time: MarketTime, level: LogLevel, task: String, message: String, job: String? = nil) {
        self.time = time
        self.level = level
        self.task = task
        self.message = message
        self.job = job
    }

    /// What a sink says in place of entries that it had to leave out, `last` the last of them.
    static func dropped(_ count: Int, last: LogEntry, because reason: String) -> LogEntry {
        let lines = count == 1 ? "1 line" : "\(count) lines"
        return LogEntry(time: last.time, level: .warn, task: last.task, message: "\(lines) dropped: \(reason)")
    }
}
