import Gates
import Market

extension Account {
    /// Cash and positions, as they are now: at the last price where one is known, else at the broker's.
    public func portfolio(now: Instant) -> Portfolio {
        var portfolio = books.ledger.portfolio
        portfolio.staleness = staleness(at: now)
        for place in portfolio.holdings.indices {
            if let price = lastPrice(portfolio.holdings[place].security) { portfolio.value(place, at: price) }
        }
        return portfolio
    }

    /// False if the gate tells nothing of cash and positions.
    public var hasAccountSide: Bool { options.hasAccountSide }

    /// Cash that may be spent.
    public var availableCash: Money { books.ledger.availableCash }

    /// The position of a security, at its last price where that is known; an empty one where there is none.
    public func position(_ security: Security, _ side: PositionSide = .long) -> Holding {
        var holding = books.ledger.holding(PositionKey(security: security, side: side))
        if let price = lastPrice(security) { holding.value(at: price) }
        return holding
    }

    /// The order with this id.
    public func order(_ id: OrderID) -> OrderState? { books.orders[id]?.state }

    /// The day's orders, those refused before they were sent included, in the order in which they were given; each
    /// filter that is given must fit.
    public func orders(id: OrderID? = nil, security: Security? = nil, status: OrderStatus? = nil) -> [OrderState] {
        if let id { return order(id).map { fits($0, security, status) ? [$0] : [] } ?? [] }
        return books.orders.states.filter { fits($0, security, status) }
    }

    /// The orders that are not finished, in the order in which they were given.
    public func openOrders(_ security: Security? = nil) -> [OrderState] {
        books.orders.open.filter { fits($0, security, nil) }
    }

    /// The day's fills, in the order in which they became known.
    public var trades: [Trade] {
        books.trades.filter { $0.ticket.day == day || isOfToday($0.time, $0.ticket, $0.entrustedAt) }
    }

    /// An order that was given on an evening is alive on the next day, and what becomes of it there is that day's.
    private func isOfToday(_ state: OrderState) -> Bool {
        state.ticket.day == day || state.isAtWork || isOfToday(state.changedAt, state.ticket, state.entrustedAt)
    }

    /// True if what became known of an order then is of today; late news of what can only have been before is not.
    private func isOfToday(_ time: Instant, _ ticket: OrderTicket, _ entrustedAt: Instant?) -> Bool {
        hours.tradingDay(at: min(time, orderEnds.end(of: ticket, entrustedAt: entrustedAt))) == day
    }

    private func fits(_ state: OrderState, _ security: Security?, _ status: OrderStatus?) -> Bool {
        isOfToday(state) && security.map { state.ticket.security == $0 } ?? true
            && status.map { state.status == $0 } ?? true
    }
}
