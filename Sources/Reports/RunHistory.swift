import Market

/// All that a run leaves behind for its figures and its page.
public struct RunHistory: Hashable, Sendable {
    /// What a security cost at one moment.
    public struct PricePoint: Hashable, Sendable {
        /// When.
        public var time: Instant
        /// The price.
        public var price: Money

        /// A point of a price's curve.
        public init(time: Instant, price: Money) {
            self.time = time
            self.price = price
        }
    }

    /// A parameter of the strategy, as it was in this run.
    public struct Parameter: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its value as text.
        public var value: String

        /// A parameter and its value.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What the page is headed by: the strategy's or the task's name.
    public var title: String
    /// `backtest`, `paper` or `live`.
    public var mode: String
    /// The market's clock.
    public var zone: MarketZone
    /// What the account began with.
    public var start: Money
    /// What it was worth, in order of time: at least at each day's close and at the end; more points tell drawdowns
    /// within a day too.
    public var points: [EquityPoint] = []
    /// What was traded, in order of time.
    public var fills: [HistoryFill] = []
    /// What was paid for what was held, in order of time.
    public var dividends: [HistoryDividend] = []
    /// What the securities cost, for the charts, each in order of time; `PriceCurve` keeps them few.
    public var prices: [Security: [PricePoint]] = [:]
    /// How many orders were given.
    public var orders = 0
    /// How many bars and ticks the strategy's market sent.
    public var bars = 0
    /// How long the run took, in seconds.
    public var seconds = 0.0
    /// False where fills were made by a broker who does not tell what they cost.
    public var feesAreKnown = true
    /// Where the prices came from, as the option `market_data` says it.
    public var marketData = ""
    /// The strategy's parameters.
    public var parameters: [Parameter] = []

    /// The history of a run that has not begun to trade.
    public init(title: String, mode: String, zone: MarketZone = .shanghai, start: Money) {
        self.title = title
        self.mode = mode
        self.zone = zone
        self.start = start
    }

    /// What the account was worth at the end of each trading day.
    public var dayCloses: [EquityPoint] {
        var closes: [EquityPoint] = []
        for point in points {
            if closes.last?.day == point.day { closes.removeLast() }
            closes.append(point)
        }
        return closes
    }
}
