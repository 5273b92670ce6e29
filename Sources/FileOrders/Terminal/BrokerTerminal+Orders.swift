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
        let order = TerminalOrder(
            number: books.nextNumber, id: id, security: draft.security, side: draft.side, amount: draft.amount,
            price: draft.limit ?? settings.marketPrice(of: draft.security), priceType: draft.priceType,
            counterType: draft.counterType, day: books.day, entrustedAt: now)
        if let reason = books.refusal(of: order) { return try refuse(id, reason, row, now) }
        let isRejected = happens(.reject)
        if isRejected, Bool.random(using: &random) { return try refuse(id, "柜台拒绝", row, now) }
        try record(.accepted(order), for: row, now)
        say("took \(order.number): \(order.side) \(order.amount) \(order.security) at \(order.price), id \(id)")
        schedule(.answer, order.number, now, within: settings.answerWithin)
        if isRejected { schedule(.reject, order.number, now, within: settings.fillWithin) }
    }

    func takeCancel(_ row: OrderInbox.Row, _ now: Instant) throws(DiskError) {
        if ledger.hasActed(on: row.source) { return }
        if settings.format.cancels.column(of: .account) != nil, row.text(.account) != settings.account { return }
        let number = row.number(.counterNumber)?.whole.flatMap { books.order(Int($0)) }
        let id = number?.id ?? row.text(.id)
        let targets = number.map { $0.isFinished ? [] : [$0] } ?? books.unfinishedOrders(id)
        var refusal = targets.isEmpty ? "找不到可撤的委托" : nil
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
            if let order = books.order(item.number) { try run(item.step, of: order, now) }
            plan.finish()
        }
    }

    private func run(_ step: TerminalPlan.Step, of order: TerminalOrder, _ now: Instant) throws(DiskError) {
        let number = order.number
        switch step {
        case .answer:
            answer(.order, id: order.id, refusal: nil, at: now)
            report(order, .new, at: now)
            schedule(.open, number, now, within: settings.answerWithin)
        case .open where !order.isFinished:
            report(order, order.status, at: now)
            schedule(.fill, number, now, within: settings.fillWithin)
        case .fill where !order.isFinished: try fill(order, now)
        case .reject where !order.isFinished && order.filled == 0:
            try record(.rejected(number: number, reason: "交易所拒绝"), now)
            tell(number, now)
        case .answerCancel:
            answer(.cancel, id: order.id, refusal: nil, at: now)
            if !order.isFinished { report(order, order.status, at: now) }
            schedule(.cancel, number, now, within: settings.answerWithin)
        case .cancel where !order.isFinished:
            try record(.canceled(number: number), now)
            tell(number, now)
        case .open, .fill, .reject, .cancel: break
        }
    }

    /// Fills all that is open, or a part; after a part the rest follows, or never comes.
    private func fill(_ order: TerminalOrder, _ now: Instant) throws(DiskError) {
        let isPart = order.open > 1 && happens(.partial)
        let lots = order.open / 100
        let count =
            lots > 1
            ? Int64.random(in: 1..<lots, using: &random) * 100
            : Int64.random(in: 1...max(order.open - 1, 1), using: &random)
        let filled = isPart ? count : order.open
        try record(.filled(number: order.number, amount: filled, price: order.price), now)
        tell(order.number, now)
        if isPart, Bool.random(using: &random) {
            schedule(.fill, order.number, now, within: settings.fillWithin)
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
        report(order, order.status, at: now)
        say("\(order.status) \(number): \(order.filled) of \(order.amount) \(order.security), id \(order.id)")
    }

    func schedule(_ step: TerminalPlan.Step, _ number: Int, _ now: Instant, within longest: TimeSpan) {
        let late = happens(.delay) ? random.span(upTo: settings.longestFault) : .zero
        plan.add(step, of: number, at: now + random.span(upTo: longest) + late)
    }

    private func soon(_ now: Instant) -> Instant { now + random.span(upTo: settings.answerWithin) }
}
