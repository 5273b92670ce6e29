import CSupport

/// A terminal or pipe that is written to without ever waiting for it.
///
/// What it does not take at once waits in a backlog of up to 1,000 lines; further ones are dropped, which is said when it
/// takes lines again. One that is closed is given up for good.
public final class ConsoleSink {
    private let output: Output
    private let format: LogFormat
    private var backlog: [[UInt8]] = []
    private var dropped: (count: Int, last: LogEntry)?
    private var hasAsked = false
    private static let longestBacklog = 1000

    /// The console behind a descriptor, which stays its owner's.
    public init(descriptor: Int32, format: LogFormat = .text) {
        output = Output(descriptor)
        self.format = format
    }

    /// Called when lines wait for the console: somebody should call `drainAgain` in a little while.
    public var whenBacklogged: (() -> Void)?

    /// True while lines wait for the console to take them: `drain` at the end, too.
    public var hasBacklog: Bool { !backlog.isEmpty }

    /// Writes an entry, keeps it for later, or counts it as dropped.
    public func write(_ entry: LogEntry) {
        if output.isGone { return }
        drain()
        // Once lines are dropped, all are until the console has caught up, so that the gap is one and is said once.
        if dropped != nil || backlog.count >= Self.longestBacklog {
            dropped = ((dropped?.count ?? 0) + 1, entry)
        } else {
            backlog.append(format.bytes(of: entry))
            drain()
        }
        if !hasAsked { askForLater() }
    }

    /// Writes what the console will take by now, and asks again if that is not all.
    public func drainAgain() {
        drain()
        askForLater()
    }

    private func askForLater() {
        hasAsked = hasBacklog
        if hasAsked { whenBacklogged?() }
    }

    /// Writes what the console will take now.
    public func drain() {
        while true {
            if let dropped, backlog.isEmpty {
                let notice = LogEntry.dropped(
                    dropped.count, last: dropped.last, because: "the console did not take them")
                backlog.append(format.bytes(of: notice))
                self.dropped = nil
            }
            guard let line = backlog.first else { return }
            switch output.write(line) {
            case .taken(let count):
                if count < line.count {
                    backlog[0].removeFirst(count)
                } else {
                    backlog.removeFirst()
                }
            case .notNow: return
            case .refused: backlog.removeFirst()
            case .gone:
                backlog = []
                dropped = nil
                return
            }
        }
    }
}

/// A descriptor that is written to only as far as it takes bytes at once.
private final class Output {
    enum Outcome {
        case taken(Int)
        case notNow
        case refused
        case gone
    }

    private(set) var isGone = false
    private let descriptor: Int32
    /// Our own opening of the same terminal or pipe, which never waits; -1 if there can be none.
    private let reopened: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var about = stat()
        // A file never waits, and must be written where its first opening stands.
        let isFile = fstat(descriptor, &about) == 0 && cs_is_regular(&about)
        reopened = isFile ? -1 : cs_reopen_nonblocking(descriptor)
    }

    deinit { if reopened >= 0 { _ = close(reopened) } }

    func write(_ bytes: [UInt8]) -> Outcome {
        if isGone { return .gone }
        let target = reopened >= 0 ? reopened : descriptor
        var state = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
        let ready = poll(&state, 1, 0)
        if ready == 0 || ready < 0 && cs_errno() == EINTR { return .notNow }
        // Looking first spares the SIGPIPE that a write would bring.
        if state.revents & Int16(POLLERR | POLLNVAL | POLLHUP) != 0 { return lost() }
        // A pipe that is ready takes 512 bytes without waiting, whoever opened it.
        let count = reopened >= 0 ? bytes.count : min(bytes.count, 512)
        let taken = CSupport.write(target, bytes, count)
        if taken >= 0 { return taken == 0 ? .notNow : .taken(taken) }
        switch cs_errno() {
        case EAGAIN, EINTR: return .notNow
        case EPIPE, EIO, EBADF: return lost()
        default: return .refused
        }
    }

    private func lost() -> Outcome {
        isGone = true
        return .gone
    }
}
