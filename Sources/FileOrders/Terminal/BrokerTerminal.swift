import Gates
import Market
import MarketData
import Simulation
import Storage
import Time

/// A broker's terminal that is none: the other side of an order folder. It takes the orders and cancels of one account,
/// answers in the format's files as the real one does, and writes down in its ledger what it did.
///
/// It has no clock of its own: whoever has one calls `step`, which does what is due and says when there is more to do.
public final class BrokerTerminal {
    /// What it was told.
    public let settings: TerminalSettings
    /// The orders, as they follow from the ledger.
    public internal(set) var books: TerminalBooks
    /// Cash and shares.
    public var account: TerminalAccount { floor.account }
    /// What it did.
    public let ledger: TerminalLedger
    /// Called with a line for people about everything that it takes and answers.
    public var onNews: ((String) -> Void)?
    /// True while it neither reads nor writes.
    public var isAway: Bool { !isUp || silentUntil != nil }

    let store: any FileStore
    private let claim: TerminalClaim?
    let floor: TerminalFloor
    var random: SeededRandom
    var outbox: TerminalOutbox
    var plan = TerminalPlan()

    private var orders: OrderInbox
    private var cancels: OrderInbox?
    private var isUp = false
    private var upAt: Instant?
    private var silentUntil: Instant?
    private var snapshotDue = Instant(nanoseconds: .min)
    private var day: Day?

    /// A terminal that has not looked at its folder yet. With the ledger of an earlier one it goes on where that stopped.
    /// With a feed, orders are filled as this market goes; without one, at their limit. With a claim, it notes there which
    /// files are its own.
    public init(
        _ settings: TerminalSettings, store: any FileStore, ledger: TerminalLedger, feed: (any MarketFeed)? = nil,
        claim: TerminalClaim? = nil
    ) {
        self.settings = settings
        self.store = store
        self.ledger = ledger
        self.claim = claim
        random = SeededRandom(seed: settings.seed)
        outbox = TerminalOutbox(store, settings.faults, claim)
        books = ledger.books(hours: settings.hours)
        floor = TerminalFloor(settings, feed, ledger)
        orders = OrderInbox(settings.format.orders, in: settings.folder, on: Day(number: 0))
        if settings.faults[.partial] > 0 { floor.divide { [unowned self] in part(of: $0) } }
    }

    /// Does all that is due, and says when it wants to be called again. What the disk refuses is tried again then.
    public func step(now: Instant) throws(DiskError) -> Instant {
        let today = settings.hours.tradingDay(at: now)
        if today != day { begin(today, now) }
        floor.pass(to: now)
        for problem in floor.takeProblems() { say("market data: \(problem)") }
        if let away = upAt ?? silentUntil, now < away { return away }
        if !isUp { try start(now) }
        if silentUntil != nil { say("answers again") }
        silentUntil = nil
        try takeNews(now)
        do {
            try takeRows(now)
        } catch {
            // What was read but not acted on is read again.
            orders.forget()
            cancels?.forget()
            throw error
        }
        try runPlan(now)
        try takeNews(now)
        if now >= snapshotDue { try takeSnapshot(now) }
        if let away = upAt ?? silentUntil { return away }
        let written = try outbox.write(now: now, &random)
        let next = [plan.nextDue, written, snapshotDue].compactMap { $0 }.min() ?? now
        // What is overdue, a short write's rest, has its turn soon too, but never without time passing.
        return min(max(next, now + .milliseconds(1)), now + settings.pollInterval)
    }

    /// Dies at this moment with everything that is not in the ledger or in the folder; it is back at the given one.
    public func goDown(until back: Instant) {
        isUp = false
        upAt = back
        plan = TerminalPlan()
        outbox = TerminalOutbox(store, settings.faults, claim)
    }

    func say(_ news: String) { onNews?(news) }

    func path(_ layout: FileLayout) -> String { "\(settings.folder)/\(layout.name(on: books.day))" }

    func happens(_ fault: TerminalFaults.Fault) -> Bool { settings.faults.happens(fault, &random) }
}

extension BrokerTerminal {
    /// Works on a loop until that stops. A disk that refuses is told of when it begins to, and tried again.
    public func work(on loop: EventLoop, onProblem: @escaping (DiskError) -> Void) {
        var last: DiskError?
        func turn() {
            do {
                let next = try step(now: loop.now)
                last = nil
                loop.after(next - loop.now, turn)
            } catch {
                if error != last { onProblem(error) }
                last = error
                loop.after(.seconds(1), turn)
            }
        }
        loop.post(turn)
    }
}

// MARK: - Being there

extension BrokerTerminal {
    private func begin(_ today: Day, _ now: Instant) {
        day = today
        // What it took in the day's last moment it still answers, in that day's files; a terminal that is started has taken
        // nothing.
        for item in plan.endDay() { if let order = books.order(item.number) { run(item.step, of: order, now) } }
        books.begin(today)
        floor.begin(today)
        plan = TerminalPlan()
        isUp = false
        if happens(.lateStart) {
            upAt = now + random.span(upTo: settings.longestFault)
            say("is late this morning")
        }
    }

    /// Comes up: all that it knows is in the ledger, and it says all of it again.
    private func start(_ now: Instant) throws(DiskError) {
        books = ledger.books(hours: settings.hours)
        books.begin(settings.hours.tradingDay(at: now))
        let format = settings.format
        orders = OrderInbox(format.orders, in: settings.folder, on: books.day)
        let isOneFile = format.cancels.stem == format.orders.stem
        cancels = isOneFile ? nil : OrderInbox(format.cancels, in: settings.folder, on: books.day)
        for layout in [format.results, format.reports].compactMap({ $0 }) {
            try outbox.resume(path(layout), header: header(layout), now: now, &random)
        }
        for security in floor.held + books.openOrders.map(\.security) { _ = watch(security, now) }
        sayAllAgain(now)
        snapshotDue = now
        upAt = nil
        isUp = true
    }

    private func takeRows(_ now: Instant) throws(DiskError) {
        for row in try orders.rows(from: store) { try take(row, now) }
        if settings.faults[.eager] > 0, let row = try orders.tornRow(from: store), happens(.eager) {
            try take(row, now)
        }
        for row in try cancels?.rows(from: store) ?? [] { try takeCancel(row, now) }
    }

    private func take(_ row: OrderInbox.Row, _ now: Instant) throws(DiskError) {
        let isCancel = cancels == nil && row.text(.instruction) == settings.format.codes.cancelInstruction
        if isCancel { try takeCancel(row, now) } else { try takeOrder(row, now) }
    }

    /// Begins to write cash and positions anew, and is the moment for what happens now and then.
    private func takeSnapshot(_ now: Instant) throws(DiskError) {
        snapshotDue = now + settings.snapshotInterval
        if happens(.down) {
            goDown(until: now + random.span(upTo: settings.longestFault))
            return say("is down")
        }
        if happens(.silent) {
            silentUntil = now + random.span(upTo: settings.longestFault)
            return say("hangs")
        }
        let format = settings.format
        for layout in [format.results, format.reports].compactMap({ $0 }) {
            try outbox.disturb(path(layout), now: now, &random)
        }
        if let layout = format.assets { try outbox.rewrite(path(layout), assets(layout), now: now, &random) }
        if let layout = format.positions { try outbox.rewrite(path(layout), positions(layout), now: now, &random) }
    }
}
