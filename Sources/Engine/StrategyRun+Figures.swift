import Accounts
import Market
import PaperTrading

/// What a run has come to so far, for those who show it.
extension StrategyRun {
    /// What the account on paper is worth, and its cash; nil for a run without one.
    public var paperAccount: (equity: Money, cash: Money)? {
        guard let exchange else { return nil }
        exchange.advance(to: loop.clock.now)
        return (exchange.equity, exchange.cash)
    }

    /// What the account on paper was worth when the last instant was over that moved it; nil for a run without one.
    public var paperWorth: WorthMark? { exchange?.lastWorth }
    /// The deepest fall of the account on paper; nil if there was none.
    public var paperFall: WorthFall? { exchange?.deepestFall }

    /// What the account is worth, and its cash: on paper as its exchange knows it, live as the broker last told it. Nil
    /// without one, and while what the broker told is too old.
    public var worth: (equity: Money, cash: Money)? {
        if let paperAccount { return paperAccount }
        guard let portfolio = account?.portfolio(now: loop.clock.now), portfolio.syncedAt != nil,
            portfolio.staleness == nil
        else { return nil }
        return (portfolio.totalValue, portfolio.availableCash + portfolio.lockedCash)
    }

    /// How many orders were sent on each day of which the account still knows any: today, and those before that are open.
    public var ordersByDay: [Day: Int] {
        guard let account else { return [:] }
        return account.orders().filter(\.isSent).reduce(into: [:]) { $0[$1.ticket.day, default: 0] += 1 }
    }

    /// How many orders the paper exchange has taken.
    public var paperOrders: Int { exchange?.orderCount ?? 0 }

    /// How many bars and ticks the feed has sent.
    public var marketEvents: Int { desk?.events ?? 0 }
}
