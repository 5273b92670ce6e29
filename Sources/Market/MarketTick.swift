/// What a market says of a security at one moment.
public struct MarketTick: Hashable, Sendable {
    /// A price in the book, and how many shares wait there.
    public struct Level: Hashable, Sendable {
        /// The price.
        public var price: Money
        /// The shares.
        public var volume: Int64

        /// A level of the book.
        public init(price: Money, volume: Int64) {
            self.price = price
            self.volume = volume
        }
    }

    /// When.
    public var time: Instant
    /// The last price.
    public var last: Money
    /// Shares traded since the trading day began.
    public var volume: Int64
    /// What they cost; zero where it is not known.
    public var amount: Money
    /// Who buys, the best price first, up to ten levels; empty where it is not known.
    public var bids: [Level]
    /// Who sells, the best price first, up to ten levels; empty where it is not known.
    public var asks: [Level]

    /// A tick.
    public init(
        time: Instant, last: Money, volume: Int64 = 0, amount: Money = .zero, bids: [Level] = [], asks: [Level] = []
    ) {
        self.time = time
        self.last = last
        self.volume = volume
        self.amount = amount
        self.bids = bids
        self.asks = asks
    }
}

/// What is known of a security for one trading day, before it trades; what is not known is nil.
public struct DayFacts: Hashable, Sendable {
    /// The trading day.
    public var day: Day
    /// The price that the day's limits are reckoned from.
    public var preClose: Money?
    /// The highest price of the day that the exchange takes.
    public var highLimit: Money?
    /// The lowest.
    public var lowLimit: Money?
    /// True if it is not traded on that day.
    public var isPaused: Bool

    /// What is known for a day.
    public init(
        day: Day, preClose: Money? = nil, highLimit: Money? = nil, lowLimit: Money? = nil, isPaused: Bool = false
    ) {
        self.day = day
        self.preClose = preClose
        self.highLimit = highLimit
        self.lowLimit = lowLimit
        self.isPaused = isPaused
    }
}
