import CSupport
import Processes
import Tasks
import Time

/// The processes of one or many runs, a few at a time, until all are done or somebody presses Ctrl-C.
final class BacktestPool {
    /// Starts the run of this number.
    var start: ((Int, EventLoop) throws -> BacktestChild)?
    /// Hears how a run ended.
    var ended: ((Int, BacktestChild.Ending) -> Void)?
    /// So many run at once.
    var atOnce = 1 { didSet { fill() } }
    /// True once somebody wanted to end it early.
    private(set) var isInterrupted = false

    private let count: Int
    private let loop = EventLoop(clock: SystemClock())
    private let signals: SignalPipe
    /// Whether a run that is ended early still counts.
    private let keepsUnfinished: Bool
    private var next = 0
    private var running: [Int32: (index: Int, child: BacktestChild)] = [:]

    init(_ count: Int, keepsUnfinished: Bool) throws {
        signals = try SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE])
        self.count = count
        self.keepsUnfinished = keepsUnfinished
    }

    /// Runs them all.
    func run() {
        let watch = loop.watch(signals.descriptor, .read) { [unowned self] in
            while let signal = signals.next() { if signal != SIGCHLD { interrupt() } }
            bury()
            fill()
        }
        fill()
        if !running.isEmpty { loop.run() }
        loop.unwatch(watch)
    }

    private func fill() {
        while !isInterrupted, next < count, running.count < atOnce, let start {
            let index = next
            next += 1
            do {
                let child = try start(index, loop)
                running[child.pid] = (index, child)
            } catch {
                ended?(index, .failed(.failed, "\(error)"))
            }
        }
        if running.isEmpty { loop.stop() }
    }

    private func bury() {
        while let (pid, exit) = reapNext() {
            guard let (index, child) = running.removeValue(forKey: pid) else { continue }
            let ending = child.bury(exit)
            if keepsUnfinished || !isInterrupted { ended?(index, ending) }
        }
    }

    private func interrupt() {
        for (_, child) in running.values { if keepsUnfinished, !isInterrupted { child.stop() } else { child.kill() } }
        isInterrupted = true
    }
}
