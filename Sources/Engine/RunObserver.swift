import Accounts
import Market
import PaperTrading

/// What a run tells the outside while it goes: a worker passes it on to its supervisor, a test records it, and a
/// backtest does not listen.
public struct RunObserver {
    /// An activity begins.
    public var begin: ((_ activity: String, _ at: Instant) -> Void)?
    /// The activity has ended.
    public var end: (() -> Void)?
    /// The next slot has changed: its job, its time, and the job's grace.
    public var next: (((job: String, at: Instant, grace: TimeSpan)?) -> Void)?
    /// The counts of job errors and missed slots have changed.
    public var counts: ((_ jobErrors: Int, _ missed: Int) -> Void)?
    /// The market's zone is another than was believed.
    public var zone: ((MarketZone) -> Void)?
    /// What the task trades with has been settled.
    public var mode: ((String) -> Void)?
    /// How many orders are open, and when the account was last read.
    public var account: ((_ openOrders: Int, _ syncedAt: Instant?) -> Void)?
    /// An order was filled on paper.
    public var fill: ((PaperFill) -> Void)?
    /// A dividend was paid on paper for what is held.
    public var dividend: ((Security, _ exDate: Day, _ cash: Money) -> Void)?
    /// A broker filled an order, or a part of it.
    public var trade: ((Trade) -> Void)?
    /// A trading day was settled on paper.
    public var dayClose: ((DayClose) -> Void)?
    /// The price of a security, told now and then: enough for a chart.
    public var price: ((Security, Instant, Money) -> Void)?
    /// How far apart prices are told at least; read when the feed is opened.
    public var priceEvery = TimeSpan.seconds(3600)
    /// The feed has said all that it will ever say.
    public var feedEnded: (() -> Void)?
    /// Between two activities: requests that have arrived may be taken now.
    public var betweenActivities: (() -> Void)?

    /// Nobody listens.
    public init() {}
}
