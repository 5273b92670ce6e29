/// How a worker leaves when it cannot go on but a new one may: the disk was full, say. It is restarted like one that
/// crashed.
public let workerGaveWay: Int32 = 75

/// The exit codes of the program, one meaning each; `docs/operations.md` and `--help` list them.
public enum ExitCode: Int32, CaseIterable, Sendable {
    /// Stopped gracefully, or the command did what it was asked.
    case done = 0
    /// The operation failed; the message says why.
    case failed = 1
    /// The command line was wrong.
    case usage = 2
    /// Another task holds the name.
    case nameTaken = 3
    /// The strategy does not compile or load.
    case notLoaded = 4
    /// `process_initialize` failed.
    case notInitialized = 5
    /// Gave up after repeated crashes.
    case gaveUp = 6
    /// Ctrl-C ended it before it was done; what was done until then is printed.
    case interrupted = 130
    /// Killed by request: a second Ctrl-C, or `stop_task -s SIGKILL`.
    case killed = 137

    /// What the code means, as `--help` prints it.
    public var meaning: String {
        switch self {
        case .done: "stopped gracefully"
        case .failed: "operation failed"
        case .usage: "wrong command line"
        case .nameTaken: "name taken by a running task"
        case .notLoaded: "the strategy does not compile or load"
        case .notInitialized: "process_initialize failed"
        case .gaveUp: "gave up after repeated crashes"
        case .interrupted: "run_backtest ended by Ctrl-C, with what was done until then"
        case .killed: "killed by request (second Ctrl-C, or SIGKILL)"
        }
    }
}
