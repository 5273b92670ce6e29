import CSupport
import Logs
import Market
import Notation
import Processes
import Storage
import Time

/// Starts a task's worker, restarts it when it crashes, stops it when asked, and tells the world how it stands.
public final class Supervisor {
    private let loop: EventLoop
    private let launch: TaskLaunch
    private let settings: SupervisionSettings
    private let executable: String
    private let environment: [String: String]
    private let lock: Int32
    private let logger: Logger
    private let signals: SignalPipe
    private let file: StatusFile
    private let announce: (Announcement) -> Void

    private var worker: Worker?
    private var stopAsked: StopKind?
    private var crashes = 0
    private var wasReady = false
    private var readySince: Instant?
    private var problem: String?
    private var restartTimer: LoopTimer?
    private var overdueTimer: LoopTimer?
    private var watchdog: Watchdog
    private var limiter: LineLimiter
    private var pastJobErrors = 0
    private var pastMissed = 0
    private var result = ExitCode.failed

    private enum StopKind {
        case graceful
        case kill
    }

    /// What a `--detach` caller waits for.
    public enum Announcement: Equatable, Sendable {
        /// The task is READY.
        case ready(workerPID: Int32)
        /// It will not be: with this exit code, for this reason.
        case failed(ExitCode, String)
    }

    /// The parts are chosen by the caller; the lock is held already.
    public init(
        loop: EventLoop, disk: any FileStore, home: Home, name: TaskName, launch: TaskLaunch,
        settings: SupervisionSettings, executable: String, environment: [String: String], lock: Int32,
        logger: Logger, signals: SignalPipe, bootID: String, announce: @escaping (Announcement) -> Void
    ) {
        self.loop = loop
        self.launch = launch
        self.settings = settings
        self.executable = executable
        self.environment = environment
        self.lock = lock
        self.logger = logger
        self.signals = signals
        self.announce = announce
        watchdog = Watchdog(interval: settings.pingInterval, limit: settings.pingLimit)
        limiter = LineLimiter(perMinute: settings.outputLinesPerMinute)
        var status = TaskStatus(name: name.text, code: launch.code, startedAt: loop.clock.now)
        status.out = launch.out
        status.environment = masked(launch.environment)
        status.parameters = launch.parameters
        status.debug = launch.debug
        status.supervisor = ProcessIdentity.of(getpid())?.description
        status.boot = bootID
        file = StatusFile(path: home.folder(of: name) + "/status.json", disk: disk, loop: loop, status: status)
    }

    /// Supervises until the task is over; the answer is the program's exit code.
    public func run() -> ExitCode {
        _ = becomeSubreaper()
        _ = loop.watch(signals.descriptor, .read) { [unowned self] in self.takeSignals() }
        loop.onClockMove = { [unowned self] in self.logger.debug("\($0)") }
        ping()
        startWorker()
        loop.run()
        if result == .done || result == .killed { file.remove() } else { file.writeNow() }
        return result
    }

    // MARK: The worker's life

    private func startWorker() {
        restartTimer = nil
        problem = nil
        readySince = nil
        watchdog.reset()
        do {
            var launch = launch
            launch.isRestart = file.status.restarts > 0
            let worker = try Worker(
                executable: executable, launch: launch, environment: environment, lock: lock, loop: loop,
                log: { [unowned self] in self.logOutput($0, $1) }, receive: { [unowned self] in self.take($0) })
            self.worker = worker
            file.status.worker = worker.identity
            if !wasReady { file.status.state = .starting }
            logger.debug("worker started (pid \(worker.pid))")
        } catch {
            file.status.lastExit = "the worker could not be started: \(error)"
            logger.error("the worker could not be started: \(error)")
            retryOrGiveUp("could not be started: \(error)")
        }
    }

    private func workerEnded(_ exit: Exit) {
        guard let worker else { return }
        killGroup(worker.pid)
        if stopAsked == .kill { _ = killDescendants(of: getpid()) }
        worker.bury()
        self.worker = nil
        if let overdueTimer { loop.cancel(overdueTimer) }
        clearActivity()
        judge(exit, lastWords: worker.lastWords)
    }

    private func clearActivity() {
        pastJobErrors = file.status.jobErrors
        pastMissed = file.status.missed
        file.status.busy = nil
        file.status.nextSlot = nil
        file.status.isOverdue = false
        file.status.worker = nil
    }

    /// What follows from the way a worker ended. Its code counts only with the worker's own word for it: a strategy
    /// that calls `exit(0)` by itself has crashed, for nobody asked it to leave.
    private func judge(_ exit: Exit, lastWords: [String]) {
        let code: ExitCode? = if case .code(let number) = exit { ExitCode(rawValue: number) } else { nil }
        switch (stopAsked, code, problem) {
        case (.kill?, _, _): finish(.killed, "killed")
        case (.graceful?, .done?, _): finish(.done, "stopped")
        case (_, .notLoaded?, let problem?): finish(.notLoaded, problem)
        case (_, .failed?, let problem?): finish(.failed, problem)
        case (_, .notInitialized?, let problem?) where !wasReady: finish(.notInitialized, problem)
        case (.graceful?, _, _): finish(.failed, "ended with \(exit) while stopping")
        case (_, .notInitialized?, let problem?): retryOrGiveUp("process_initialize: \(problem)")
        default:
            let report = CrashReport(exit: exit, lastLines: lastWords, codeFolder: folder(of: launch.code))
            if let notice = limiter.notice(at: loop.clock.now, atEnd: true) {
                logger.warn("\(notice); the worker's last words were:")
                for line in lastWords.suffix(20) { logger.warn(line) }
            }
            retryOrGiveUp(problem ?? report.summary)
        }
    }

    private func retryOrGiveUp(_ reason: String) {
        if let readySince, loop.clock.now - readySince >= settings.restart.healthyAfter { crashes = 0 }
        crashes += 1
        file.status.lastExit = reason
        guard settings.restart.restarts else { return finish(.gaveUp, "\(reason); --restart never") }
        guard crashes < settings.restart.limit else {
            return finish(.gaveUp, "\(reason); that was crash \(crashes) in a row")
        }
        let pause = settings.restart.pause(afterCrashes: crashes, jitter: Double.random(in: 0...1))
        logger.error("\(reason); restart \(crashes) in \(pause)")
        file.status.state = .backoff
        restartTimer = loop.after(pause) { [unowned self] in
            self.file.status.restarts += 1
            self.startWorker()
        }
    }

    private func finish(_ code: ExitCode, _ reason: String) {
        result = code
        if code == .done || code == .killed {
            logger.info("\(reason)")
        } else {
            file.status.state = .failed
            file.status.lastExit = reason
            logger.error("the task has failed: \(headline(reason)) (exit code \(code.rawValue): \(code.meaning))")
        }
        if !wasReady { announce(.failed(code, reason)) }
        loop.stop()
    }

    // MARK: What the worker says

    private func take(_ news: WorkerNews) {
        switch news {
        case .ready:
            wasReady = true
            readySince = loop.clock.now
            if stopAsked == nil { file.status.state = .running }
            // Whoever hears that the task is READY may look at once.
            file.writeNow()
            announce(.ready(workerPID: worker?.pid ?? 0))
        case .begin(let activity, let at):
            file.status.busy = .init(activity: activity, since: at)
            if file.status.state == .running { file.status.state = .busy }
        case .end:
            file.status.busy = nil
            if file.status.state == .busy { file.status.state = .running }
        case .next(let slot): expect(slot)
        case .counts(let jobErrors, let missed):
            file.status.jobErrors = pastJobErrors + jobErrors
            file.status.missed = pastMissed + missed
        case .mode(let mode): file.status.mode = mode
        case .problem(let text): problem = text
        case .pong: watchdog.answered()
        case .stopping:
            file.status.state = .stopping
            if stopAsked == nil { stopAsked = .graceful }
        }
    }

    /// A slot is overdue when its time has passed by more than its grace and the worker is still busy with something.
    private func expect(_ slot: NextSlot?) {
        if let overdueTimer { loop.cancel(overdueTimer) }
        overdueTimer = nil
        file.status.nextSlot = slot
        file.status.isOverdue = false
        guard let slot else { return }
        overdueTimer = loop.at(slot.at + slot.grace) { [unowned self] in
            guard let busy = self.file.status.busy else { return }
            self.file.status.isOverdue = true
            let waited = self.loop.clock.now - busy.since
            self.logger.warn("the slot of \(slot.job) is overdue: the task is busy with \(busy.activity) for \(waited)")
        }
    }

    private func logOutput(_ level: LogLevel, _ line: String) {
        guard !line.isEmpty else { return }
        let now = loop.clock.now
        if let notice = limiter.notice(at: now) { logger.warn(notice) }
        if limiter.admits(at: now) { logger.log(level, line) }
    }

    private func ping() {
        loop.after(settings.pingInterval) { [unowned self] in
            let idle = self.worker != nil && self.file.status.state == .running && self.file.status.busy == nil
            switch self.watchdog.tick(now: self.loop.clock.now, workerIsIdle: idle) {
            case .ping(let number): self.worker?.channel.send(WorkerRequest.ping(number).json)
            case .quiet: break
            case .dead:
                self.logger.error("the idle worker has not answered \(self.settings.pingLimit) pings: it is killed")
                if let worker = self.worker { killGroup(worker.pid) }
            }
            self.ping()
        }
    }

    // MARK: Signals

    private func takeSignals() {
        while let signal = signals.next() {
            switch signal {
            case SIGCHLD: collectChildren()
            case SIGUSR2: stopNow("killed by stop_task")
            case SIGINT where stopAsked != nil: stopNow("second Ctrl-C")
            default: stopGracefully(signal)
            }
        }
    }

    private func collectChildren() {
        if let worker, let exit = reap(worker.pid) { workerEnded(exit) }
        _ = reapOthers(sparing: worker.map { [$0.pid] } ?? [])
    }

    private func stopGracefully(_ signal: Int32) {
        guard stopAsked == nil else { return }
        stopAsked = .graceful
        guard let worker else { return finish(.done, "stopped while waiting to restart") }
        file.status.state = .stopping
        worker.channel.send(WorkerRequest.stop.json)
        let hint = signal == SIGINT ? "; Ctrl-C again kills it" : ""
        if let busy = file.status.busy {
            let waited = loop.clock.now - busy.since
            logger.info("stop requested: waiting for \(busy.activity), busy for \(waited)\(hint)")
        } else {
            logger.debug("stop requested")
        }
    }

    private func stopNow(_ reason: String) {
        stopAsked = .kill
        if let restartTimer { loop.cancel(restartTimer) }
        logger.warn("\(reason): the worker and everything that it started is killed")
        guard let worker else { return finish(.killed, reason) }
        killGroup(worker.pid)
    }
}

/// The folder in which a strategy's own files lie.
private func folder(of code: String) -> String {
    guard code.hasSuffix(".swift"), let slash = code.lastIndex(of: "/") else { return code }
    return String(code[..<slash])
}
