import Market

/// Our own id of an order: unique for ever, and short enough for the format that carries it.
public typealias OrderID = String

/// Whether an order buys or sells.
public enum TradeSide: String, Sendable {
    /// Buys.
    case buy
    /// Sells.
    case sell
}

/// Which side of the market a position is on.
public enum PositionSide: String, Sendable, CustomStringConvertible {
    /// Owned.
    case long
    /// Owed.
    case short

    /// The word.
    public var description: String { rawValue }
}

/// How an order is priced, exactly.
public enum Pricing: Hashable, Sendable {
    /// At this price or better.
    case limit(Money)
    /// At the market.
    case market
    /// At the best price of the opposite side.
    case best
}

/// An order as it goes out. It never changes: what becomes of it is told by updates.
public struct OrderTicket: Hashable, Sendable {
    /// Our id.
    public let id: OrderID
    /// The security.
    public let security: Security
    /// Buys or sells.
    public let side: TradeSide
    /// The position that it changes.
    public let position: PositionSide
    /// Shares, more than 0.
    public let amount: Int64
    /// How it is priced.
    public let pricing: Pricing
    /// The trading day that it is for.
    public let day: Day
    /// When it was given.
    public let createdAt: Instant
    /// What the gate said before the order was sent, to be able to prove later whether it left.
    public let mark: String

    /// True if the position grows by it.
    public var opens: Bool { (side == .buy) == (position == .long) }

    /// An order to be sent.
    public init(
        id: OrderID, security: Security, side: TradeSide, position: PositionSide, amount: Int64, pricing: Pricing,
        day: Day, createdAt: Instant, mark: String = ""
    ) {
        self.id = id
        self.security = security
        self.side = side
        self.position = position
        self.amount = amount
        self.pricing = pricing
        self.day = day
        self.createdAt = createdAt
        self.mark = mark
    }
}

/// What has become of a call to a gate. There is no fourth answer, and no answer that means "probably".
public enum Submission: Hashable, Sendable {
    /// It is with the broker, or where the broker will find it.
    case sent
    /// No byte of it left us, for this reason.
    case refused(String)
    /// Whether it left cannot be told, for this reason.
    case unknown(String)
}

extension [Submission] {
    /// The answer to the order at a place: a gate that answers too little leaves the rest in doubt.
    package func answer(to place: Int) -> Submission {
        place < count ? self[place] : .unknown("the gate did not say what became of it")
    }
}

/// Whether an order was found among all that left us and all that was answered.
public enum Presence: Hashable, Sendable {
    /// It was: it has left.
    case found
    /// It was not, and it is certain that it never can be.
    case absent
    /// It cannot be told, for this reason.
    case inDoubt(String)
}
