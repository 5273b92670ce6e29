import CSupport
import Logs
import Processes
import Time

/// Catches what a process's own stdout or stderr says (helpers, C libraries, traps), line by line, into the log, and
/// remembers the last lines for the report of a crash.
public final class OutputCollector {
    private let descriptor: Int32
    private let loop: EventLoop
    private let write: (String) -> Void
    private var watch: LoopWatch?
    private var splitter = LineSplitter()
    /// The last lines, at most forty.
    public private(set) var lastLines: [String] = []
    private let remembered = 40

    /// Takes over the reading end of a pipe; each line goes to `write`.
    public init(descriptor: Int32, loop: EventLoop, write: @escaping (String) -> Void) {
        self.descriptor = descriptor
        self.loop = loop
        self.write = write
        setNonBlocking(descriptor)
        watch = loop.watch(descriptor, .read) { [unowned self] in self.drain() }
    }

    /// Reads what is there; at the end of the pipe, and when told to close, the last unended line counts too.
    private func drain() {
        while true {
            switch readAvailable(descriptor) {
            case .bytes(let bytes): splitter.lines(from: bytes).forEach(take)
            case .wouldBlock: return
            case .end, .failed: return finish()
            }
        }
    }

    /// Takes what is left in the pipe and closes it. A grandchild may hold the other end for ever, so nobody waits
    /// for its end.
    public func close() {
        drain()
        finish()
    }

    private func finish() {
        guard let watch else { return }
        loop.unwatch(watch)
        self.watch = nil
        _ = CSupport.close(descriptor)
        splitter.finish().map(take)
    }

    private func take(_ line: String) {
        if lastLines.count == remembered { lastLines.removeFirst() }
        lastLines.append(line)
        write(line)
    }
}
