import Gates
import Market
import Storage

/// One task's account: the only door to its orders, its cash and its positions. All calls come on the task's one thread.
///
/// Whatever leaves for the broker stands in the journal first, flushed; what the broker says is obeyed where it fits.
///
/// What each order touches does without the check of exclusive access at run time: the account calls nobody while it changes
/// its books.
public final class Account {
    /// What an account is made of.
    public struct Parts {
        /// The way to the broker, set up already. It tells the day's news from its start.
        public var gate: any TradeGate
        /// The task's folder; nil for an account that is gone with the program, as in a backtest.
        public var folder: String?
        /// The disk that it lies on.
        public var disk: any FileStore
        /// The boot of the machine.
        public var boot: BootID
        /// When the market trades.
        public var hours: MarketHours
        /// What the account may do.
        public var options: AccountOptions
        /// For the ids of orders, where the gate gives none.
        public var random: any RandomNumberGenerator

        /// The parts of an account.
        public init(
            gate: any TradeGate, folder: String?, disk: any FileStore, boot: BootID, hours: MarketHours = MarketHours(),
            options: AccountOptions = AccountOptions(),
            random: any RandomNumberGenerator = SystemRandomNumberGenerator()
        ) {
            self.gate = gate
            self.folder = folder
            self.disk = disk
            self.boot = boot
            self.hours = hours
            self.options = options
            self.random = random
        }
    }

    /// The last price of a security, if one is known and young enough; for the value of orders at the market.
    @exclusivity(unchecked) public var lastPrice: (Security) -> Money? = { _ in nil }

    let gate: any TradeGate
    let hours: MarketHours
    let options: AccountOptions
    let rules: PreTradeRules
    let journal: IntentJournal
    @exclusivity(unchecked) var books: AccountBooks
    /// Changes that nobody has been given yet.
    @exclusivity(unchecked) var pending: [AccountChange] = []
    /// Orders that were sent and not answered yet, the oldest first.
    @exclusivity(unchecked) var awaited: [OrderID] = []
    /// When the gate was last asked for news.
    @exclusivity(unchecked) var lastLook: Instant?
    @exclusivity(unchecked) var isStale = false
    /// The trading day of the last snapshot that was read since the account was opened.
    @exclusivity(unchecked) var syncedDay: Day?
    /// When the day of the next order is over.
    @exclusivity(unchecked) var nextEnd = Instant(nanoseconds: .min)
    /// The snapshot that the journal holds, when it was written there, and whether it knew of all fills.
    var recorded: (snapshot: AccountSnapshot, at: Instant, isSettled: Bool)?
    /// When the orders of a day are over.
    @exclusivity(unchecked) var orderEnds: OrderEnds
    /// While it is this time, it is surely the trading day that it was when somebody last looked.
    @exclusivity(unchecked) private var settledTime = Instant(nanoseconds: 0)..<Instant(nanoseconds: 0)
    /// The trading day that has begun and whose journal cannot be opened.
    @exclusivity(unchecked) private(set) var unopened: Day?
    /// The callback within which the last run ended.
    public internal(set) var lastBroken: BrokenCallback?
    private let openedAt: Instant
    private var ids: OrderNumbers

    init(_ parts: Parts, books: AccountBooks, journal: IntentJournal, now: Instant) {
        gate = parts.gate
        hours = parts.hours
        options = parts.options
        rules = PreTradeRules(options: parts.options, hours: parts.hours)
        self.journal = journal
        self.books = books
        books.orders.remembersNews = !parts.gate.tellsOnce
        orderEnds = OrderEnds(hours: parts.hours, afterClose: parts.options.dayEndsAfterClose)
        openedAt = now
        // Fifteen digits, the most that a short string holds: two runs of a task hardly ever draw the same eight in front.
        ids = OrderNumbers(digits: 15, largest: 999_999_999_999_999, random: parts.random)
    }

    /// True if nobody wants to hear of orders, trades and snapshots that are as they should be: only what somebody should look
    /// at is told.
    public var isQuiet: Bool {
        get { books.isQuiet }
        set { books.isQuiet = newValue }
    }

    /// False if the account is gone with the program.
    public var isRemembered: Bool { journal.remembers }

    /// The trading day that the account is at.
    public var day: Day { books.counters.day }

    /// The strategy was told of all changes up to this one: no restart tells them again.
    public func told(upTo number: Int, now: Instant) {
        guard number > books.told else { return }
        books.noteTold(number)
        journal.note(.told(number), at: now)
    }

    /// A callback of the strategy that may send orders is about to be called. Until it has ended, no restart calls it again
    /// for the same change: the note stands in the journal before any order of it.
    public func begin(_ callback: String, of change: AccountChange? = nil, now: Instant) {
        books.beginCallback(callback, order: change?.order, number: change?.number)
        journal.note(.calling(callback, order: change?.order, number: change?.number), at: now)
    }

    /// The callback has ended, if one had begun.
    public func endCallback(now: Instant) {
        guard books.callbacks.running != nil else { return }
        books.endCallback()
        journal.note(.called, at: now)
    }

    /// The callbacks within which the program has ended on this trading day.
    public var brokenCallbacks: [BrokenCallback] { books.callbacks.broken }

    /// Makes sure that all that is known would survive a power cut: for idle moments and for the end.
    public func flushPending(now: Instant) throws {
        recordSnapshot(now, atLeastAfter: .zero)
        try journal.flush()
    }

    /// How long the broker's side has been silent; no time at all for a gate that cannot be.
    func silence(at now: Instant) -> TimeSpan {
        gate.watchesSilence ? now - (gate.lastSign ?? openedAt) : .zero
    }

    /// How long ago the account was last read whole; no time at all where nobody has to write it anew, and before the first
    /// time.
    func age(at now: Instant) -> TimeSpan {
        guard options.readsDaily, gate.watchesSilence, let snapshot = books.ledger.snapshot else { return .zero }
        return now - snapshot.readAt
    }

    /// An id that this task has not had; throws if the gate repeats itself.
    func newID() throws(Refusal) -> OrderID {
        if let id = gate.nextID() {
            if !id.isEmpty, !books.orders.contains(id) { return id }
            throw Refusal(.gate, "the gate gave the id \"\(id)\", which is no new one: nothing was sent")
        }
        var id = ids.next()
        while books.orders.contains(id) { id = ids.next() }
        return id
    }

    /// Goes on to the trading day of this instant. If its journal cannot be opened, the old one is written on and the
    /// next call tries again.
    func turn(to now: Instant) {
        if unopened == nil, settledTime.contains(now) { return }
        let today = hours.tradingDay(at: now)
        // With night sessions a day turns in the evening as well: then somebody looks each time.
        settledTime = now..<(hours.periods.night == nil ? max(hours.midnight(after: now), now) : now)
        unopened = nil
        guard today > day else { return }
        do {
            try journal.turn(to: today)
            endDays(at: now)
            books.roll(to: today, keepingFrom: day)
            journal.prune(before: today - options.daysKept)
        } catch {
            unopened = today
            pending.append(.trouble("the journal of \(today) cannot be opened: \(error)"))
        }
    }

    /// Ends the orders whose day is over.
    func endDays(at now: Instant) {
        guard now >= nextEnd else { return }
        var over: [OrderID] = []
        nextEnd = Instant(nanoseconds: .max)
        for order in books.orders.open {
            let end = orderEnds.end(of: order.ticket, entrustedAt: order.entrustedAt)
            if now >= end { over.append(order.id) } else { nextEnd = min(nextEnd, end) }
        }
        for id in over.sorted() {
            let number = books.lastNumber + 1
            guard let change = books.endDay(of: id, number: number, at: now) else { continue }
            journal.add(.dayEnded(id, number: number), at: now)
            pending.append(change)
        }
        journal.note()
    }
}
