import Gates
import Market

extension PaperExchange {
    /// Takes an order, or refuses it with the reason.
    public func submit(_ ticket: OrderTicket, now: Instant) -> Submission {
        do throws(PaperError) {
            matchAtOnce(try accept(ticket, now: now), now: now)
            return .sent
        } catch {
            return .refused(error.description)
        }
    }

    /// Takes an order without matching it yet.
    func accept(_ ticket: OrderTicket, now: Instant) throws(PaperError) -> PaperOrder {
        let order = try draft(ticket, now: now)
        let book = books[order.security]
        guard let clock, let terms = book.terms else { throw PaperError("the exchange has no day") }
        try PaperChecks(order: order, book: book, terms: terms, clock: clock, phase: phase).check()
        order.frozen = hold(of: order, terms)
        if order.frozen > max(available, .zero) {
            throw PaperError(
                "it costs \(order.frozen) with fees, and \(max(available, .zero)) is available", about: .cash)
        }
        put(order)
        return order
    }

    /// An order as it would be taken, if it may be; it holds nothing yet.
    func draft(_ ticket: OrderTicket, now: Instant) throws(PaperError) -> PaperOrder {
        advance(to: now)
        guard let clock else { throw PaperError("the exchange has no day") }
        if taken[ticket.id] != nil { throw PaperError("the order \(ticket.id) is here already") }
        if let reason = whyUnpriced?(ticket.security) { throw PaperError(reason) }
        let number = number(of: ticket.security)
        let book = books[number]
        let isAtClose = setting.fill == .thisClose && !book.hasTicks && hasJustEnded(book, now)
        let isForToday = now < clock.close || isAtClose
        let day = isForToday ? clock.day : setting.hours.calendar.next(after: clock.day)
        let terms = try terms(of: number, on: clock.day, low: book.last, high: book.last)
        let limit = limit(of: ticket, book, terms)
        return PaperOrder(
            ticket: ticket, security: number, day: day, limit: limit,
            holdPrice: limit ?? expectedPrice(of: ticket, book, terms),
            isForAuction: terms.keepsSessions && (phase == .opening || phase == .closed && book.hasTicks))
    }

    /// Asks for a cancel, which is done at once or refused.
    public func cancel(_ id: OrderID, now: Instant) -> Submission {
        if let reason = refusalOfCancel(id, now: now) { return .refused(reason) }
        noteCancel(of: id)
        return .sent
    }

    /// Why an order cannot be canceled now; nil if it can.
    public func refusalOfCancel(_ id: OrderID, now: Instant) -> String? {
        advance(to: now)
        guard let order = taken[id], !order.isGone else {
            return "no order \(id) is open here"
        }
        if order.status.isFinished { return "the order \(id) is \(order.status) already" }
        if setting.rules == .aShare, books[order.security].terms?.hasClosingAuction ?? false {
            let isBound = clock.map { now >= $0.close - SessionClock.closingTime && now < $0.close } ?? false
            if isBound || isBeforeOpeningMatch(now) {
                return "cancels are not taken from 09:20 to 09:25 and in the closing auction"
            }
        }
        return nil
    }

    /// True from 09:20 to 09:25.
    private func isBeforeOpeningMatch(_ now: Instant) -> Bool {
        guard let first = clock?.sessions.first?.start else { return false }
        let match = first - SessionClock.quietTime
        return now < match && now >= match - .seconds(300)
    }

    /// What has become of orders since the last call, each as it stands now.
    public func takeUpdates() -> [OrderUpdate] {
        var updates: [OrderUpdate] = []
        tellUpdates { updates.append($0) }
        return updates
    }

    /// The same, one after the other.
    func tellUpdates(to hear: (OrderUpdate) -> Void) {
        for order in changed {
            hear(order.update)
            order.hasNews = false
            order.isGone = order.status.isFinished
        }
        changed.removeAll(keepingCapacity: true)
    }

    /// True if an order was taken today.
    func knows(_ id: OrderID) -> Bool { taken[id] != nil }

    /// Lets updates tell of an order as it stands; false if it is no more here.
    func tellAgain(_ id: OrderID) -> Bool {
        guard let order = taken[id], !order.isGone else { return false }
        noteNews(of: order)
        return true
    }

    // MARK: Steps

    /// Cash that may be spent.
    var available: Money { cash - frozen - margins }

    /// The price that an order is bound to; nil for one at the market.
    private func limit(of ticket: OrderTicket, _ book: SecurityBook, _ terms: TradeTerms) -> Money? {
        if case .market = ticket.pricing { return nil }
        if case .limit(let price) = ticket.pricing, price != .zero { return price }
        let isBuying = ticket.side == .buy
        let others = isBuying ? book.asks : book.bids
        if let best = others.first, best.price > .zero { return best.price }
        guard book.last > .zero else { return nil }
        let price = isBuying ? book.last + terms.tick : max(book.last - terms.tick, terms.tick)
        if isBuying, let high = terms.high { return min(price, high) }
        if !isBuying, let low = terms.low { return max(price, low) }
        return price
    }

    /// What an order at the market will about be filled at; zero if nobody knows.
    private func expectedPrice(of ticket: OrderTicket, _ book: SecurityBook, _ terms: TradeTerms) -> Money {
        guard book.last > .zero, ticket.side == .buy else { return book.last }
        let half = setting.slippage.half(at: book.last, tick: terms.tick)
        return Money(units: terms.rounded(book.last.units &+ half, up: true))
    }

    /// The cash that the rest of an order holds.
    func hold(of order: PaperOrder, _ terms: TradeTerms) -> Money {
        guard order.opens, !order.status.isFinished, order.rest > 0 else { return .zero }
        guard let value = terms.value(order.holdPrice, order.rest), value.units < .max / 4 else {
            return Money(units: .max / 4)
        }
        let fees = terms.fees.total(
            of: order.value + value, lots: order.ticket.amount, buys: order.buys, opens: true, unit: terms.feeUnit)
        return (terms.isFuture ? terms.margin(of: value) : value) + fees - order.fees
    }

    func put(_ order: PaperOrder) {
        taken.add(order)
        books[order.security].orders.append(order)
        orderCount += 1
        frozen = frozen + order.frozen
        if !order.opens { change(of: order) { $0.frozen += order.rest } }
        noteNews(of: order)
    }

    /// Takes back an order that was accepted a moment ago, as if it had never come.
    func withdraw(_ order: PaperOrder) {
        frozen = frozen - order.frozen
        if !order.opens { change(of: order) { $0.frozen -= order.rest } }
        books[order.security].orders.removeAll { $0 === order }
        changed.removeAll { $0 === order }
        unwritten.removeAll { $0 === order }
        taken.keep { $0 !== order }
    }

    /// Ends an order that is not filled in whole.
    func end(_ order: PaperOrder, _ status: OrderStatus, _ message: String) {
        order.status = status
        order.message = message
        frozen = frozen - order.frozen
        order.frozen = .zero
        if !order.opens { change(of: order) { $0.frozen -= order.rest } }
        noteNews(of: order)
        noteOutcome()
    }

    /// Changes the position that an order is about.
    func change(of order: PaperOrder, _ body: (inout PaperPosition) -> Void) {
        if order.ticket.position == .long {
            body(&books[order.security].long)
        } else {
            body(&books[order.security].short)
        }
        touch(order.security)
    }

    func touch(_ number: Int) {
        guard isRemembered, !books[number].isTouched else { return }
        books[number].isTouched = true
        touched.append(number)
    }

    /// There is something of an order to be written down.
    func noteChange(of order: PaperOrder) {
        guard isRemembered, !order.isUnwritten else { return }
        order.isUnwritten = true
        unwritten.append(order)
    }

    /// Something has happened that nobody expects of himself.
    func noteOutcome() {
        isUntold = true
        isOutcomeUntold = true
    }

    func noteNews(of order: PaperOrder) {
        isUntold = true
        noteChange(of: order)
        if order.hasNews { return }
        order.hasNews = true
        changed.append(order)
    }

    /// True if a bar has ended at this moment: what is given now is given at its close.
    private func hasJustEnded(_ book: SecurityBook, _ now: Instant) -> Bool {
        book.time > Instant(nanoseconds: .min) && book.time <= now && now <= book.time + lateness
    }

    /// Fills an order that need not wait: with ticks from the book, and at the close of the bar that has just ended.
    func matchAtOnce(_ order: PaperOrder, now: Instant) {
        let number = order.security
        let book = books[number]
        guard book.hasTicks || setting.fill == .thisClose, let clock, let terms = book.terms, !terms.isPaused else {
            return
        }
        if book.hasTicks {
            let trades = phase == .trading || phase == .closing && !terms.hasClosingAuction
            guard !terms.keepsSessions || trades && book.openedDay == clock.day else { return }
            trade(order, of: number, now, terms)
        } else {
            guard hasJustEnded(book, now), !(terms.hasClosingAuction && clock.isWithinClosingAuction(now)) else {
                return
            }
            guard let price = Matching.price(of: order, last: book.last, terms, setting.slippage) else { return }
            fill(order, at: price, upTo: book.budget, now, terms)
        }
        dropFinished(of: number)
    }
}

extension PaperOrder {
    /// How it stands.
    var update: OrderUpdate {
        let isOver = status.isFinished
        return OrderUpdate(
            id: ticket.id, news: .state(filled > 0 && !isOver ? .filling : status), filledAmount: filled,
            canceledAmount: isOver ? ticket.amount - filled : nil,
            averagePrice: filled > 0 ? meanPrice : nil, filledValue: filled > 0 ? value : nil, commission: fees,
            message: message, entrustedAt: ticket.createdAt, source: "paper")
    }

    /// What a share of the filled ones cost on average.
    private var meanPrice: Money { Money(units: (value.units / multiplier + filled / 2) / filled) }
}
