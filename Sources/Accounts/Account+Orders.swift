import Gates
import Market

extension Account {
    /// Gives orders: one write and one flush of the journal, then one call of the gate for all of them.
    ///
    /// An order that is in doubt has its id and is `unknown`; the others are not touched by one that is refused.
    public func submit(_ requests: [OrderRequest], now: Instant) -> [Result<OrderID, Refusal>] {
        if requests.isEmpty { return [] }
        let moment = moment(now)
        let given = requests.map { give($0, moment) }
        var refusals = send(given.compactMap { try? $0.get() }, now: now).makeIterator()
        return given.map { given in
            given.flatMap { ticket in
                if let refusal = refusals.next() ?? nil { .failure(refusal) } else { .success(ticket.id) }
            }
        }
    }

    /// Gives one order.
    public func submit(_ request: OrderRequest, now: Instant) -> Result<OrderID, Refusal> {
        switch give(request, moment(now)) {
        case .success(let ticket):
            if let refusal = send(ticket, now: now) { return .failure(refusal) }
            return .success(ticket.id)
        case .failure(let refusal):
            journal.note()
            return .failure(refusal)
        }
    }

    /// Asks for cancels. They may go when orders may not; a cancel that cannot go says why.
    public func cancel(_ ids: [OrderID], now: Instant) -> [Refusal?] {
        if ids.isEmpty { return [] }
        turn(to: now)
        var refusals = ids.map { refusalOfCancel($0, now: now) }
        let going = ids.indices.filter { refusals[$0] == nil }
        if going.isEmpty { return refusals }
        for place in going {
            books.askCancel(ids[place], at: now)
            journal.add(.cancel(ids[place]), at: now)
        }
        journal.note()
        let answers = gate.cancel(going.map { ids[$0] })
        for (index, place) in going.enumerated() {
            let answer = answers.answer(to: index)
            books.settleCancel(ids[place], answer, at: now)
            journal.add(.cancelOutcome(ids[place], answer), at: now)
            switch answer {
            case .sent: break
            case .refused(let reason), .unknown(let reason): refusals[place] = Refusal(.gate, reason)
            }
        }
        journal.note()
        return refusals
    }

    // MARK: Steps

    /// What all orders of one call have in common.
    private struct Moment {
        let now: Instant
        let mark: String
        let silence: TimeSpan
    }

    private func moment(_ now: Instant) -> Moment {
        turn(to: now)
        wakeTerminal(now)
        return Moment(now: now, mark: gate.mark(), silence: silence(at: now))
    }

    /// Puts an order into the books, and what is to be written of it first into the journal's hand; or its refusal.
    private func give(_ request: OrderRequest, _ moment: Moment) -> Result<OrderTicket, Refusal> {
        do throws(Refusal) {
            let (ticket, price) = try draft(request, moment)
            books.give(ticket, priceThen: price, boot: nil, at: moment.now)
            journal.add(.intent(ticket, priceThen: price), at: moment.now)
            return .success(ticket)
        } catch {
            refuse(request, error, now: moment.now)
            return .failure(error)
        }
    }

    /// The order as it will go; throws why it may not.
    private func draft(
        _ request: OrderRequest, _ moment: Moment
    ) throws(Refusal) -> (ticket: OrderTicket, price: Money?) {
        if let unopened {
            // Under another day it would lie in a file that nobody reads any more.
            throw Refusal(.journal, "the journal of \(unopened) cannot be opened, so no order may go out")
        }
        let units = options.rules == .aShare ? books.ledger.units(of: request.security, on: day) : nil
        let passed = try rules.check(request, scene(for: request, units, moment))
        let ticket = OrderTicket(
            id: try newID(), security: request.security, side: request.tradeSide, position: request.side,
            amount: request.size,
            pricing: passed.pricing, day: day, createdAt: moment.now, mark: moment.mark)
        return (ticket, passed.price)
    }

    private func scene(
        for request: OrderRequest, _ units: TradingUnits?, _ moment: Moment
    ) -> PreTradeRules.Scene {
        let holding = books.ledger.holding(PositionKey(security: request.security, side: request.side))
        return PreTradeRules.Scene(
            now: moment.now, day: day, units: units, holding: holding, availableCash: books.ledger.availableCash,
            lastPrice: lastPrice(request.security) ?? (holding.lastPrice > .zero ? holding.lastPrice : nil),
            syncedDay: syncedDay, age: age(at: moment.now), silence: moment.silence,
            sentInMinute: books.counters.sentInMinute(before: moment.now), sentToday: books.counters.sent,
            valueToday: books.counters.value)
    }

    private func refuse(_ request: OrderRequest, _ refusal: Refusal, now: Instant) {
        noteRefusal(refusal.sentence, now: now) { id in
            OrderTicket(
                id: id, security: request.security, side: request.tradeSide, position: request.side,
                amount: request.size, pricing: request.pricing, day: day, createdAt: now)
        }
    }

    /// Keeps what was refused, for `get_orders`; it is written with what is next written.
    func noteRefusal(_ sentence: String, now: Instant, _ ticket: (OrderID) -> OrderTicket) {
        let ticket = ticket(refusedID())
        books.refuse(ticket, sentence, at: now)
        journal.add(.refused(ticket, sentence), at: now)
    }

    /// A name that no other order has: where the journal could not be written, it has fewer refusals than names.
    private func refusedID() -> OrderID {
        var number = books.refusals + 1
        while books.orders.contains("refused-\(day.compact)-\(number)") { number += 1 }
        return "refused-\(day.compact)-\(number)"
    }

    /// Sends orders that are in the books, once they are in the journal; answers for each why it was not sent, nil if it
    /// was or may have been.
    private func send(_ tickets: [OrderTicket], now: Instant) -> [Refusal?] {
        guard let first = tickets.first else {
            journal.note()
            return []
        }
        do { try journal.write() } catch { return tickets.map { refuse($0, error, now: now) } }
        // They have the same day and the same time.
        nextEnd = min(nextEnd, orderEnds.end(of: first))
        let answers = gate.submit(tickets)
        let refusals = tickets.indices.map { settle(tickets[$0].id, answers.answer(to: $0), now: now) }
        journal.note()
        return refusals
    }

    /// Sends one order, likewise.
    private func send(_ ticket: OrderTicket, now: Instant) -> Refusal? {
        do { try journal.write() } catch { return refuse(ticket, error, now: now) }
        nextEnd = min(nextEnd, orderEnds.end(of: ticket))
        let refusal = settle(ticket.id, gate.submitOne(ticket), now: now)
        journal.note()
        return refusal
    }

    /// The journal did not take the intent, so nothing may be sent.
    private func refuse(_ ticket: OrderTicket, _ error: any Error, now: Instant) -> Refusal {
        let reason = "\(error)"
        books.settle(ticket.id, .refused(reason), number: nil, at: now, &pending)
        return Refusal(.journal, reason)
    }

    /// Takes what became of sending an order; answers why it was not sent, nil if it was or may have been.
    private func settle(_ id: OrderID, _ answer: Submission, now: Instant) -> Refusal? {
        var number: Int?
        var refusal: Refusal?
        switch answer {
        case .sent: awaited.append(id)
        case .refused(let reason): refusal = Refusal(.gate, reason)
        case .unknown: number = books.lastNumber + 1
        }
        books.settle(id, answer, number: number, at: now, &pending)
        journal.add(.outcome(id, answer, number: number), at: now)
        return refusal
    }

    private func refusalOfCancel(_ id: OrderID, now: Instant) -> Refusal? {
        guard let state = books.orders[id]?.state, state.isSent else {
            return Refusal(.unknownOrder, "there is no order \(id) of this task")
        }
        if state.status.isFinished { return Refusal(.finished, "the order \(id) is \(state.status) already") }
        return rules.refusalOfCancel(at: now)
    }
}
