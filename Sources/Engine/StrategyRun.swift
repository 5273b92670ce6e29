import Accounts
import JQTrade
import Logs
import Market
import Notation
import PaperTrading
import Scheduling
import Storage
import Time

/// One run of a strategy: its jobs on their slots, its options, its state. The same live and in virtual time; the
/// clock, the disk and the listeners are the caller's choice.
///
/// What each bar and each order looks at does without the check of exclusive access at run time, which would cost more
/// than the look: each is read or set in a moment, and all of it on one thread.
public final class StrategyRun {
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
    @exclusivity(unchecked) public var observer = RunObserver()
    /// Why the run ended.
    public internal(set) var ending = Ending.asked

    @exclusivity(unchecked) var phase = Phase.created
    var options: Options
    var problems: [String] = []
    var parameters: ParameterRegister
    var jobs = JobRegister()
    var slots: SlotKeeper?
    var slotFiles: SlotJournalFiles?
    var timer: LoopTimer?
    var midnightTimer: LoopTimer?
    /// The next slot as it was last told; nil before it was.
    var toldNext: Slot??
    var missed = 0
    @exclusivity(unchecked) var stateFile: StateFile?
    var currentSlot: Instant?
    @exclusivity(unchecked) var isBusy = false
    /// When the run last stopped waiting; nil while it waits.
    @exclusivity(unchecked) var busySince: Instant?
    @exclusivity(unchecked) var stopIsAsked = false
    var jobErrors = 0
    @exclusivity(unchecked) var account: Account?
    var syncTimer: LoopTimer?
    /// The exchange behind an account on paper.
    @exclusivity(unchecked) var exchange: PaperExchange?
    var orderCosts: OrderCosts?
    var slippage: Slippage?
    @exclusivity(unchecked) var isTellingNews = false
    /// False if nobody hears of the account's news as it comes.
    @exclusivity(unchecked) var hearsNews = true
    @exclusivity(unchecked) var desk: MarketDesk?
    /// True once the market's data was asked for and there is none.
    var hasNoMarket = false
    @exclusivity(unchecked) var subscriptions: [Subscription] = []
    /// What each of them calls.
    @exclusivity(unchecked) var handlers: ContiguousArray<BarHandler> = []
    var marketTimer: LoopTimer?
    var feedWatch: LoopWatch?
    var feedHasEnded = false
    /// When the strategy was last busy with the market's news: a slot that came due meanwhile waited behind it.
    var heldUp: (since: Instant, until: Instant)?
    /// Positions that do not exist and were asked for: each is told once a day.
    var missedPositions: (day: Day, codes: Set<String>)?
    /// Changes of the account that the strategy has not been called for yet.
    @exclusivity(unchecked) var heldChanges: [AccountChange] = []
    var absencesTold: Set<String> = []
    var currentJob: String?
    /// The slots of this trading day whose jobs ended the worker of a live task: these jobs do not run on it again.
    var suspended: (day: Day, after: [SlotKey])?
    /// The callbacks that have done so on this trading day.
    var suspendedCallbacks: (day: Day, names: Set<String>)?
    /// The callback of the market's data that runs and has sent nothing yet; of a live task alone.
    var quietCallback: String?
    /// The market's zone: the built-in one until the options are complete.
    public internal(set) var zone = MarketZone.shanghai { didSet { if zone != oldValue { tellZone() } } }
    /// Made anew for each call of the strategy: a context holds its run, and a run that held it would never be gone.
    var context: Context { Context(self) }
    /// What the timer of the next slot does: made once, for a run in virtual time sets that timer a million times.
    private(set) lazy var whenDue: () -> Void = { [unowned self] in self.runDueSlots() }

    /// What the timer of the market's next news does.
    private(set) lazy var whenMarketSpeaks: () -> Void = { [unowned self] in self.hearMarket() }

    /// A run that has not started.
    public init(_ entry: StrategyEntry, _ setting: Setting, loop: EventLoop, logger: Logger) {
        self.entry = entry
        self.setting = setting
        self.loop = loop
        self.logger = logger
        parameters = ParameterRegister(setting.parameters)
        options = Options(setting.options, gates: setting.gates, problems: &problems)
    }

    /// The jobs and hours, once the schedule is set.
    public var schedule: Schedule? {
        slots.map { Schedule(timetable: $0.timetable, periods: options.writtenPeriods, folder: runFolder) }
    }
}
