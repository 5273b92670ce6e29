import Market

/// What a run has come to so far, for those who show it.
extension StrategyRun {
    /// What the account on paper is worth, and its cash; nil for a run without one.
    public var paperAccount: (equity: Money, cash: Money)? {
        guard let exchange else { return nil }
        exchange.advance(to: loop.clock.now)
        return (exchange.equity, exchange.cash)
    }

    /// How many orders the paper exchange has taken.
    public var paperOrders: Int { exchange?.orderCount ?? 0 }

    /// How many bars and ticks the feed has sent.
    public var marketEvents: Int { desk?.events ?? 0 }
}
