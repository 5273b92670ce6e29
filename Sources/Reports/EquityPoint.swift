import Market

/// What an account was worth at one moment.
public struct EquityPoint: Hashable, Sendable {
    /// When.
    public var time: Instant
    /// Cash and positions together.
    public var equity: Money
    /// Cash alone.
    public var cash: Money

    /// A point of the curve.
    public init(time: Instant, equity: Money, cash: Money) {
        self.time = time
        self.equity = equity
        self.cash = cash
    }
}
