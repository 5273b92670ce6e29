import CSupport
import Engine
import JQTrade
import Logs
import Market
import Notation
import Processes
import Storage
import StrategyLoading
import Tasks
import Time

/// The hidden command `worker`: what a supervisor starts. It loads the strategy and runs it until it is asked to stop,
/// or until the supervisor is gone.
enum WorkerCommand {
    /// A crash is reported at once and without a question, and tables iterate alike in every run.
    static let environment = [
        "SWIFT_BACKTRACE": "enable=yes,interactive=no,color=no,registers=none,images=none,limit=20,threads=crashed",
        "SWIFT_DETERMINISTIC_HASHING": "1",
    ]

    static func run() -> Int32 {
        var facts = stat()
        guard fstat(WorkerDescriptors.control, &facts) == 0, cs_is_socket(&facts) else {
            Console.complain("jqtrade worker: only a supervisor starts this. Use: jqtrade start_task -c CODE -n NAME")
            return ExitCode.usage.rawValue
        }
        for descriptor in [WorkerDescriptors.control, WorkerDescriptors.lock, WorkerDescriptors.console] {
            _ = cs_set_close_on_exec(descriptor, true)
        }
        // What a helper module prints shows at once in the log, and is not lost with a crash.
        cs_print_by_lines()
        do { return try Session().run() } catch {
            Console.complain("jqtrade worker: \(error)")
            return ExitCode.failed.rawValue
        }
    }

    /// One worker's life.
    private final class Session {
        private let clock = SystemClock()
        private let loop: EventLoop
        private let signals: SignalPipe
        private var channel: ControlChannel?
        private var launch: TaskLaunch?
        private var supervisorIsGone = false
        /// A stop may come together with the launch, before there is anything to stop.
        private var stopIsAsked = false
        private var strategy: StrategyRun?

        init() throws {
            loop = EventLoop(clock: clock)
            // Its supervisor, and with it the other end of stdout, may be gone while a job goes on.
            signals = try SignalPipe([SIGTERM, SIGPIPE])
        }

        func run() throws -> Int32 {
            let channel = ControlChannel(
                descriptor: WorkerDescriptors.control, loop: loop, receive: { [unowned self] in self.take($0) },
                closed: { [unowned self] in self.supervisorLeft() })
            self.channel = channel
            while launch == nil, !supervisorIsGone { loop.runOnce() }
            guard let launch else { return ExitCode.failed.rawValue }
            let settings = try StartTask.supervisionSettings(launch, home: Home(path: launch.home))
            let log = TaskLog(launch, settings, console: WorkerDescriptors.console, loop: loop)
            defer { log.finish() }
            _ = loop.watch(signals.descriptor, .read) { [unowned self] in self.takeSignals() }

            let entry: StrategyEntry
            do throws(StrategyError) { entry = try loadStrategy(library: launch.library) } catch {
                return leave(ExitCode.notLoaded.rawValue, "\(error)")
            }
            let run = StrategyRun(
                entry, try RunSetting.of(launch, mode: "paper", isRemembered: true), loop: loop,
                logger: log.logger)
            var observer = observer()
            let page = TaskPage(
                in: Home(path: launch.home).tasksFolder + "/" + launch.name, of: run, loop: loop, logger: log.logger)
            page.listen(&observer)
            run.observer = observer
            strategy = run
            switch run.start() {
            case .failed(let problems):
                for problem in problems { log.logger.error(problem) }
                return leave(ExitCode.notInitialized.rawValue, problems.joined(separator: "\n"))
            case .ready: tell(.ready)
            }
            page.begin()
            defer { page.finish() }
            if supervisorIsGone { run.abandon() } else if stopIsAsked { run.stop() } else { loop.run() }
            switch run.ending {
            case .asked, .abandoned: return ExitCode.done.rawValue
            case .failed(let problem): return leave(ExitCode.failed.rawValue, problem)
            case .mayRetry(let problem): return leave(workerGaveWay, problem)
            }
        }

        private func leave(_ code: Int32, _ problem: String) -> Int32 {
            tell(.problem(problem))
            return code
        }

        private func tell(_ news: WorkerNews) { channel?.send(news.json) }

        private func observer() -> RunObserver {
            var observer = RunObserver()
            observer.begin = { [unowned self] in self.tell(.begin(activity: $0, at: $1)) }
            observer.end = { [unowned self] in self.tell(.end) }
            observer.next = { [unowned self] slot in
                self.tell(.next(slot.map { NextSlot(job: $0.job, at: $0.at, grace: $0.grace) }))
            }
            observer.zone = { [unowned self] in self.tell(.zone($0.name)) }
            observer.mode = { [unowned self] in self.tell(.mode($0)) }
            observer.account = { [unowned self] in self.tell(.account(openOrders: $0, syncedAt: $1)) }
            observer.counts = { [unowned self] in self.tell(.counts(jobErrors: $0, missed: $1)) }
            observer.betweenActivities = { [unowned self] in
                self.channel?.drain()
                self.takeSignals()
            }
            return observer
        }

        private func take(_ message: JSON) {
            if launch == nil {
                launch = TaskLaunch(message)
                return
            }
            switch WorkerRequest(message) {
            case .stop:
                stopIsAsked = true
                strategy?.stop()
            case .ping(let number): tell(.pong(number))
            case nil: break
            }
        }

        private func takeSignals() {
            while signals.next() != nil {
                tell(.stopping)
                strategy?.stop()
            }
        }

        private func supervisorLeft() {
            supervisorIsGone = true
            strategy?.abandon()
        }
    }
}
