import Gates
import Market

/// What an exchange looks at before it takes an order: it trusts nobody in front of it.
struct PaperChecks {
    let order: PaperOrder
    let book: SecurityBook
    let terms: TradeTerms
    let clock: SessionClock
    let phase: SessionClock.Phase

    private var ticket: OrderTicket { order.ticket }

    /// Throws why the order is not taken.
    func check() throws(PaperError) {
        if ticket.amount <= 0 || ticket.amount > 1 << 40 {
            throw PaperError("\(ticket.amount) is no amount that anybody can order", about: .amount)
        }
        if terms.isPaused, order.day == clock.day {
            throw PaperError("\(ticket.security) is not traded on \(clock.day)", about: .pause)
        }
        if ticket.position == .short, !terms.isFuture {
            throw PaperError("\(ticket.security) cannot be sold short: only futures have a short side here")
        }
        if !order.opens { try checkAvailable() }
        if let units = terms.units { try checkLots(units) }
        if let limit = order.limit { try checkPrice(limit) }
    }

    private var position: PaperPosition { ticket.position == .long ? book.long : book.short }

    /// What may be sold or closed.
    private var available: Int64 {
        let waits = terms.sellsSameDay || order.day > clock.day ? 0 : position.fresh
        return max(position.amount - position.frozen - waits, 0)
    }

    private func checkAvailable() throws(PaperError) {
        if ticket.amount <= available { return }
        throw PaperError(
            "\(ticket.amount) cannot be sold: \(available) of \(position.amount) \(ticket.security) are available",
            about: .holding)
    }

    private func checkLots(_ units: TradingUnits) throws(PaperError) {
        let largest = order.limit == nil ? units.largestMarketOrder : units.largestLimitOrder
        if ticket.amount > largest {
            throw PaperError(
                "\(ticket.amount) is more than the largest order of \(ticket.security), \(largest)",
                about: .amount)
        }
        // A buy has no odd rest to take along.
        if SaleUnits(units: units, available: order.opens ? 0 : available).isWhole(ticket.amount) { return }
        throw PaperError(
            "\(ticket.amount) is no amount of \(ticket.security), which is ordered in lots of \(units.step), at least"
                + " \(units.least)", about: .amount)
    }

    private func checkPrice(_ limit: Money) throws(PaperError) {
        guard limit > .zero else { throw PaperError("\(limit) is no price: it must be above 0", about: .price) }
        if limit.units % max(terms.tick.units, 1) != 0 {
            throw PaperError(
                "\(limit) is between two prices of \(ticket.security), which are \(terms.tick) apart",
                about: .price)
        }
        guard order.day == clock.day else { return }
        if let high = terms.high, limit > high {
            throw PaperError(
                "\(limit) is above \(high), the highest price of \(ticket.security) on \(clock.day)",
                about: .price)
        }
        if let low = terms.low, limit < low {
            throw PaperError(
                "\(limit) is below \(low), the lowest price of \(ticket.security) on \(clock.day)",
                about: .price)
        }
        if let cage = terms.cage, phase == .trading { try checkCage(cage, limit) }
    }

    private func checkCage(_ cage: PriceCage, _ limit: Money) throws(PaperError) {
        guard let best = order.buys ? book.asks.first ?? book.bids.first : book.bids.first ?? book.asks.first else {
            return
        }
        let bound =
            order.buys
            ? cage.highest(over: best.price, tick: terms.tick) : cage.lowest(under: best.price, tick: terms.tick)
        if order.buys ? limit <= bound : limit >= bound { return }
        throw PaperError(
            "\(limit) is outside the price cage: a \(ticket.side) of \(ticket.security) may be at \(bound) at"
                + " \(order.buys ? "most" : "least") while others are at \(best.price)", about: .price)
    }
}
