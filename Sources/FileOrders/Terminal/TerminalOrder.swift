import Gates
import Market

/// An order as the terminal knows it: what it took from the folder and what has become of it.
public struct TerminalOrder: Sendable, Hashable {
    /// The counter's number: two rows with one id are two orders.
    public let number: Int
    /// The client's id.
    public let id: OrderID
    /// The security.
    public let security: Security
    /// Buys or sells.
    public let side: TradeSide
    /// Shares.
    public let amount: Int64
    /// Its limit; of an order at the market, the price that cash is held for.
    public let price: Money
    /// True if the market alone decides its price.
    public let isMarket: Bool
    /// The price type as it stood in the row, to be said again in reports.
    public let priceType: String
    /// The counter that it was meant for.
    public let counterType: String
    /// The trading day.
    public let day: Day
    /// When it was taken.
    public let entrustedAt: Instant

    /// Shares filled.
    public private(set) var filled: Int64 = 0
    /// What they cost or brought.
    public private(set) var filledValue = Money.zero
    /// Shares canceled.
    public private(set) var canceled: Int64 = 0
    /// True once a cancel has been taken.
    public internal(set) var isCanceling = false
    /// Why the counter sent it back.
    public private(set) var rejection: String?

    /// Shares that may still be filled.
    public var open: Int64 { rejection == nil ? amount - filled - canceled : 0 }
    /// True when nothing more can happen to it.
    public var isFinished: Bool { open == 0 }

    /// The status of an order that the counter has taken.
    public var status: OrderStatus {
        if rejection != nil { return .rejected }
        if filled == amount { return .filled }
        if canceled > 0 { return filled > 0 ? .partly_canceled : .canceled }
        if isCanceling { return .canceling }
        return filled > 0 ? .filling : .open
    }

    /// The mean price of what is filled.
    public var averagePrice: Money { filled == 0 ? .zero : Money(units: filledValue.units / filled) }

    /// How many shares an order may have.
    static let amounts: ClosedRange<Int64> = 1...1_000_000_000_000

    mutating func fill(_ count: Int64, at price: Money) {
        filled += count
        filledValue = filledValue + (price.times(count) ?? .zero)
    }

    mutating func cancel() { canceled = open }
    mutating func reject(_ reason: String) { rejection = reason }

    init(
        number: Int, id: OrderID, security: Security, side: TradeSide, amount: Int64, price: Money,
        isMarket: Bool = false, priceType: String, counterType: String, day: Day, entrustedAt: Instant
    ) {
        self.number = number
        self.id = id
        self.security = security
        self.side = side
        self.amount = amount
        self.price = price
        self.isMarket = isMarket
        self.priceType = priceType
        self.counterType = counterType
        self.day = day
        self.entrustedAt = entrustedAt
    }
}
