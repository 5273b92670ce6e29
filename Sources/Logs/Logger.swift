import Market

/// What one task says, to one or several sinks. It knows the time only by asking `now`. All who write to it share it: the
/// market's zone becomes known while some of them have it already.
public final class Logger {
    /// The task whose log it is.
    public let task: String
    /// What matters less is not even put into words. It is looked at with each slot and order of a backtest, each time for a
    /// moment: the check of exclusive access would cost more than the look.
    @exclusivity(unchecked) public var minimum: LogLevel
    /// The market's zone, in whose time entries are dated.
    public var zone: MarketZone
    /// What must not be read in a log.
    public var secrets: SecretFilter
    /// Where the entries go.
    public var sinks: [LogSink]

    private let now: () -> Instant

    /// A log of a task.
    public init(
        task: String, minimum: LogLevel = .info, zone: MarketZone = .shanghai, secrets: SecretFilter = .none,
        sinks: [LogSink], now: @escaping () -> Instant
    ) {
        self.task = task
        self.minimum = minimum
        self.zone = zone
        self.secrets = secrets
        self.sinks = sinks
        self.now = now
    }

    /// Says something of interest to those who look for a mistake.
    public func debug(_ message: @autoclosure () -> String, job: String? = nil) { log(.debug, message(), job: job) }
    /// Says something that a user wants to know.
    public func info(_ message: @autoclosure () -> String, job: String? = nil) { log(.info, message(), job: job) }
    /// Says something that a user should look at.
    public func warn(_ message: @autoclosure () -> String, job: String? = nil) { log(.warn, message(), job: job) }
    /// Says something that went wrong.
    public func error(_ message: @autoclosure () -> String, job: String? = nil) { log(.error, message(), job: job) }

    /// Says something at a level.
    public func log(_ level: LogLevel, _ message: @autoclosure () -> String, job: String? = nil) {
        guard level >= minimum else { return }
        let entry = LogEntry(
            time: zone.local(now()), level: level, task: task, message: secrets.masking(message()), job: job)
        for sink in sinks { sink.write(entry) }
    }
}

/// Where entries go.
public enum LogSink {
    /// To a terminal or pipe.
    case console(ConsoleSink)
    /// To a file that rotates.
    case file(FileSink)
    /// To whoever is called with each entry, and may take its time.
    case listener((LogEntry) -> Void)

    /// Writes an entry, or counts it as dropped; it never throws, and waits for none but a listener.
    public func write(_ entry: LogEntry) {
        switch self {
        case .console(let sink): sink.write(entry)
        case .file(let sink): sink.write(entry)
        case .listener(let listen): listen(entry)
        }
    }
}
