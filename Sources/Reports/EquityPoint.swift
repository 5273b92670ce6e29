import Market

/// What an account was worth at one moment.
public struct EquityPoint: Hashable, Sendable {
    /// When.
    public var time: Instant
    /// The trading day that the moment belongs to: an evening's session belongs to the next one.
    public var day: Day
    /// Cash and positions together.
    public var equity: Money
    /// Cash alone.
    public var cash: Money

    /// A point of the curve.
    public init(time: Instant, day: Day, equity: Money, cash: Money) {
        self.time = time
        self.day = day
        self.equity = equity
        self.cash = cash
    }
}
