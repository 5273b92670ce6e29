import CSupport
import Notation
import Processes
import Time

/// One end of the socket between supervisor and worker: a JSON object a line, in both directions.
///
/// Writing never blocks: what the other side does not read waits here, and past a bound is dropped, for a strategy
/// must not stand still because its supervisor was suspended.
public final class ControlChannel {
    /// The socket.
    public let descriptor: Int32
    private let loop: EventLoop
    private let receive: (JSON) -> Void
    private let closed: () -> Void
    private var watch: LoopWatch?
    private var writableWatch: LoopWatch?
    private var incoming: [UInt8] = []
    private var outgoing: [UInt8] = []
    private let bound = 1 << 20

    /// Takes over the descriptor: each line that is a JSON object goes to `receive`; the end of the other side is
    /// told once, to `closed`.
    public init(
        descriptor: Int32, loop: EventLoop, receive: @escaping (JSON) -> Void, closed: @escaping () -> Void
    ) {
        self.descriptor = descriptor
        self.loop = loop
        self.receive = receive
        self.closed = closed
        setNonBlocking(descriptor)
        watch = loop.watch(descriptor, .read) { [unowned self] in self.drain() }
    }

    /// Sends one line, now or when the other side reads again.
    public func send(_ message: JSON) {
        guard watch != nil, outgoing.count < bound else { return }
        message.append(to: &outgoing)
        outgoing.append(UInt8(ascii: "\n"))
        flush()
    }

    /// Stops listening and closes the socket.
    public func close() {
        guard let watch else { return }
        loop.unwatch(watch)
        if let writableWatch { loop.unwatch(writableWatch) }
        self.watch = nil
        writableWatch = nil
        _ = CSupport.close(descriptor)
    }

    private func flush() {
        while !outgoing.isEmpty {
            switch writeAvailable(descriptor, outgoing) {
            case .wrote(0): return wait()
            case .wrote(let count): outgoing.removeFirst(count)
            case .closed, .failed: outgoing.removeAll()
            }
        }
        if let writableWatch { loop.unwatch(writableWatch) }
        writableWatch = nil
    }

    private func wait() {
        guard writableWatch == nil else { return }
        writableWatch = loop.watch(descriptor, .write) { [unowned self] in self.flush() }
    }

    /// Takes what has arrived, without waiting.
    public func drain() {
        guard watch != nil else { return }
        var ended = false
        reading: while true {
            switch readAvailable(descriptor) {
            case .bytes(let bytes): incoming += bytes
            case .wouldBlock: break reading
            case .end, .failed:
                ended = true
                break reading
            }
        }
        while let end = incoming.firstIndex(of: UInt8(ascii: "\n")) {
            let line = incoming[..<end]
            incoming.removeSubrange(...end)
            if let message = try? JSON(parsing: line) { receive(message) }
        }
        if ended, watch != nil {
            close()
            closed()
        }
    }
}
