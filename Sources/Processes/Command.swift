import CSupport

/// What a command that ran to its end left.
public struct CommandResult: Equatable, Sendable {
    /// How it ended.
    public let exit: Exit
    /// All of its standard output.
    public let output: [UInt8]
    /// All of its standard error.
    public let errors: [UInt8]
}

/// Why there is no result of a command.
public enum CommandError: Error, Equatable, CustomStringConvertible {
    /// It could not be started.
    case notStarted(SpawnError)
    /// The system refused what is needed to run it.
    case system(SystemError)
    /// This signal came meanwhile, and the command and its group were killed.
    case interrupted(Int32)

    /// What happened.
    public var description: String {
        switch self {
        case .notStarted(let error): error.description
        case .system(let error): error.description
        case .interrupted(let signal): "Interrupted by \(signalName(signal) ?? "signal \(signal)")."
        }
    }
}

/// Runs a command to its end and takes all that it writes; it reads /dev/null.
///
/// With `interruptedBy`, the command has a session of its own, and the first signal that comes (SIGCHLD aside) kills
/// all of its group. SIGCHLDs that come meanwhile are read away: who has other children looks after them afterwards.
public func runCommand(
    executable: String, arguments: [String] = [], environment: [String: String] = [:],
    workingDirectory: String? = nil, interruptedBy signals: SignalPipe? = nil
) throws(CommandError) -> CommandResult {
    let output = try CommandPipe()
    let errors = try CommandPipe()
    let pid: Int32
    do {
        pid = try spawn(
            SpawnRequest(
                executable: executable, arguments: arguments, environment: environment,
                workingDirectory: workingDirectory,
                descriptors: [(child: 1, parent: output.writeEnd), (child: 2, parent: errors.writeEnd)],
                newSession: signals != nil))
    } catch {
        throw .notStarted(error)
    }
    output.closeWriteEnd()
    errors.closeWriteEnd()
    if let signal = drain([output, errors], signals) {
        killGroup(pid)
        _ = waitForEnd(of: pid)
        throw .interrupted(signal)
    }
    guard let exit = waitForEnd(of: pid) else { throw .system(SystemError("wait for \(executable)")) }
    return CommandResult(exit: exit, output: output.bytes, errors: errors.bytes)
}

/// Reads until both pipes have ended, or returns the signal that came before.
private func drain(_ pipes: [CommandPipe], _ signals: SignalPipe?) -> Int32? {
    while pipes.contains(where: { !$0.hasEnded }) {
        let descriptors = pipes.map { $0.hasEnded ? -1 : $0.readEnd } + [signals?.descriptor ?? -1]
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard cs_poll(&polled, polled.count, -1) > 0 else { continue }
        while let signal = signals?.next() {
            if signal != SIGCHLD { return signal }
        }
        for (pipe, state) in zip(pipes, polled) where state.revents != 0 { pipe.readMore() }
    }
    return nil
}

private final class CommandPipe {
    let readEnd: Int32
    private(set) var writeEnd: Int32
    private(set) var bytes: [UInt8] = []
    private(set) var hasEnded = false

    init() throws(CommandError) {
        do {
            (readEnd, writeEnd) = try makePipe()
        } catch {
            throw .system(error)
        }
    }

    deinit {
        close(readEnd)
        closeWriteEnd()
    }

    func closeWriteEnd() {
        if writeEnd >= 0 { close(writeEnd) }
        writeEnd = -1
    }

    func readMore() {
        switch readAvailable(readEnd) {
        case .bytes(let more): bytes += more
        case .wouldBlock: break
        case .end, .failed: hasEnded = true
        }
    }
}
