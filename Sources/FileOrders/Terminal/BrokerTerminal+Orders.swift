import Gates
import Market
import Storage

// What becomes of a row: every step is in the ledger before anybody is told.
extension BrokerTerminal {
    func takeOrder(_ row: OrderInbox.Row, _ now: Instant) throws(DiskError) {
        if ledger.hasActed(on: row.source) { return }
        if settings.format.orders.column(of: .account) != nil, row.text(.account) != settings.account { return }
        let id = row.text(.id)
        let draft: OrderDraft
        do {
            draft = try OrderDraft(row, settings.format)
        } catch {
            // An eager terminal is not so eager as to refuse half a line.
            if row.source.isTorn { return }
            return id.isEmpty ? say("cannot read \(row.source.text)") : try refuse(id, error.reason, row, now)
        }
        guard let order = try entrust(draft, id, row, now) else { return }
        let isRejected = happens(.reject)
        if isRejected, Bool.random(using: &random) {
            floor.withdraw(order)
            return try refuse(id, "柜台拒绝", row, now)
        }
        do {
            try record(.accepted(order), for: row, now)
        } catch {
            floor.withdraw(order)
            throw error
        }
        say("took \(order.number): \(order.side) \(order.amount) \(order.security) at \(order.price), id \(id)")
        schedule(.answer, order.number, now, within: settings.answerWithin)
        if isRejected { schedule(.reject, order.number, now, within: settings.fillWithin) }
    }

    /// Gives an order to the exchange, or refuses it.
    private func entrust(
        _ draft: OrderDraft, _ id: OrderID, _ row: OrderInbox.Row, _ now: Instant
    ) throws(DiskError) -> TerminalOrder? {
        guard watch(draft.security, now) else {
            try refuse(id, "证券代码错误", row, now)
            return nil
        }
        let isMarket = draft.limit == nil && floor.isMarket
        func order(at price: Money) -> TerminalOrder {
            TerminalOrder(
                number: books.nextNumber, id: id, security: draft.security, side: draft.side, amount: draft.amount,
                price: price, isMarket: isMarket, priceType: draft.priceType, counterType: draft.counterType,
                day: books.day, entrustedAt: now)
        }
        do {
            let price = draft.limit ?? settings.marketPrice(of: draft.security)
            return order(at: try floor.take(order(at: price), now: now))
        } catch {
            say("\(id): \(error)")
            try refuse(id, error.refusal, row, now)
            return nil
        }
    }

    func takeCancel(_ row: OrderInbox.Row, _ now: Instant) throws(DiskError) {
        if ledger.hasActed(on: row.source) { return }
        if settings.format.cancels.column(of: .account) != nil, row.text(.account) != settings.account { return }
        let number = row.number(.counterNumber)?.whole.flatMap { books.order(Int($0)) }
        let id = number?.id ?? row.text(.id)
        let targets = number.map { $0.isFinished ? [] : [$0] } ?? books.unfinishedOrders(id)
        var refusal = targets.isEmpty ? "找不到可撤的委托" : nil
        if targets.contains(where: { floor.refusesCancel(of: $0, now: now) }) { refusal = "当前时段不可撤单" }
        if happens(.reject) { refusal = "撤单失败" }
        if let refusal {
            try record(.cancelRefused(id: id, reason: refusal), for: row, now)
            say("refused to cancel \(id): \(refusal)")
            return answer(.cancel, id: id, refusal: refusal, at: soon(now))
        }
        for order in targets {
            try record(.cancelTaken(number: order.number), for: row, now)
            say("took the cancel of \(order.number), id \(id)")
            schedule(.answerCancel, order.number, now, within: settings.answerWithin)
        }
    }

    /// Does what is due of all that was planned.
    func runPlan(_ now: Instant) throws(DiskError) {
        while let item = plan.next(at: now) {
            plan.finish()
            if let order = books.order(item.number) { run(item.step, of: order, now) }
            try takeNews(now)
        }
    }

    /// Writes down what has happened at the exchange, and tells it. That yesterday's orders have ended needs no word.
    func takeNews(_ now: Instant) throws(DiskError) {
        while let event = floor.nextEvent() {
            let isFill = if case .filled = event { true } else { false }
            if let order = event.number.flatMap(books.order), !order.isFinished, isFill || order.day == books.day {
                try record(event, now)
                tell(order.number, now)
            }
            floor.finishEvent()
        }
    }

    func run(_ step: TerminalPlan.Step, of order: TerminalOrder, _ now: Instant) {
        let number = order.number
        switch step {
        case .answer:
            answer(.order, id: order.id, refusal: nil, at: now)
            report(order, .new, at: now)
            schedule(.open, number, now, within: settings.answerWithin)
        case .open:
            report(order, order.status, at: now)
            if !order.isFinished { schedule(.fill, number, now, within: settings.fillWithin) }
        case .fill where !order.isFinished: floor.isMarket ? floor.match(order, now: now) : fill(order, now)
        case .reject where !order.isFinished && order.filled == 0: floor.reject(order, "交易所拒绝")
        case .answerCancel:
            answer(.cancel, id: order.id, refusal: nil, at: now)
            if !order.isFinished { report(order, order.status, at: now) }
            schedule(.cancel, number, now, within: settings.answerWithin)
        case .cancel where !order.isFinished: floor.cancel(order)
        case .fill, .reject, .cancel: break
        }
    }

    /// Fills all that is open, or a part; after a part the rest follows, or never comes.
    private func fill(_ order: TerminalOrder, _ now: Instant) {
        if floor.fill(order, now: now) < order.open, Bool.random(using: &random) {
            schedule(.fill, order.number, now, within: settings.fillWithin)
        }
    }

    /// How much of a trade comes about at once.
    func part(of amount: Int64) -> Int64 {
        guard amount > 1, happens(.partial) else { return amount }
        let lots = amount / 100
        if lots > 1 { return Int64.random(in: 1..<lots, using: &random) * 100 }
        return Int64.random(in: 1...amount - 1, using: &random)
    }

    /// Has the market tell of a security; false if it knows none of that code.
    func watch(_ security: Security, _ now: Instant) -> Bool {
        do {
            try floor.watch(security, now: now)
            return true
        } catch {
            say("there is no market data of \(security): \(error)")
            return false
        }
    }

    private func refuse(_ id: OrderID, _ reason: String, _ row: OrderInbox.Row, _ now: Instant) throws(DiskError) {
        try record(.refused(id: id, reason: reason), for: row, now)
        say("refused \(id): \(reason)")
        answer(.order, id: id, refusal: reason, at: soon(now))
    }

    private func record(
        _ event: TerminalLedger.Event, for row: OrderInbox.Row? = nil, _ now: Instant
    ) throws(DiskError) {
        try ledger.add(TerminalLedger.Entry(at: now, event: event, row: row?.source))
        books.apply(event)
    }

    private func tell(_ number: Int, _ now: Instant) {
        guard let order = books.order(number) else { return }
        // What becomes of an order before it was answered is said with that.
        if !plan.isYetToAnswer(number) { report(order, order.status, at: now) }
        say("\(order.status) \(number): \(order.filled) of \(order.amount) \(order.security), id \(order.id)")
    }

    func schedule(_ step: TerminalPlan.Step, _ number: Int, _ now: Instant, within longest: TimeSpan) {
        let late = happens(.delay) ? random.span(upTo: settings.longestFault) : .zero
        plan.add(step, of: number, at: now + random.span(upTo: longest) + late)
    }

    private func soon(_ now: Instant) -> Instant { now + random.span(upTo: settings.answerWithin) }
}
