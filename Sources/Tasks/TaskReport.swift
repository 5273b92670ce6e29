import Logs
import Market
import Time

/// How a task stands, as its worker tells it: the status that others read, and the warning when a slot is overdue.
final class TaskReport {
    private let file: StatusFile
    private let loop: EventLoop
    private let logger: Logger
    private var overdueTimer: LoopTimer?
    private var pastJobErrors = 0
    private var pastMissed = 0

    init(_ file: StatusFile, loop: EventLoop, logger: Logger) {
        self.file = file
        self.loop = loop
        self.logger = logger
    }

    /// The status; each change finds its way to the file.
    var status: TaskStatus {
        get { file.status }
        set { file.status = newValue }
    }

    /// True while the worker waits for something to do, by its own word.
    var workerIsIdle: Bool { status.state == .running && status.busy == nil }

    /// What the worker says of its work; the rest of its news is the supervisor's.
    func take(_ news: WorkerNews) {
        switch news {
        case .begin(let activity, let at):
            status.busy = .init(activity: activity, since: at)
            if status.state == .running { status.state = .busy }
        case .end:
            status.busy = nil
            if status.state == .busy { status.state = .running }
        case .next(let slot): expect(slot)
        case .counts(let jobErrors, let missed):
            status.jobErrors = pastJobErrors + jobErrors
            status.missed = pastMissed + missed
        case .zone(let name):
            status.zone = name
            logger.zone = status.marketZone
        case .mode(let mode): status.mode = mode
        case .account(let openOrders, let syncedAt):
            status.openOrders = openOrders
            status.syncedAt = syncedAt
        case .ready, .problem, .pong, .stopping: break
        }
    }

    /// The worker is gone: what it was about to do is nobody's plan any more. What it counted stays.
    func workerIsGone() {
        expect(nil)
        pastJobErrors = status.jobErrors
        pastMissed = status.missed
        status.busy = nil
        status.worker = nil
    }

    /// The task is over: a trace of it stays only if it has failed.
    func end() { if status.state == .failed { file.writeNow() } else { file.remove() } }

    /// What the worker is busy with and for how long, in words.
    var busyText: String? {
        status.busy.map { "busy with \($0.activity) for \(loop.clock.now - $0.since)" }
    }

    /// A slot is overdue when its time has passed by more than its grace and the worker is still busy with something.
    private func expect(_ slot: NextSlot?) {
        if let overdueTimer { loop.cancel(overdueTimer) }
        overdueTimer = nil
        status.nextSlot = slot
        status.isOverdue = false
        guard let slot else { return }
        overdueTimer = loop.at(slot.at + slot.grace) { [unowned self] in
            guard let busy = self.busyText else { return }
            self.status.isOverdue = true
            self.logger.warn("the slot of \(slot.job) is overdue: the task is \(busy)")
        }
    }
}
