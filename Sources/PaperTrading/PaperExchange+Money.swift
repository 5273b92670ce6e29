import Gates
import Market

extension PaperExchange {
    /// Cash and positions at the last prices: contracts count with what they have earned since the last settlement.
    public var equity: Money { held.reduce(cash) { $0 + worth(of: $1) } }

    private func worth(of number: Int) -> Money {
        let book = books[number]
        guard let multiplier = book.multiplier else { return book.last.times(book.long.amount) ?? .zero }
        func value(_ position: PaperPosition) -> Money {
            book.last.times(position.amount)?.times(multiplier) ?? position.basis
        }
        return value(book.long) - book.long.basis + book.short.basis - value(book.short)
    }

    /// Fills an order at a price, with as much as the market and the cash give; returns how much.
    @discardableResult
    func fill(_ order: PaperOrder, at price: Money, upTo most: Int64, _ time: Instant, _ terms: TradeTerms) -> Int64 {
        guard price > .zero else { return 0 }
        var amount = order.rest
        if most >= 0, most < amount { amount = most - most % terms.lot }
        if amount <= 0 { return 0 }
        if let part = portion?(amount), part < amount { amount = max(part - part % terms.lot, min(terms.lot, amount)) }
        let wanted = amount
        if order.opens { amount = affordable(amount, at: price, order, terms) }
        defer { if amount < wanted { endForLackOfCash(order) } }
        guard amount > 0, let value = terms.value(price, amount) else { return 0 }
        let cost = fees(of: order, with: amount, value, terms) - order.fees
        let profit = settle(order, amount, value, terms)
        cash = cash - cost
        fees = fees + cost
        worths.hasMoved = true
        note(order, amount, value, cost, terms)
        if most >= 0, books[order.security].budget >= 0 { books[order.security].budget -= amount }
        let position = order.ticket.position == .long ? books[order.security].long : books[order.security].short
        onFill?(
            PaperFill(
                id: order.ticket.id, time: time, security: order.ticket.security, side: order.ticket.side,
                position: order.ticket.position, amount: amount, price: price,
                multiplier: terms.multiplier, held: position.amount, fees: cost, profit: profit))
        return amount
    }

    private func endForLackOfCash(_ order: PaperOrder) {
        end(order, order.filled > 0 ? .partly_canceled : .canceled, "the cash pays for no more")
    }

    private func fees(of order: PaperOrder, with amount: Int64, _ value: Money, _ terms: TradeTerms) -> Money {
        terms.fees.total(
            of: order.value + value, lots: order.filled + amount, buys: order.buys, opens: order.opens,
            unit: terms.feeUnit)
    }

    /// How much of an amount the cash pays for, in whole lots.
    private func affordable(_ amount: Int64, at price: Money, _ order: PaperOrder, _ terms: TradeTerms) -> Int64 {
        let cash = available + order.frozen
        func isPaid(_ amount: Int64) -> Bool {
            guard let value = terms.value(price, amount), value.units < .max / 4 else { return false }
            let cost = fees(of: order, with: amount, value, terms) - order.fees
            return (terms.isFuture ? terms.margin(of: value) : value) + cost <= cash
        }
        if isPaid(amount) { return amount }
        var low: Int64 = 0
        var high = amount / terms.lot
        while high - low > 1 {
            let middle = (low + high) / 2
            if isPaid(middle * terms.lot) { low = middle } else { high = middle }
        }
        return low * terms.lot
    }

    /// Moves shares or contracts, and the cash for them; returns what a closing trade earned.
    private func settle(_ order: PaperOrder, _ amount: Int64, _ value: Money, _ terms: TradeTerms) -> Money {
        var profit = Money.zero
        var margin = Money.zero
        let isLong = order.ticket.position == .long
        change(of: order) { position in
            let before = position.margin
            if order.opens {
                position.amount += amount
                position.fresh += amount
                position.basis = position.basis + value
                position.cost = position.cost + value
                if !terms.isFuture { cash = cash - value }
            } else {
                position.frozen -= amount
                let removed = position.remove(amount)
                profit = isLong ? value - removed.cost : removed.cost - value
                let earned = isLong ? value - removed.basis : removed.basis - value
                cash = cash + (terms.isFuture ? earned : value)
            }
            position.margin = terms.margin(of: position.basis)
            margin = position.margin - before
        }
        margins = margins + margin
        books[order.security].multiplier = terms.isFuture ? terms.multiplier : nil
        noteHeld(order.security)
        return profit
    }

    /// Keeps the list of what is held.
    func noteHeld(_ number: Int) {
        let isHeld = books[number].long.amount > 0 || books[number].short.amount > 0
        if isHeld == books[number].isHeld { return }
        books[number].isHeld = isHeld
        if isHeld {
            let place = held.firstIndex { $0 > number } ?? held.count
            held.insert(number, at: place)
        } else {
            held.removeAll { $0 == number }
        }
    }

    /// Notes a fill in its order.
    private func note(_ order: PaperOrder, _ amount: Int64, _ value: Money, _ cost: Money, _ terms: TradeTerms) {
        order.filled += amount
        order.value = order.value + value
        order.fees = order.fees + cost
        order.multiplier = terms.multiplier
        if order.rest == 0 { order.status = .filled }
        let held = order.frozen
        order.frozen = hold(of: order, terms)
        frozen = frozen - held + order.frozen
        noteNews(of: order)
        noteOutcome()
    }

    /// Nothing counts as news from here on until something changes.
    public func noteTold() {
        isUntold = false
        isOutcomeUntold = false
        pricesMoved = false
    }

    /// The account as it stands.
    public func snapshot(now: Instant) -> AccountSnapshot {
        advance(to: now)
        return AccountSnapshot(
            totalValue: equity, availableCash: available, lockedCash: frozen, holdings: holdings,
            day: clock?.day ?? setting.hours.tradingDay(at: now), writtenAt: now, readAt: now)
    }

    /// What the account holds.
    public var holdings: [AccountSnapshot.Holding] {
        var holdings: [AccountSnapshot.Holding] = []
        holdings.reserveCapacity(held.count)
        for number in held {
            let book = books[number]
            if book.long.amount > 0 { holdings.append(holding(book, .long, book.long)) }
            if book.short.amount > 0 { holdings.append(holding(book, .short, book.short)) }
        }
        return holdings
    }

    /// Cash that open orders hold.
    public var lockedCash: Money { frozen }

    private func holding(
        _ book: SecurityBook, _ side: PositionSide, _ position: PaperPosition
    ) -> AccountSnapshot.Holding {
        // After the close an order is for the next day, on which today's shares may be sold.
        let waits = phase == .closed || book.terms?.sellsSameDay ?? false ? 0 : position.fresh
        let multiplier = book.multiplier ?? 1
        let now = book.last.times(position.amount)?.times(multiplier) ?? position.basis
        var value = now
        if book.multiplier != nil {
            value = position.margin + (side == .long ? now - position.basis : position.basis - now)
        }
        return AccountSnapshot.Holding(
            security: book.security, side: side, amount: position.amount,
            available: max(position.amount - position.frozen - waits, 0),
            cost: Money(units: position.cost.units / (position.amount &* multiplier)), lastPrice: book.last,
            value: value)
    }
}
