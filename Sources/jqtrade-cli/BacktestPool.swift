import CSupport
import Processes
import Tasks
import Time

/// The processes of one or many runs, a few at a time, until all are done or somebody presses Ctrl-C.
final class BacktestPool {
    /// True once somebody wanted to end it early.
    private(set) var isInterrupted = false
    private let loop = EventLoop(clock: SystemClock())
    private let signals: SignalPipe
    /// Whether a run that is ended early still counts.
    private let keepsUnfinished: Bool
    private var running: [Int32: (index: Int, child: BacktestChild)] = [:]

    init(_ surroundings: Surroundings, keepsUnfinished: Bool) throws {
        signals = try SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE])
        self.keepsUnfinished = keepsUnfinished
    }

    /// Runs `count` of them, and says of each how it ended.
    func run(
        _ count: Int, atOnce: Int, start: @escaping (Int, EventLoop) throws -> BacktestChild,
        ended: @escaping (Int, BacktestChild.Ending) -> Void
    ) {
        var next = 0
        func fill() {
            while !isInterrupted, next < count, running.count < atOnce {
                do {
                    let child = try start(next, loop)
                    running[child.pid] = (next, child)
                } catch {
                    ended(next, .failed(.failed, "\(error)"))
                }
                next += 1
            }
            if running.isEmpty { loop.stop() }
        }
        let watch = loop.watch(signals.descriptor, .read) { [unowned self] in
            while let signal = signals.next() { if signal != SIGCHLD { interrupt() } }
            while let (pid, exit) = reapNext() {
                guard let (index, child) = running.removeValue(forKey: pid) else { continue }
                let ending = child.bury(exit)
                if keepsUnfinished || !isInterrupted { ended(index, ending) }
            }
            fill()
        }
        fill()
        if !running.isEmpty { loop.run() }
        loop.unwatch(watch)
    }

    private func interrupt() {
        for (_, child) in running.values { if keepsUnfinished, !isInterrupted { child.stop() } else { child.kill() } }
        isInterrupted = true
    }
}
