import Gates
import Market

/// What an account is allowed to do. The defaults are for real money.
public struct AccountOptions: Hashable, Sendable {
    /// Whose rules hold (`market_rules`).
    public var rules = MarketRules.aShare
    /// True for real money: a day that the calendar does not cover is no day to trade on.
    public var isLive = true
    /// False for a gate that tells nothing of cash and positions: nothing is checked against them.
    public var hasAccountSide = true
    /// On which day what was bought may be sold: 0 on the same (`t_plus`); nil: as the market's rules and the broker say.
    public var tPlus: Int?
    /// Securities that may be sold on the day on which they were bought, whatever `tPlus` says; convertible bonds always
    /// may, and no code tells which funds may.
    public var sellsSameDayCodes: Set<Security> = []
    /// The sides that the gate trades.
    public var sides: Set<PositionSide> = [.long]
    /// True lets orders go outside the trading hours (`off_session_orders`).
    public var takesOffSessionOrders = false
    /// Orders are refused when the terminal has been silent for longer (`max_gate_silence`); zero: never.
    public var longestSilence = TimeSpan.seconds(30)
    /// How far apart the account is read (`sync_internal`). Of a terminal that writes it again and again, it may be no older
    /// than two of these, or than a silence may be long.
    public var syncInterval = TimeSpan.seconds(5)
    /// An order without any answer for so long is reported (`ack_timeout`).
    public var answerTimeout = TimeSpan.seconds(15)
    /// The largest value of one order (`max_order_value`); nil: any.
    public var largestOrderValue: Money? = Money(units: 1_000_000 * 10_000)
    /// Orders and cancels in any 60 seconds (`max_orders_per_minute`). Trading is high-frequency, and to be reported as
    /// such, from 300 in one second or 20,000 a day on: the defaults stay well below.
    public var mostPerMinute = 240
    /// Orders and cancels a day (`max_orders_per_day`).
    public var mostPerDay = 10_000
    /// The value of all that is filled or may still be filled in a day (`max_traded_value_per_day`); nil: any.
    public var largestValuePerDay: Money? = Money(units: 20_000_000 * 10_000)
    /// Products of futures that are new, or other than built in, by name: what a contract stands for.
    public var futures: [String: FuturesProduct] = [:]
    /// How far the clock of the broker's files may be off ours.
    public var clockTolerance = TimeSpan.seconds(2)
    /// Orders of the day that are still unfinished so long after the close have ended.
    public var dayEndsAfterClose = TimeSpan.seconds(30 * 60)
    /// Journals of days so long ago are removed, if no order in them is unfinished or in doubt.
    public var daysKept = 90
    /// What a trade is taken to cost until the broker tells.
    public var fees = FeeEstimate()

    /// The defaults.
    public init() {}

    /// True if the account must have been read on the day itself: a broker's files may be of another day, while an exchange
    /// on paper tells whatever changes.
    var readsDaily: Bool { isLive && hasAccountSide }

    /// True if an account that was read so long ago may be another by now.
    func isTooOld(_ age: TimeSpan) -> Bool { isTooLong(age) && age > syncInterval + syncInterval }

    /// True if a terminal that has been silent for so long may not be listening.
    func isTooLong(_ silence: TimeSpan) -> Bool { longestSilence > .zero && silence > longestSilence }
}
