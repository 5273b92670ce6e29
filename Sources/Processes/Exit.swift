import CSupport

/// How a process ended.
public enum Exit: Hashable, Sendable {
    /// It left with this exit code.
    case code(Int32)
    /// This signal ended it.
    case signal(Int32)

    init(status: Int32) {
        let signal = cs_exit_signal(status)
        self = signal == 0 ? .code(cs_exit_code(status)) : .signal(signal)
    }
}

extension Exit: CustomStringConvertible {
    /// `exit code 4`, `signal 11 (SIGSEGV)`.
    public var description: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let signal): "signal \(signal)" + (signalName(signal).map { " (\($0))" } ?? "")
        }
    }
}

/// The name of a signal by number, `SIGTERM`; nil for one that few ever meet.
public func signalName(_ signal: Int32) -> String? {
    switch signal {
    case SIGHUP: "SIGHUP"
    case SIGINT: "SIGINT"
    case SIGQUIT: "SIGQUIT"
    case SIGILL: "SIGILL"
    case SIGTRAP: "SIGTRAP"
    case SIGABRT: "SIGABRT"
    case SIGBUS: "SIGBUS"
    case SIGFPE: "SIGFPE"
    case SIGKILL: "SIGKILL"
    case SIGSEGV: "SIGSEGV"
    case SIGPIPE: "SIGPIPE"
    case SIGALRM: "SIGALRM"
    case SIGTERM: "SIGTERM"
    case SIGUSR1: "SIGUSR1"
    case SIGUSR2: "SIGUSR2"
    case SIGXCPU: "SIGXCPU"
    case SIGXFSZ: "SIGXFSZ"
    case SIGSYS: "SIGSYS"
    default: nil
    }
}

/// How a child of ours ended, once; nil while it runs, and for what is no child of ours or has been reaped before.
public func reap(_ pid: Int32) -> Exit? { pid > 0 ? wait(for: pid, options: WNOHANG)?.exit : nil }

/// The next child that has ended and how, the orphans that a subreaper has adopted among them; nil if none has.
public func reapNext() -> (pid: Int32, exit: Exit)? { wait(for: -1, options: WNOHANG) }

/// Waits for a child's end: how it ended, and the most memory in bytes that it, or a child of its own that it has reaped,
/// used at once.
public func waitMeasuring(_ pid: Int32) -> (exit: Exit, peakBytes: Int)? {
    var status: Int32 = 0
    let peak = cs_wait_measuring(pid, &status)
    return peak < 0 ? nil : (Exit(status: status), Int(peak))
}

/// Waits for a child's end, which the caller knows to be near.
func waitForEnd(of pid: Int32) -> Exit? { pid > 0 ? wait(for: pid, options: 0)?.exit : nil }

private func wait(for pid: Int32, options: Int32) -> (pid: Int32, exit: Exit)? {
    var status: Int32 = 0
    while true {
        let found = waitpid(pid, &status, options)
        if found > 0 { return (found, Exit(status: status)) }
        if found == 0 || cs_errno() != EINTR { return nil }
    }
}
