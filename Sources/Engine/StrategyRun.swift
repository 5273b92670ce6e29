import JQTrade
import Logs
import Market
import Notation
import Scheduling
import Storage
import Time

/// One run of a strategy: its jobs on their slots, its options, its state. The same live and in virtual time; the
/// clock, the disk and the listeners are the caller's choice.
public final class StrategyRun {
    /// What the caller has chosen for a run.
    public struct Setting {
        /// The task's name.
        public var taskName: String
        /// `live`, `paper` or `backtest`.
        public var mode: String
        /// True after a crash.
        public var isRestart: Bool
        /// The task's folder; nil when nothing is to be remembered on disk.
        public var folder: String?
        /// The parameters of `--param`.
        public var parameters: [JSON.Member]
        /// The options from outside the strategy.
        public var options: Options.Outside
        /// The user's calendar days.
        public var calendarFiles: CalendarFiles?
        /// The disk.
        public var disk: any FileStore
        /// The boot that this run belongs to.
        public var bootID: String
        /// When the machine was booted, by the clock as it is set now.
        public var bootTime: () -> Instant
        /// A path as the user meant it, made absolute.
        public var absolutePath: (String) -> String
        /// The name of a job's function, where it has one.
        public var jobName: (@escaping JobFunction) -> String?

        /// A run as told.
        public init(
            taskName: String, mode: String, isRestart: Bool, folder: String?, parameters: [JSON.Member],
            options: Options.Outside, calendarFiles: CalendarFiles?, disk: any FileStore, bootID: String,
            bootTime: @escaping () -> Instant, absolutePath: @escaping (String) -> String,
            jobName: @escaping (@escaping JobFunction) -> String?
        ) {
            self.taskName = taskName
            self.mode = mode
            self.isRestart = isRestart
            self.folder = folder
            self.parameters = parameters
            self.options = options
            self.calendarFiles = calendarFiles
            self.disk = disk
            self.bootID = bootID
            self.bootTime = bootTime
            self.absolutePath = absolutePath
            self.jobName = jobName
        }
    }

    /// How a start ended.
    public enum StartResult: Equatable, Sendable {
        /// The schedule is set.
        case ready
        /// It is not; all that was wrong.
        case failed([String])
    }

    /// Why a run ended.
    public enum Ending: Equatable, Sendable {
        /// Somebody asked for it.
        case asked
        /// Nobody watches over it any more; the next start continues it.
        case abandoned
        /// It cannot go on, and starting it again would not help.
        case failed(String)
        /// It cannot go on, but a new start may: the disk was full, say.
        case mayRetry(String)

        var mayRetry: Bool { if case .mayRetry = self { true } else { false } }
    }

    enum Phase {
        case created
        case initializing
        case running
        case stopped
    }

    let setting: Setting
    let loop: EventLoop
    let logger: Logger
    let entry: StrategyEntry
    /// Who listens.
    public var observer = RunObserver()
    /// Why the run ended.
    public internal(set) var ending = Ending.asked

    var phase = Phase.created
    var options: Options
    var problems: [String] = []
    var jobs = JobRegister()
    var slots: SlotKeeper?
    var slotFiles: SlotJournalFiles?
    var timer: LoopTimer?
    var midnightTimer: LoopTimer?
    let startedAt: Instant
    var missed = 0
    var stateFile: StateFile?
    var currentSlot: Instant?
    var isBusy = false
    var stopIsAsked = false
    var jobErrors = 0
    var absencesTold: Set<String> = []
    var currentJob: String?
    /// The market's zone: the built-in one until the options are complete.
    public internal(set) var zone = MarketZone.shanghai
    private(set) lazy var context = Context(self)

    /// A run that has not started.
    public init(_ entry: StrategyEntry, _ setting: Setting, loop: EventLoop, logger: Logger) {
        self.entry = entry
        self.setting = setting
        self.loop = loop
        self.logger = logger
        startedAt = loop.clock.now
        options = Options(setting.options, problems: &problems)
    }

    /// The jobs and hours, once the schedule is set.
    public var schedule: Schedule? {
        slots.map { Schedule(timetable: $0.timetable, periods: options.writtenPeriods, folder: runFolder) }
    }
}
