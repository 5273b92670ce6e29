import Gates
import Market

extension AccountSnapshot {
    /// True if cash and amounts are the same; prices change all the time.
    fileprivate func holdsTheSame(as other: AccountSnapshot) -> Bool {
        day == other.day && availableCash == other.availableCash && lockedCash == other.lockedCash
            && holdings.count == other.holdings.count
            && zip(holdings, other.holdings).allSatisfy {
                $0.security == $1.security && $0.side == $1.side && $0.amount == $1.amount
                    && $0.available == $1.available
            }
    }
}

extension Account {
    /// Asks the gate for all that is new and tells what has changed since the last call: changes with a number go to the
    /// strategy, and then `told(upTo:)`.
    public func sync(balance: Bool = true, orders: Bool = true, now: Instant) -> [AccountChange] {
        turn(to: now)
        look(now, balance: balance, orders: orders)
        endDays(at: now)
        noteStaleness(now)
        defer { pending = [] }
        return pending
    }

    /// Does what time alone does: a trading day begins, and the orders end whose day is over.
    public func advance(to now: Instant) -> [AccountChange] {
        turn(to: now)
        endDays(at: now)
        defer { pending = [] }
        return pending
    }

    /// Orders that were sent so long ago without any answer that somebody should look; each is told once.
    public func unanswered(now: Instant) -> [OrderState] {
        var late: [OrderState] = []
        var seen = 0
        for id in awaited {
            guard let state = books.orders[id]?.state, state.isAwaited else {
                seen += 1
                continue
            }
            if now - state.ticket.createdAt < options.answerTimeout { break }
            seen += 1
            late.append(state)
        }
        awaited.removeFirst(seen)
        return late
    }

    /// Before an order is refused because nobody has listened, listen.
    func wakeTerminal(_ now: Instant) {
        let isBlind = options.readsDaily && syncedDay != day
        if lastLook != now, isBlind || options.isTooLong(silence(at: now)) || options.isTooOld(age(at: now)) {
            look(now)
        }
    }

    /// The snapshot is read first and the orders after it: so no fill is in it that was not heard of.
    private func look(_ now: Instant, balance: Bool = true, orders: Bool = true) {
        let snapshot = options.hasAccountSide && balance ? gate.account() : nil
        // A snapshot without the fills that are in it would count them twice when they are heard of later.
        if orders || snapshot != nil { gate.tellUpdates { hear($0, now) } }
        journal.note()
        if let snapshot { take(snapshot, now) }
        lastLook = now
    }

    private func hear(_ update: OrderUpdate, _ now: Instant) {
        // A long list is moved seldom; room that is not used costs nothing.
        if pending.count == pending.capacity, pending.count > 1000 { pending.reserveCapacity(4 * pending.count) }
        guard let heard = books.hear(update, after: lastLook, at: now, &pending) else { return }
        // What had ended for us goes on, and its day is yet to end.
        if case .obeyed(_, reopens: true) = heard { nextEnd = Instant(nanoseconds: .min) }
        journal.add(update, heard, at: now)
        journal.noteIfMuch()
    }

    private func take(_ snapshot: AccountSnapshot, _ now: Instant) {
        if let last = books.ledger.snapshot, snapshot.writtenAt < last.writtenAt, snapshot.day <= last.day {
            pending.append(
                .trouble(
                    "the account's files are older than those read before (\(hours.zone.local(snapshot.writtenAt)) after"
                        + " \(hours.zone.local(last.writtenAt))): they are not used"))
            return
        }
        books.replace(snapshot)
        syncedDay = snapshot.day
        // On paper nobody asks again unless something has happened.
        recordSnapshot(now, atLeastAfter: options.readsDaily ? .seconds(60) : .zero)
        if !books.isQuiet { pending.append(.snapshot(snapshot)) }
    }

    /// Writes the snapshot to the journal if it holds something else than the last there: for those who only look, and for
    /// the time between a restart and the first sync.
    func recordSnapshot(_ now: Instant, atLeastAfter pause: TimeSpan) {
        guard journal.remembers, let snapshot = books.ledger.snapshot else { return }
        if let recorded {
            let isKnown = recorded.isSettled && recorded.snapshot.holdsTheSame(as: snapshot)
            if isKnown || recorded.snapshot.writtenAt == snapshot.writtenAt || now - recorded.at < pause { return }
        }
        journal.note(.snapshot(snapshot), at: now)
        recorded = (snapshot, now, books.ledger.isSettled)
    }

    private func noteStaleness(_ now: Instant) {
        let reason = staleness(at: now)
        if let reason, !isStale { pending.append(.stale(reason)) }
        isStale = reason != nil
    }

    /// Why the account is older than it should be; nil if it is not.
    func staleness(at now: Instant) -> String? {
        if !options.hasAccountSide { return "this gate tells nothing of cash and positions" }
        guard options.readsDaily else { return nil }
        guard let snapshot = books.ledger.snapshot else { return "the account has not been read yet" }
        if snapshot.day != hours.tradingDay(at: now) { return "the account is that of \(snapshot.day)" }
        let silence = silence(at: now)
        if options.isTooLong(silence) { return "the broker's terminal has been silent for \(silence)" }
        let age = age(at: now)
        return options.isTooOld(age) ? "it was last read whole \(age) ago" : nil
    }
}
