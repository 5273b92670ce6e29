import Gates
import Market

extension PaperExchange {
    /// What is known of a security for a day.
    public func take(_ facts: DayFacts, of number: Int) {
        guard books.indices.contains(number) else { return }
        books[number].facts = facts
        books[number].terms = nil
        guard let preClose = facts.preClose, preClose > .zero, books[number].last == .zero else { return }
        books[number].last = preClose
    }

    /// A bar that has ended.
    public func take(_ bar: MarketBar, _ unit: BarUnit, of number: Int) {
        guard number < books.count, number >= 0 else { return }
        take(bar, unit, of: books[number])
    }

    /// A bar that has ended, for those who keep a security's book at hand.
    public func take(_ bar: MarketBar, _ unit: BarUnit, of book: SecurityBook) {
        if bar.end > worths.time { beginInstant(bar.end) }
        if bar.end >= changesAt { advance(to: bar.end) }
        if book.time < dayBegan { look(atFirst: bar.open, of: book.number) }
        let before = book.time
        let (isHeld, isWaiting) = book.note(bar, volumeShare: setting.volumeShare)
        if isHeld { (pricesMoved, worths.hasMoved) = (true, true) }
        if isWaiting { match(bar, unit, of: book.number, before: before) }
    }

    /// A tick.
    public func take(_ tick: MarketTick, of number: Int) {
        guard number < books.count, number >= 0, tick.last > .zero else { return }
        if tick.time > worths.time { beginInstant(tick.time) }
        if tick.time >= changesAt { advance(to: tick.time) }
        let isAuctions = phase == .opening || phase == .quiet
        books[number].hasTicks = true
        if books[number].isHeld, books[number].last != tick.last { (pricesMoved, worths.hasMoved) = (true, true) }
        books[number].last = tick.last
        books[number].time = tick.time
        books[number].bids = tick.bids
        books[number].asks = tick.asks
        books[number].takenBids = 0
        books[number].takenAsks = 0
        books[number].budget = -1
        // Before trading begins, only a tick with a volume is the auction's price.
        let opens = phase == .quiet && tick.volume > 0 || !isAuctions
        let isFirst = opens && books[number].openedDay != day
        if isFirst {
            books[number].openedDay = day
            look(atFirst: tick.last, of: number)
        }
        if !books[number].orders.isEmpty { matchTick(of: number, isFirst: isFirst) }
    }
}

extension PaperExchange {
    /// Matches the open orders of a security with a bar, in order of arrival; the bar before it ended then.
    private func match(_ bar: MarketBar, _ unit: BarUnit, of number: Int, before: Instant) {
        guard let clock, let terms = try? terms(of: number, on: clock.day, low: bar.low, high: bar.high),
            !terms.isPaused
        else { return }
        var isClose = false
        if terms.keepsSessions {
            if !clock.holds(barEnding: bar.end) { return }
            if terms.hasClosingAuction {
                if clock.isWithinClosingAuction(bar.end) { return }
                isClose = bar.end >= clock.close
            }
        }
        var begin = clock.start(ofBarEnding: bar.end, unit)
        if before < bar.end { begin = max(begin, before) }
        // What was given at the end of a bar cannot trade within it.
        for order in books[number].orders where order.ticket.createdAt < bar.end {
            if isClose, order.ticket.createdAt >= clock.close - SessionClock.closingTime {
                if let price = Matching.price(of: order, at: bar.close, terms) {
                    fill(order, at: price, upTo: books[number].budget, bar.end, terms)
                }
            } else if order.ticket.createdAt > begin + lateness {
                match(order, givenWithin: bar, unit, terms)
            } else if let price = Matching.price(of: order, in: bar, terms, setting.slippage) {
                let isAtOpen = Matching.isAtOpen(order, bar, terms)
                let time = isAtOpen ? max(begin, order.ticket.createdAt) : bar.end
                fill(order, at: price, upTo: books[number].budget, time, terms)
            }
            order.isForAuction = false
        }
        dropFinished(of: number)
    }

    /// An order that was given within a bar: nobody knows what of it came later but its close.
    private func match(_ order: PaperOrder, givenWithin bar: MarketBar, _ unit: BarUnit, _ terms: TradeTerms) {
        if setting.fill == .thisClose {
            let price = Matching.price(of: order, last: bar.close, terms, setting.slippage)
            if let price { fill(order, at: price, upTo: books[order.security].budget, bar.end, terms) }
        }
        // The next bar of a day is another day's.
        if unit == .day, order.day == clock?.day {
            order.day = setting.hours.calendar.next(after: order.day)
            noteChange(of: order)
        }
    }

    /// Matches the open orders of a security with its tick, in order of arrival.
    private func matchTick(of number: Int, isFirst: Bool) {
        let last = books[number].last
        guard let clock, let terms = try? terms(of: number, on: clock.day, low: last, high: last), !terms.isPaused
        else { return }
        for order in books[number].orders { matchTick(order, of: number, isFirst: isFirst, clock, terms) }
        dropFinished(of: number)
    }

    private func matchTick(
        _ order: PaperOrder, of number: Int, isFirst: Bool, _ clock: SessionClock, _ terms: TradeTerms
    ) {
        let time = books[number].time
        let isAuction = terms.keepsSessions && (order.isForAuction && isFirst || phase == .closed)
        if isAuction {
            // What is given after the close is for the next day.
            if phase == .closed, !terms.hasClosingAuction || time < clock.close || order.day > clock.day { return }
            if let price = Matching.price(of: order, at: books[number].last, terms) {
                fill(order, at: price, upTo: -1, time, terms)
            }
            order.isForAuction = false
            return
        }
        let trades = !terms.keepsSessions || phase == .trading || phase == .closing && !terms.hasClosingAuction
        if trades { trade(order, of: number, time, terms) }
    }

    /// Fills an order from the book where one is known, and at the last price otherwise.
    func trade(_ order: PaperOrder, of number: Int, _ time: Instant, _ terms: TradeTerms) {
        let levels = order.buys ? books[number].asks : books[number].bids
        if levels.isEmpty {
            let hasBook = !books[number].asks.isEmpty || !books[number].bids.isEmpty
            if hasBook { return }
            let last = books[number].last
            guard let price = Matching.price(of: order, last: last, terms, setting.slippage) else { return }
            fill(order, at: price, upTo: books[number].budget, time, terms)
            return
        }
        var skipped = order.buys ? books[number].takenAsks : books[number].takenBids
        for level in levels where level.price > .zero {
            let volume = max(level.volume, 0)
            let there = max(volume - skipped, 0)
            skipped = max(skipped - volume, 0)
            if there == 0 { continue }
            if let limit = order.limit, order.buys ? level.price > limit : level.price < limit { break }
            let taken = fill(order, at: level.price, upTo: there, time, terms)
            if order.buys { books[number].takenAsks += taken } else { books[number].takenBids += taken }
            if order.status.isFinished || taken == 0 { break }
        }
    }

    /// Lets orders go that are over.
    func dropFinished(of number: Int) {
        let book = books[number]
        // There is hardly ever more than one.
        if book.orders.allSatisfy(\.status.isFinished) {
            book.orders.removeAll(keepingCapacity: true)
        } else {
            book.orders.removeAll { $0.status.isFinished }
        }
    }
}
