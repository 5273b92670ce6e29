import Gates
import Market
import Storage

extension Account {
    /// Opens the account of a task: plays its journals again and finds out what became of every order whose sending has
    /// no outcome, before any other may leave. A start after a crash is a start like any other.
    public static func open(_ parts: Parts, now: Instant) throws -> Account {
        let journal = IntentJournal(taskFolder: parts.folder, disk: parts.disk, boot: parts.boot)
        let today = parts.hours.tradingDay(at: now)
        let days = try journal.days()
        if let later = days.last, later > today { throw JournalOfLaterDay(day: later, today: today) }

        let earlier = days.filter { $0 < today }
        var replay = Replay(AccountBooks(parts.options, day: earlier.last ?? today))
        if let previous = earlier.last {
            try replay.recall(earlier.dropLast(), before: previous, journal, parts.options)
            replay.play(try journal.read(previous))
            // A callback may have begun on one day and ended on the next.
            if !days.contains(today) { replay.breakCallback(journal, now: now) }
            // What became of them is written beside them: so a journal of today means that all before it is known.
            if !replay.books.unresolved.isEmpty || replay.broken != nil { try journal.turn(to: previous) }
            try replay.resolve(parts, journal, now: now)
        }
        if replay.books.counters.day < today { replay.books.roll(to: today, keepingFrom: replay.books.counters.day) }
        replay.play(try journal.turn(to: today))
        replay.breakCallback(journal, now: now)
        try replay.resolve(parts, journal, now: now)
        parts.gate.adopt(replay.books.orders.ours(on: today).map(\.ticket))
        journal.prune(before: today - parts.options.daysKept)

        let account = Account(parts, books: replay.books, journal: journal, now: now)
        account.pending = replay.untold
        account.lastBroken = replay.broken
        account.awaited = replay.books.orders.states.filter(\.isAwaited).map(\.id)
        return account
    }

    /// A journal of a day that is yet to come.
    public struct JournalOfLaterDay: Error, CustomStringConvertible {
        let day: Day
        let today: Day

        /// What to do.
        public var description: String {
            "there are orders of \(day) in the task's journal, and today is \(today): put the clock right, or start with"
                + " --fresh if the clock was wrong before"
        }
    }
}

extension OrderBook {
    /// The orders that the gate is to hear of: the day's, and all of the day before while one of them may go on, for where
    /// news of one stand, news of the others do.
    fileprivate func ours(on today: Day) -> [OrderState] {
        let sent = states.filter(\.isSent)
        let goesOn = sent.contains { $0.ticket.day < today && $0.mayGoOn }
        return goesOn ? sent : sent.filter { $0.ticket.day == today }
    }
}

extension OrderState {
    /// True if the broker may still have something to say of it.
    fileprivate var mayGoOn: Bool { !status.isFinished || isOurVerdict }
    /// True if it was sent and nobody has said anything of it.
    public var isAwaited: Bool { isSent && !isAnswered && !status.isFinished }
}

/// Journals being played again.
private struct Replay {
    var books: AccountBooks
    /// The callback within which the last run ended.
    private(set) var broken: BrokenCallback?
    private var changes: [AccountChange] = []

    init(_ books: AccountBooks) { self.books = books }

    /// What the strategy was not told of.
    var untold: [AccountChange] { changes.filter { ($0.number ?? 0) > books.told } }

    /// Recalls the orders of older days that are still at work on a later one. Only where no market's rules hold there are
    /// any: else an order ends with its day.
    mutating func recall(
        _ days: ArraySlice<Day>, before next: Day, _ journal: IntentJournal, _ options: AccountOptions
    ) throws {
        guard options.rules == .none, let first = days.first else { return }
        var older = AccountBooks(options, day: first)
        var told: [AccountChange] = []
        for day in days {
            if older.counters.day < day { older.roll(to: day, keepingFrom: day) }
            for record in try journal.read(day) { older.replay(record, &told) }
            told.removeAll()
        }
        older.roll(to: next, keepingFrom: next)
        // Whom the strategy was told of what is counted by the journals that follow.
        older.forgetNumbers()
        books = older
    }

    mutating func play(_ records: [IntentJournal.Record]) {
        for record in records { books.replay(record, &changes) }
    }

    /// Whoever called the strategy does not come back to it.
    mutating func breakCallback(_ journal: IntentJournal, now: Instant) {
        guard let running = books.callbacks.running else { return }
        broken = running
        books.breakCallback()
        journal.add(.callBroken, at: now)
    }

    /// Finds out what became of the orders whose sending has no outcome, and writes it down.
    mutating func resolve(_ parts: Account.Parts, _ journal: IntentJournal, now: Instant) throws {
        let tickets = books.orders.states.filter { books.unresolved[$0.id] != nil }.map(\.ticket)
        let presences = tickets.isEmpty ? [] : parts.gate.find(tickets)
        for (index, ticket) in tickets.enumerated() {
            let presence = index < presences.count ? presences[index] : .inDoubt("the gate did not answer")
            let submission = verdict(presence, sameBoot: books.unresolved[ticket.id] == parts.boot)
            let number = books.lastNumber + 1
            books.settle(ticket.id, submission, number: number, at: now, &changes)
            journal.add(.outcome(ticket.id, submission, number: number), at: now)
        }
        // On this stands whether orders may leave: it must be there.
        try journal.write()
    }

    private func verdict(_ presence: Presence, sameBoot: Bool) -> Submission {
        switch presence {
        case .found: .sent
        case .absent where sameBoot: .refused("never left: the program ended before it was sent")
        case .absent: .unknown("the machine was restarted while it was being sent; ask the broker")
        case .inDoubt(let reason): .unknown(reason)
        }
    }
}
