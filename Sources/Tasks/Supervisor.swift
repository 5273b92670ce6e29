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
    private let disk: any FileStore
    private let stopNote: String
    private let logger: Logger
    private let signals: SignalPipe
    private let report: TaskReport
    private let announce: (Announcement) -> Void

    private var worker: Worker?
    private var stopAsked: StopKind?
    private var stopAskedAt = TimeSpan.zero
    private var crashes = 0
    private var wasReady = false
    private var readySince: Instant?
    private var problem: String?
    private var restartTimer: LoopTimer?
    private var watchdog: Watchdog
    private var limiter: LineLimiter
    private var noticeTimer: LoopTimer?
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
        self.disk = disk
        stopNote = home.stopNote(of: name)
        var status = TaskStatus(name: name.text, code: launch.code, startedAt: loop.clock.now)
        status.out = launch.out
        status.environment = masked(launch.environment)
        status.parameters = launch.parameters
        status.debug = launch.debug
        status.supervisor = ProcessIdentity.of(getpid())?.description
        status.boot = bootID
        let file = StatusFile(path: home.folder(of: name) + "/status.json", disk: disk, loop: loop, status: status)
        report = TaskReport(file, loop: loop, logger: logger)
    }

    /// Supervises until the task is over; the answer is the program's exit code.
    public func run() -> ExitCode {
        _ = becomeSubreaper()
        _ = loop.watch(signals.descriptor, .read) { [unowned self] in self.takeSignals() }
        loop.onClockMove = { [unowned self] in self.logger.debug("\($0)") }
        ping()
        startWorker()
        loop.run()
        report.end()
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
            launch.isRestart = report.status.restarts > 0
            launch.startedAt = report.status.startedAt
            let worker = try Worker(
                executable: executable, launch: launch, environment: environment, lock: lock, loop: loop,
                log: { [unowned self] in self.logOutput($0, $1) }, receive: { [unowned self] in self.take($0) })
            self.worker = worker
            report.status.worker = worker.identity
            report.status.state = .starting
            logger.debug("worker started (pid \(worker.pid))")
        } catch {
            retryOrGiveUp("the worker could not be started: \(error)")
        }
    }

    private func workerEnded(_ exit: Exit) {
        guard let worker else { return }
        killGroup(worker.pid)
        if stopAsked == .kill { _ = killDescendants(of: getpid()) }
        worker.bury()
        self.worker = nil
        report.workerIsGone()
        judge(exit, lastWords: worker.lastWords)
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
            let report = CrashReport(exit: exit, lastLines: lastWords, code: launch.code)
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
        report.status.lastExit = reason
        guard settings.restart.restarts else { return finish(.gaveUp, "\(reason); not restarted (--restart never)") }
        guard crashes < settings.restart.limit else {
            return finish(.gaveUp, "\(reason); that was crash \(crashes) in a row")
        }
        let pause = settings.restart.pause(afterCrashes: crashes, jitter: Double.random(in: 0...1))
        logger.error("\(reason); restart \(crashes) in \(pause)")
        report.status.state = .backoff
        restartTimer = loop.after(pause) { [unowned self] in
            self.report.status.restarts += 1
            self.startWorker()
        }
    }

    private func finish(_ code: ExitCode, _ reason: String) {
        result = code
        if let notice = limiter.notice(at: loop.clock.now, atEnd: true) { logger.warn(notice) }
        if code == .done || code == .killed {
            logger.info("\(reason)")
        } else {
            report.status.state = .failed
            report.status.lastExit = reason
            logger.error("the task has failed: \(headline(reason)) (exit code \(code.rawValue): \(code.meaning))")
        }
        if !wasReady { announce(.failed(code, reason)) }
        loop.stop()
    }

    // MARK: What the worker says

    private func take(_ news: WorkerNews) {
        report.take(news)
        switch news {
        case .ready:
            wasReady = true
            readySince = loop.clock.now
            if stopAsked == nil { report.status.state = .running }
            announce(.ready(workerPID: worker?.pid ?? 0))
        case .problem(let text): problem = text
        case .pong: watchdog.answered()
        case .stopping:
            report.status.state = .stopping
            if stopAsked == nil { stopAsked = .graceful }
        case .begin, .end, .next, .counts, .zone, .mode, .account: break
        }
    }

    private func logOutput(_ level: LogLevel, _ line: String) {
        guard !line.isEmpty else { return }
        let now = loop.clock.now
        if let notice = limiter.notice(at: now) { logger.warn(notice) }
        if limiter.admits(at: now) { return logger.log(level, line) }
        guard noticeTimer == nil else { return }
        noticeTimer = loop.after(.seconds(60)) { [unowned self] in
            self.noticeTimer = nil
            if let notice = self.limiter.notice(at: self.loop.clock.now) { self.logger.warn(notice) }
        }
    }

    private func ping() {
        loop.after(settings.pingInterval) { [unowned self] in
            let isIdle = self.worker != nil && self.report.workerIsIdle
            switch self.watchdog.tick(now: self.loop.clock.now, workerIsIdle: isIdle) {
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
            case SIGINT where stopAsked != nil: if isAnotherKeystroke { stopNow("second Ctrl-C") }
            default: stopGracefully(signal)
            }
        }
    }

    /// One Ctrl-C may come twice: from the terminal, and from a program around us that passes it on.
    private var isAnotherKeystroke: Bool { loop.clock.elapsed - stopAskedAt > .milliseconds(200) }

    private func collectChildren() {
        while let (pid, exit) = reapNext() {
            if pid == worker?.pid { workerEnded(exit) }
        }
    }

    private func stopGracefully(_ signal: Int32) {
        guard stopAsked == nil else { return }
        stopAsked = .graceful
        stopAskedAt = loop.clock.elapsed
        guard let worker else {
            noteStop()
            return finish(.done, "stopped while waiting to restart")
        }
        report.status.state = .stopping
        worker.channel.send(WorkerRequest.stop.json)
        // What the worker has said already decides what it is waited for.
        worker.channel.drain()
        let hint = signal == SIGINT ? "; Ctrl-C again kills it" : ""
        if let busy = report.busyText {
            logger.info("stop requested; the task is \(busy)\(hint)")
        } else {
            logger.debug("stop requested")
        }
    }

    /// No worker is there to remember that a stop was asked for: the next one reads it here.
    private func noteStop() {
        do { try disk.replaceFile(stopNote, with: Array("\(loop.clock.now.nanoseconds)".utf8), durable: true) } catch {
            logger.error("the stop could not be recorded: \(error). The next start takes this one for a crash.")
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
