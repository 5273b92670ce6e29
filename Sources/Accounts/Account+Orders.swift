import Gates
import Market

extension Account {
    /// Gives orders: one write and one flush of the journal, then one call of the gate for all of them.
    ///
    /// An order that is in doubt has its id and is `unknown`; the others are not touched by one that is refused.
    public func submit(_ requests: [OrderRequest], now: Instant) -> [Result<OrderID, Refusal>] {
        if requests.isEmpty { return [] }
        turn(to: now)
        wakeTerminal(now)
        let mark = gate.mark()
        let silence = silence(at: now)
        var tickets: [OrderTicket] = []
        var results: [Result<OrderID, Refusal>] = []
        for request in requests {
            do throws(Refusal) {
                let (ticket, price) = try draft(request, mark, silence, now)
                books.give(ticket, priceThen: price, boot: nil, at: now)
                journal.add(.intent(ticket, priceThen: price), at: now)
                tickets.append(ticket)
                results.append(.success(ticket.id))
            } catch {
                refuse(request, error, now: now)
                results.append(.failure(error))
            }
        }
        guard !tickets.isEmpty else {
            journal.note()
            return results
        }
        do {
            try journal.write()
        } catch {
            return unwritten(results, tickets, "\(error)", now: now)
        }
        send(tickets, into: &results, now: now)
        return results
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
            let answer = answer(answers, index)
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

    /// The order as it will go; throws why it may not.
    private func draft(
        _ request: OrderRequest, _ mark: String, _ silence: TimeSpan, _ now: Instant
    ) throws(Refusal) -> (ticket: OrderTicket, price: Money?) {
        if let unopened {
            // Under another day it would lie in a file that nobody reads any more.
            throw Refusal(.journal, "the journal of \(unopened) cannot be opened, so no order may go out")
        }
        let units = options.rules == .aShare ? books.ledger.units(of: request.security, on: day) : nil
        let passed = try rules.check(request, scene(for: request, units, silence, now))
        let ticket = OrderTicket(
            id: try newID(), security: request.security, side: request.tradeSide, position: request.side,
            amount: request.size,
            pricing: passed.pricing, day: day, createdAt: now, mark: mark)
        return (ticket, passed.price)
    }

    private func scene(
        for request: OrderRequest, _ units: TradingUnits?, _ silence: TimeSpan, _ now: Instant
    ) -> PreTradeRules.Scene {
        let holding = books.ledger.holding(PositionKey(security: request.security, side: request.side))
        return PreTradeRules.Scene(
            now: now, day: day, units: units, holding: holding, availableCash: books.ledger.availableCash,
            lastPrice: lastPrice(request.security) ?? (holding.lastPrice > .zero ? holding.lastPrice : nil),
            syncedDay: syncedDay, age: age(at: now), silence: silence,
            sentInMinute: books.counters.sentInMinute(before: now), sentToday: books.counters.sent,
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

    /// The journal did not take the intents, so nothing may be sent.
    private func unwritten(
        _ results: [Result<OrderID, Refusal>], _ tickets: [OrderTicket], _ reason: String, now: Instant
    ) -> [Result<OrderID, Refusal>] {
        for ticket in tickets { books.settle(ticket.id, .refused(reason), number: nil, at: now, &pending) }
        return results.map { result in result.flatMap { _ in .failure(Refusal(.journal, reason)) } }
    }

    private func send(_ tickets: [OrderTicket], into results: inout [Result<OrderID, Refusal>], now: Instant) {
        // They have the same day and the same time.
        if let first = tickets.first { nextEnd = min(nextEnd, orderEnds.end(of: first)) }
        let answers = gate.submit(tickets)
        var refused: [OrderID: String] = [:]
        for (index, ticket) in tickets.enumerated() {
            let answer = answer(answers, index)
            var number: Int?
            switch answer {
            case .sent: awaited.append(ticket.id)
            case .refused(let reason): refused[ticket.id] = reason
            case .unknown: number = books.lastNumber + 1
            }
            books.settle(ticket.id, answer, number: number, at: now, &pending)
            journal.add(.outcome(ticket.id, answer, number: number), at: now)
        }
        journal.note()
        if refused.isEmpty { return }
        results = results.map { result in
            result.flatMap { id in refused[id].map { .failure(Refusal(.gate, $0)) } ?? .success(id) }
        }
    }

    private func refusalOfCancel(_ id: OrderID, now: Instant) -> Refusal? {
        guard let state = books.orders[id]?.state, state.isSent else {
            return Refusal(.unknownOrder, "there is no order \(id) of this task")
        }
        if state.status.isFinished { return Refusal(.finished, "the order \(id) is \(state.status) already") }
        return rules.refusalOfCancel(at: now)
    }

    /// A gate that answers too little leaves the rest in doubt.
    private func answer(_ answers: [Submission], _ index: Int) -> Submission {
        index < answers.count ? answers[index] : .unknown("the gate did not say what became of it")
    }
}
