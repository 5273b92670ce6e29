import Gates
import Market

/// One fill of a run.
public struct HistoryFill: Hashable, Sendable {
    /// When.
    public var time: Instant
    /// The security.
    public var security: Security
    /// Bought or sold.
    public var side: TradeSide
    /// The position that it changed.
    public var position: PositionSide
    /// Shares, or contracts.
    public var amount: Int64
    /// What one cost.
    public var price: Money
    /// How much of the underlying a contract is for: 10 tons in one of steel, 1 for a share.
    public var multiplier: Int64
    /// All that it cost beside the price: commission, taxes, transfer fee.
    public var fees: Money
    /// How many the position has after it, where the exchange tells: it knows of splits. Nil: what the fills add up to.
    public var held: Int64?

    /// A fill.
    public init(
        time: Instant, security: Security, side: TradeSide, position: PositionSide = .long, amount: Int64, price: Money,
        multiplier: Int64 = 1, fees: Money, held: Int64? = nil
    ) {
        self.time = time
        self.security = security
        self.side = side
        self.position = position
        self.amount = amount
        self.price = price
        self.multiplier = multiplier
        self.fees = fees
        self.held = held
    }

    /// What was traded in money, fees apart; the largest amount of money if it is more than that.
    public var value: Money { price.times(amount)?.times(multiplier) ?? Money(units: .max) }

    /// True if it makes its position larger.
    public var opens: Bool { (side == .buy) == (position == .long) }
}
