import JQTrade
import Market
import MarketData
import Notation
import Storage

extension StrategyRun {
    /// What the caller has chosen for a run.
    public struct Setting {
        /// The task's name.
        public var taskName: String
        /// `live`, `paper` or `backtest`.
        public var mode: String
        /// True after a crash.
        public var isRestart: Bool
        /// When the task was started: a slot before it is skipped on a fresh start.
        public var startedAt: Instant
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
        /// The gates that the strategy may name.
        public var gates = GateRack()
        /// Where a stop is noted that was asked for while no run was there; nil where none can be.
        public var stopNote: String?
        /// The other tasks that run now, each with the folder of its orders.
        public var livingTasks: () -> [(name: String, folder: String)] = { [] }
        /// The user's own rules of the market (`rules.json`), and dividends and splits (`actions.csv`).
        public var paperFiles: PaperFiles?
        /// Where market data comes from, by the text of `market_data`.
        public var makeFeed: (_ spec: FeedSpec, _ desk: FeedDesk) throws -> any MarketFeed = { try $0.makeFeed($1) }
        /// False for those who only look at what a strategy sets up: no feed is opened, and every question of market data
        /// is answered with nothing.
        public var readsMarket = true
        /// In a backtest: its days.
        public var days: ClosedRange<Day>?
        /// The name of a job's function, where it has one.
        public var jobName: (@escaping JobFunction) -> String?

        /// A run as told.
        public init(
            taskName: String, mode: String, isRestart: Bool, startedAt: Instant, folder: String?,
            parameters: [JSON.Member], options: Options.Outside, calendarFiles: CalendarFiles?, disk: any FileStore,
            bootID: String,
            bootTime: @escaping () -> Instant, absolutePath: @escaping (String) -> String,
            jobName: @escaping (@escaping JobFunction) -> String?
        ) {
            self.taskName = taskName
            self.mode = mode
            self.isRestart = isRestart
            self.startedAt = startedAt
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
}
