import Gates
import Market

extension PaperExchange {
    /// All that must be remembered; nil before the first instant.
    func wholeFacts(lastNumber: Int64) -> PaperFacts? {
        guard let day else { return nil }
        var facts = PaperFacts(isWhole: true, day: day, cash: cash, fees: fees, lastNumber: lastNumber)
        facts.actionsThrough = actionsThrough
        facts.orders = taken.all.filter { !$0.isGone }
        for number in held { facts.holdings += holdings(of: number) }
        return facts
    }

    /// What has changed since it was last asked; nil if nothing has.
    func newFacts(lastNumber: Int64) -> PaperFacts? {
        guard let day, !unwritten.isEmpty || !touched.isEmpty else { return nil }
        var facts = PaperFacts(isWhole: false, day: day, cash: cash, fees: fees, lastNumber: lastNumber)
        facts.actionsThrough = actionsThrough
        facts.orders = unwritten
        for number in touched { facts.holdings += holdings(of: number) }
        return facts
    }

    /// All that has changed so far is written down.
    func noteWritten() {
        for number in touched { books[number].isTouched = false }
        touched = []
        for order in unwritten { order.isUnwritten = false }
        unwritten = []
    }

    private func holdings(of number: Int) -> [PaperFacts.Holding] {
        let book = books[number]
        func holding(_ side: PositionSide, _ position: PaperPosition) -> PaperFacts.Holding {
            PaperFacts.Holding(
                security: book.security, side: side, position: position, last: book.last, multiplier: book.multiplier)
        }
        let long = holding(.long, book.long)
        return book.multiplier == nil ? [long] : [long, holding(.short, book.short)]
    }

    /// Goes on from what was remembered, in the order in which it was written; the exchange has seen nothing yet.
    func remember(_ all: [PaperFacts]) {
        var latest: [OrderID: PaperOrder] = [:]
        var arrived: [OrderID] = []
        for facts in all {
            if facts.isWhole {
                (latest, arrived) = ([:], [])
                for number in books.indices { (books[number].long, books[number].short) = (.init(), .init()) }
            }
            for order in facts.orders {
                if latest.updateValue(order, forKey: order.ticket.id) == nil { arrived.append(order.ticket.id) }
            }
            let clock = SessionClock(facts.day, hours: setting.hours)
            for holding in facts.holdings { take(holding, since: clock.begins) }
            (cash, fees) = (facts.cash, facts.fees)
            (self.clock, dayBegan, actionsThrough) = (clock, clock.begins, facts.actionsThrough ?? facts.day)
        }
        for number in books.indices {
            margins = margins + books[number].long.margin + books[number].short.margin
            noteHeld(number)
        }
        for id in arrived {
            if let order = latest[id], !order.status.isFinished { resume(order) }
        }
        noteOutcome()
    }

    private func take(_ holding: PaperFacts.Holding, since time: Instant) {
        let number = number(of: holding.security)
        books[number].last = holding.last
        books[number].time = time
        books[number].multiplier = holding.multiplier
        switch holding.side {
        case .long: books[number].long = holding.position
        case .short: books[number].short = holding.position
        }
    }

    private func resume(_ order: PaperOrder) {
        order.security = number(of: order.ticket.security)
        order.hasNews = false
        put(order)
    }
}
