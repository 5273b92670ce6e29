import Market

/// Something that a broker said of one of our orders. Amounts are running totals of the order.
public struct OrderUpdate: Hashable, Sendable {
    /// What was said.
    public enum News: Hashable, Sendable {
        /// The order stands like this.
        case state(OrderStatus)
        /// A cancel was refused, for this reason; the order stands as it did.
        case cancelRefused(String)
    }

    /// Our id.
    public var id: OrderID
    /// What was said.
    public var news: News
    /// Shares filled; nil if it was not said.
    public var filledAmount: Int64?
    /// Shares canceled; nil if it was not said.
    public var canceledAmount: Int64?
    /// The mean price of what is filled.
    public var averagePrice: Money?
    /// What the filled shares cost or brought; of contracts price times multiplier.
    public var filledValue: Money?
    /// Fees so far, where the broker tells them.
    public var commission: Money?
    /// The broker's words, a refusal's reason above all.
    public var message: String
    /// The counter's number of the order.
    public var counterNumber: String
    /// When the broker took the order.
    public var entrustedAt: Instant?
    /// Where it was read, for the log: the file, or whatever tells it.
    public var source: String
    /// How many bytes into the file its row begins; nil if the source tells it, or nobody.
    public var offset: Int?

    /// Something that was said of an order.
    public init(
        id: OrderID, news: News, filledAmount: Int64? = nil, canceledAmount: Int64? = nil, averagePrice: Money? = nil,
        filledValue: Money? = nil, commission: Money? = nil, message: String = "", counterNumber: String = "",
        entrustedAt: Instant? = nil, source: String = "", offset: Int? = nil
    ) {
        self.id = id
        self.news = news
        self.filledAmount = filledAmount
        self.canceledAmount = canceledAmount
        self.averagePrice = averagePrice
        self.filledValue = filledValue
        self.commission = commission
        self.message = message
        self.counterNumber = counterNumber
        self.entrustedAt = entrustedAt
        self.source = source
        self.offset = offset
    }

    /// Where it was read, as the log tells it.
    public var place: String { offset.map { "\(source):\($0)" } ?? source }
}

/// What a broker says that an account holds, taken from complete files only.
public struct AccountSnapshot: Hashable, Sendable {
    /// A position as the broker tells it.
    public struct Holding: Hashable, Sendable {
        /// The security.
        public var security: Security
        /// Long or short.
        public var side: PositionSide
        /// Shares in all.
        public var amount: Int64
        /// Shares that may be sold now.
        public var available: Int64
        /// What a share cost on average.
        public var cost: Money
        /// The last price.
        public var lastPrice: Money
        /// What the shares are worth; of contracts, what of them is in the account's total beside its cash: their margin
        /// and what they have earned since they were last settled.
        public var value: Money

        /// A position.
        public init(
            security: Security, side: PositionSide = .long, amount: Int64, available: Int64, cost: Money,
            lastPrice: Money, value: Money
        ) {
            self.security = security
            self.side = side
            self.amount = amount
            self.available = available
            self.cost = cost
            self.lastPrice = lastPrice
            self.value = value
        }
    }

    /// Cash and positions together.
    public var totalValue: Money
    /// Cash that may be spent.
    public var availableCash: Money
    /// Cash held by open orders.
    public var lockedCash: Money
    /// The positions; an empty list is a true "none".
    public var holdings: [Holding]
    /// The trading day of the broker's files.
    public var day: Day
    /// When the broker's side last wrote it, by its file's clock.
    public var writtenAt: Instant
    /// When it was read.
    public var readAt: Instant

    /// An account as a broker tells it.
    public init(
        totalValue: Money, availableCash: Money, lockedCash: Money, holdings: [Holding], day: Day, writtenAt: Instant,
        readAt: Instant
    ) {
        self.totalValue = totalValue
        self.availableCash = availableCash
        self.lockedCash = lockedCash
        self.holdings = holdings
        self.day = day
        self.writtenAt = writtenAt
        self.readAt = readAt
    }
}
