import Gates
import Market

// For a counter in front of the exchange that has a memory, or a mind, of its own.
extension PaperExchange {
    /// Takes an order without matching it yet, or throws why not; answers with its limit, or else with the price that
    /// cash is held for.
    public func take(_ ticket: OrderTicket, now: Instant) throws(PaperError) -> Money {
        try accept(ticket, now: now).holdPrice
    }

    /// Takes back an order that was taken a moment ago, as if it had never come.
    public func withdraw(_ id: OrderID) {
        if let order = openOrder(id) { withdraw(order) }
    }

    /// Fills an open order now with what the market gives by itself; what is left waits for its data.
    public func match(_ id: OrderID, now: Instant) {
        advance(to: now)
        if let order = openOrder(id) { matchAtOnce(order, now: now) }
    }

    // MARK: Facts, of which nobody asks whether they may be

    /// Something that the account has held from the beginning.
    public func noteHolding(
        _ security: Security, _ amount: Int64, available: Int64, cost: Money, last: Money
    ) {
        let number = number(of: security)
        books[number].long = PaperPosition(amount: amount, basis: cost, cost: cost, fresh: amount - available)
        books[number].last = last
        noteHeld(number)
    }

    /// An order that was taken then, and the price that cash is held for.
    public func noteOrder(_ ticket: OrderTicket, holdPrice: Money, now: Instant) {
        guard let order = try? draft(ticket, now: now), let terms = books[order.security].terms else { return }
        order.holdPrice = holdPrice
        order.frozen = hold(of: order, terms)
        put(order)
    }

    /// A part of an order that was filled then, whatever the market says; answers how much it was.
    @discardableResult
    public func noteFill(of id: OrderID, _ amount: Int64, at price: Money, now: Instant) -> Int64 {
        advance(to: now)
        guard let order = openOrder(id), let day, let terms = try? terms(of: order.security, on: day) else { return 0 }
        books[order.security].last = price
        defer { dropFinished(of: order.security) }
        return fill(order, at: price, upTo: amount, now, terms)
    }

    /// What is left of an order was canceled.
    public func noteCancel(of id: OrderID) {
        guard let order = openOrder(id) else { return }
        end(order, order.filled > 0 ? .partly_canceled : .canceled, "")
        dropFinished(of: order.security)
    }

    /// An order was sent back.
    public func noteRejection(of id: OrderID, _ reason: String) {
        guard let order = openOrder(id) else { return }
        end(order, .rejected, reason)
        dropFinished(of: order.security)
    }

    /// Another day has come: what is open ends, and the days before it are settled if they were not.
    public func noteDay(_ day: Day) {
        for number in books.indices where !books[number].orders.isEmpty {
            endOrders(of: number, "the day ended") { _ in true }
        }
        while let clock, clock.day < day {
            settle(clock)
            begin(setting.hours.calendar.next(after: clock.day))
        }
        changesAt = Instant(nanoseconds: .min)
    }

    private func openOrder(_ id: OrderID) -> PaperOrder? {
        guard let order = taken[id], !order.status.isFinished else { return nil }
        return order
    }
}
