import Gates
import Market

/// A trade that a paper exchange made.
public struct PaperFill: Hashable, Sendable {
    /// The order.
    public let id: OrderID
    /// When, by the market's data: of a fill at a bar's open, when the bar began.
    public let time: Instant
    /// The security.
    public let security: Security
    /// Bought or sold.
    public let side: TradeSide
    /// The position that it changed.
    public let position: PositionSide
    /// Shares or contracts.
    public let amount: Int64
    /// At which price.
    public let price: Money
    /// How much of the underlying a contract is for; 1 for a share.
    public let multiplier: Int64
    /// How many the position has after it.
    public let held: Int64
    /// The fees of this fill.
    public let fees: Money
    /// What a closing trade earned against what the position had cost on average, before fees; zero for an opening one.
    public let profit: Money
}

/// How an account stands after a day's close.
public struct DayClose: Hashable, Sendable {
    /// The trading day.
    public let day: Day
    /// When its last session ended.
    public let closedAt: Instant
    /// Cash and positions at the last prices.
    public let equity: Money
    /// Cash, what orders and margins hold included.
    public let cash: Money
    /// All fees since the account was opened.
    public let fees: Money
}
