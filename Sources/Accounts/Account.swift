import Gates
import Market
import Storage

/// One task's account: the only door to its orders, its cash and its positions. All calls come on the task's one thread.
///
/// Whatever leaves for the broker stands in the journal first, flushed; what the broker says is obeyed where it fits.
public final class Account {
    /// What an account is made of.
    public struct Parts {
        /// The way to the broker, set up already. It tells the day's news from its start.
        public var gate: any TradeGate
        /// The task's folder.
        public var folder: String
        /// The disk that it lies on.
        public var disk: any FileStore
        /// The boot of the machine.
        public var boot: BootID
        /// When the market trades.
        public var hours: MarketHours
        /// What the account may do.
        public var options: AccountOptions

        /// The parts of an account.
        public init(
            gate: any TradeGate, folder: String, disk: any FileStore, boot: BootID, hours: MarketHours = MarketHours(),
            options: AccountOptions = AccountOptions()
        ) {
            self.gate = gate
            self.folder = folder
            self.disk = disk
            self.boot = boot
            self.hours = hours
            self.options = options
        }
    }

    /// The last price of a security, if one is known and young enough; for the value of orders at the market.
    public var lastPrice: (Security) -> Money? = { _ in nil }

    let gate: any TradeGate
    let hours: MarketHours
    let options: AccountOptions
    let rules: PreTradeRules
    let journal: IntentJournal
    var books: AccountBooks
    /// Changes that nobody has been given yet.
    var pending: [AccountChange] = []
    /// Orders that were sent and not answered yet, the oldest first.
    var awaited: [OrderID] = []
    /// When the gate was last asked for news.
    var lastLook: Instant?
    /// When the terminal last gave a sign of life.
    var heardAt: Instant
    var isStale = false

    init(_ parts: Parts, books: AccountBooks, journal: IntentJournal, now: Instant) {
        gate = parts.gate
        hours = parts.hours
        options = parts.options
        rules = PreTradeRules(options: parts.options, hours: parts.hours)
        self.journal = journal
        self.books = books
        heardAt = now
    }

    /// The trading day that the account is at.
    public var day: Day { books.counters.day }

    /// The strategy was told of all changes up to this one: no restart tells them again.
    public func told(upTo number: Int, now: Instant) {
        guard number > books.told else { return }
        books.noteTold(number)
        journal.note([.told(number)], at: now)
    }

    /// Makes sure that all that is known would survive a power cut: for idle moments and for the end.
    public func flushPending() throws { try journal.flush() }

    /// Goes on to the trading day of this instant. If its journal cannot be opened, the old one is written on and the
    /// next call tries again.
    func turn(to now: Instant) {
        let today = hours.tradingDay(at: now)
        guard today > day else { return }
        do {
            try journal.turn(to: today)
            endDays(at: now)
            books.roll(to: today, keepingFrom: day)
        } catch {
            pending.append(.trouble("the journal of \(today) cannot be opened: \(error)"))
        }
    }

    /// Ends the orders whose day is over.
    func endDays(at now: Instant) {
        let over = books.orders.unfinished.filter { id in
            books.orders[id].map { now >= lastMoment(of: $0.ticket) } ?? false
        }
        guard !over.isEmpty else { return }
        for id in over.sorted() {
            let number = books.lastNumber + 1
            let changes = books.endDay(of: id, number: number, at: now)
            if !changes.isEmpty { journal.note([.dayEnded(id, number: number)], at: now) }
            pending += changes
        }
    }

    /// When nothing more can become of an order: after the close of its day, or of the next if it was given later.
    func lastMoment(of ticket: OrderTicket) -> Instant {
        func end(_ day: Day) -> Instant {
            let close = hours.day(day).sessions.last?.end ?? hours.zone.instant(day + 1, TimeOfDay(seconds: 0))
            return close + options.dayEndsAfterClose
        }
        let end1 = end(ticket.day)
        return ticket.createdAt < end1 ? end1 : end(hours.calendar.next(after: ticket.day))
    }
}
