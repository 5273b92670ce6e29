import Gates
import Market
import Storage

/// All that an account knows of its orders, as it follows from the entries of its journal: a start after a crash plays
/// them again and knows the same. Its orders and its ledger are objects: who copies it has the same books.
struct AccountBooks {
    let orders = OrderBook()
    let ledger: PositionLedger
    var counters: TradeCounters
    private(set) var trades: [Trade] = []
    /// Orders whose sending has no outcome, and the boot in which they were to be sent.
    private(set) var unresolved: [OrderID: BootID] = [:]
    /// The number of the last change that the strategy is or was to be told of.
    private(set) var lastNumber = 0
    /// The last of which it was told.
    private(set) var told = 0
    /// True if nobody wants to hear of what is as it should be.
    var isQuiet = false
    /// Orders that rules refused today; each has a name made of this number.
    private(set) var refusals = 0
    /// The strategy's callbacks that may send orders.
    private(set) var callbacks = CallbackMemory()

    init(_ options: AccountOptions, day: Day) {
        ledger = PositionLedger(options)
        counters = TradeCounters(day: day)
    }

    // MARK: What we do

    /// An order is about to be sent. A journal that is played again tells in which boot, for it may not tell the outcome.
    mutating func give(_ ticket: OrderTicket, priceThen: Money?, boot: BootID?, at now: Instant) {
        let state = OrderState(ticket, priceThen: priceThen, multiplier: ledger.multiplier(of: ticket.key))
        orders.add(ledger.add(state, at: now))
        counters.noteSent(at: now)
        counters.noteWorth(of: state)
        if let boot { unresolved[ticket.id] = boot }
    }

    mutating func refuse(_ ticket: OrderTicket, _ sentence: String, at now: Instant) {
        var state = OrderState(ticket, priceThen: nil)
        state.isSent = false
        state.end(.rejected, sentence, at: now)
        orders.add(ledger.add(state, at: now))
        refusals += 1
    }

    /// What became of sending an order; with a number, the strategy is told.
    mutating func settle(
        _ id: OrderID, _ submission: Submission, number: Int?, at now: Instant, _ changes: inout [AccountChange]
    ) {
        if !unresolved.isEmpty { unresolved[id] = nil }
        if submission == .sent, number == nil { return }
        let change = orders.change(id) { state in
            switch submission {
            case .sent: break
            case .refused(let reason): state.end(.rejected, reason, at: now)
            case .unknown(let reason): state.end(.unknown, reason, at: now)
            }
        }
        if let change { account(for: change, after: now, at: now) }
        guard let number, let state = orders[id]?.state else { return }
        lastNumber = max(lastNumber, number)
        changes.append(.order(state, was: change?.step.was ?? state.status, number: number))
    }

    mutating func askCancel(_ id: OrderID, at now: Instant) {
        counters.noteSent(at: now)
        orders.forgetRefusedCancels(of: id)
    }

    mutating func settleCancel(_ id: OrderID, _ submission: Submission, at now: Instant) {
        let change = orders.change(id) { state in
            switch (submission, state.status) {
            case (.refused(let reason), _), (.unknown(let reason), _): state.remark(message: reason)
            case (.sent, .new), (.sent, .open), (.sent, .filling): state.beginCancel()
            case (.sent, _): break
            }
        }
        if let change { account(for: change, after: now, at: now) }
    }

    // MARK: What we hear

    /// What became of an update that had not been heard before.
    enum Heard {
        /// It was obeyed; the first change that follows has this number. An order that was finished may go on.
        case obeyed(number: Int, reopens: Bool)
        /// It was not, for this reason; empty if it said nothing new.
        case notObeyed(String)
    }

    /// Takes what the broker says; `lastLook` is when nothing of it had been said yet. Nil for what was heard before.
    mutating func hear(
        _ update: OrderUpdate, after lastLook: Instant?, at now: Instant, _ changes: inout [AccountChange]
    ) -> Heard? {
        let number = lastNumber + 1
        switch orders.hear(update, at: now) {
        case .known: return nil
        case .nothingNew: return .notObeyed("")
        case .notObeyed(let reason):
            changes.append(.notObeyed(update, reason: reason))
            return .notObeyed(reason)
        case .obeyed(let change):
            if !unresolved.isEmpty { unresolved[update.id] = nil }
            let given = change.order.state.ticket.createdAt
            let earliest = max(lastLook ?? given, given)
            let trade = account(for: change, after: earliest, at: now)
            tell(of: change, trade, update, from: number, &changes)
            let isFinished = change.order.state.status.isFinished
            return .obeyed(number: number, reopens: change.step.was.isFinished && !isFinished)
        }
    }

    /// The day of an order is over. `unknown` stays, but holds nothing any more.
    mutating func endDay(of id: OrderID, number: Int, at now: Instant) -> AccountChange? {
        guard let order = orders[id], !order.state.status.isFinished else { return nil }
        if order.state.status == .unknown {
            ledger.release(order)
            return nil
        }
        let change = orders.change(id) { state in
            state.canceledAmount = state.ticket.amount - state.filledAmount
            let status: OrderStatus = state.filledAmount > 0 ? .partly_canceled : .canceled
            state.end(status, "day ended, not confirmed by the terminal", at: now)
        }
        guard let change else { return nil }
        account(for: change, after: now, at: now)
        lastNumber = max(lastNumber, number)
        return .order(order.state, was: change.step.was, number: number)
    }

    mutating func replace(_ snapshot: AccountSnapshot) { ledger.replace(snapshot) }

    mutating func noteTold(_ number: Int) { told = max(told, number) }

    /// Counts what the strategy is told anew.
    mutating func forgetNumbers() { (lastNumber, told) = (0, 0) }

    /// A callback of the strategy begins. What it is told of counts as told: it may send orders, and would send them once
    /// more.
    mutating func beginCallback(_ name: String, order: OrderID?, number: Int?) {
        callbacks.begin(name, order: order, day: counters.day)
        if let number { noteTold(number) }
    }

    mutating func endCallback() { callbacks.end() }

    mutating func breakCallback() { callbacks.breakOff() }

    mutating func roll(to day: Day, keepingFrom previous: Day) {
        counters.roll(to: day)
        callbacks.roll(to: day)
        ledger.roll()
        refusals = 0
        orders.prune(before: previous)
        trades.removeAll { $0.ticket.day < day }
    }

    @discardableResult
    private mutating func account(for change: OrderBook.Change, after: Instant, at now: Instant) -> Trade? {
        let (order, step) = (change.order, change.step)
        ledger.note(order, step, after: after, at: now)
        counters.noteWorth(of: order.state, before: step.worthBefore)
        guard let trade = Trade(step, of: order.state) else { return nil }
        trades.append(trade)
        return trade
    }

    private mutating func tell(
        of change: OrderBook.Change, _ trade: Trade?, _ update: OrderUpdate, from number: Int,
        _ changes: inout [AccountChange]
    ) {
        let (order, step) = (change.order, change.step)
        if case .cancelRefused(let reason) = update.news {
            lastNumber = number
            changes.append(.cancelRefused(order.state, reason: reason, number: number))
        } else if !step.looksTheSame {
            lastNumber = number
            let isTold = !isQuiet || order.state.status == .unknown || order.state.status == .rejected
            if isTold { changes.append(.order(order.state, was: step.was, number: number)) }
        }
        guard let trade else { return }
        lastNumber += 1
        if !isQuiet { changes.append(.trade(trade, number: lastNumber)) }
    }

    // MARK: Playing a journal again

    /// Does what an entry says was done; the changes are those that the strategy was told of then, or was about to be.
    mutating func replay(_ record: IntentJournal.Record, _ changes: inout [AccountChange]) {
        let time = record.time
        switch record.entry {
        case .intent(let ticket, let priceThen): give(ticket, priceThen: priceThen, boot: record.boot, at: time)
        case .refused(let ticket, let sentence): refuse(ticket, sentence, at: time)
        case .outcome(let id, let submission, let number):
            settle(id, submission, number: number, at: time, &changes)
        case .cancel(let id): askCancel(id, at: time)
        case .cancelOutcome(let id, let submission): settleCancel(id, submission, at: time)
        case .heard(let update, let number):
            // It keeps the number under which it was told, though the end of the day before was found out since.
            let last = lastNumber
            lastNumber = number - 1
            _ = hear(update, after: nil, at: time, &changes)
            lastNumber = max(last, lastNumber)
        case .notObeyed(let update, _): _ = hear(update, after: nil, at: time, &changes)
        case .dayEnded(let id, let number):
            if let change = endDay(of: id, number: number, at: time) { changes.append(change) }
        case .snapshot(let snapshot): replace(snapshot)
        case .told(let number): noteTold(number)
        case .calling(let name, let order, let number): beginCallback(name, order: order, number: number)
        case .called: endCallback()
        case .callBroken: breakCallback()
        }
    }
}
