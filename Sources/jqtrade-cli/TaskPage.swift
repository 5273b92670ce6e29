import Accounts
import Engine
import Logs
import Market
import PaperTrading
import Reports
import Storage
import Time

/// The page of a task that trades, on paper or live: `report.html` in its folder, written anew once a minute at most while
/// prices and the broker's news come, at each day's close and at the end, so that a running strategy can be watched in a
/// browser. It goes on after a restart.
final class TaskPage {
    private let path: String
    private let strategy: StrategyRun
    private let recorder: RunRecorder
    private let memory: PageMemory
    private let loop: EventLoop
    private let logger: Logger
    private let disk = SystemDisk()
    /// The broker's fills that are on the page already: after a crash some are told again.
    private var known: Set<String> = []
    private var orders: [Day: Int] = [:]
    private var hasStart = false
    private var writtenAt: Instant?
    private var timer: LoopTimer?
    private var nextSlot: Instant?
    private var hasNewFills = false
    /// True while something is known that the page does not show yet: what was remembered, at first.
    private var hasNews = true
    private var hasFailed = false
    private static let minute = TimeSpan.seconds(60)
    /// The days of which the page shows more than the close.
    private static let days = 7

    init(in folder: String, of strategy: StrategyRun, loop: EventLoop, logger: Logger) {
        path = folder + "/report.html"
        self.strategy = strategy
        self.loop = loop
        self.logger = logger
        memory = PageMemory(folder + "/report.journal", disk: disk, boot: BootID(SystemClock.bootID()))
        recorder = RunRecorder(RunHistory(title: strategy.taskName, mode: "paper", start: .zero))
        recall()
    }

    private var now: Instant { loop.clock.now }

    // MARK: What it hears

    /// Hears of what the page shows, beside whoever listens already.
    func listen(_ observer: inout RunObserver) {
        let (next, mode, account) = (observer.next, observer.mode, observer.account)
        observer.next = { [unowned self] in
            nextSlot = $0?.at
            next?($0)
        }
        observer.mode = { [unowned self] in
            recorder.take(mode: $0)
            mode?($0)
        }
        observer.account = { [unowned self] in
            account?($0, $1)
            rememberFills()
            plan()
        }
        observer.fill = { [unowned self] in take(HistoryFill($0), id: "-") }
        observer.dividend = { [unowned self] in add(.dividend(HistoryDividend($0, $1, $2, strategy.zone))) }
        observer.trade = { [unowned self] in take($0) }
        observer.priceEvery = Self.minute
        observer.price = { [unowned self] security, time, price in
            guard hasStart else { return }
            add(.price(security, time, price))
            plan()
        }
        observer.dayClose = { [unowned self] in close($0) }
    }

    /// Begins with what the account is worth now, unless it began before.
    func begin() {
        recorder.take(strategy.zone)
        note()
        plan()
    }

    /// Writes the page a last time, unless it shows all already: an idle task is to be gone at once.
    func finish() {
        note()
        if hasNews { write() }
    }

    private func take(_ trade: Trade) {
        guard known.insert(trade.id).inserted else { return }
        let ticket = trade.ticket
        recorder.hidesFees()
        take(
            HistoryFill(
                time: trade.time, security: ticket.security, side: ticket.side, position: ticket.position,
                amount: trade.amount, price: trade.price, fees: .zero), id: trade.id)
    }

    private func take(_ fill: HistoryFill, id: String) {
        add(.fill(fill, id: id))
        hasNewFills = true
        plan()
    }

    /// The day is over when its last session is, whenever that became known.
    private func close(_ close: DayClose) {
        add(.point(EquityPoint(time: min(close.closedAt, now), day: close.day, equity: close.equity, cash: close.cash)))
        if let timer { loop.cancel(timer) }
        (timer, writtenAt) = (nil, nil)
        plan()
    }

    /// Notes what the account is worth now.
    private func note() {
        guard let worth = strategy.worth, let day = strategy.schedule?.timetable.hours.tradingDay(at: now) else {
            return
        }
        if !hasStart { add(.start(worth.equity)) }
        for (day, count) in strategy.ordersByDay where count > orders[day] ?? 0 { add(.orders(day, count)) }
        let last = recorder.history.points.last
        if last?.day != day || last?.equity != worth.equity || last?.cash != worth.cash {
            add(.point(EquityPoint(time: now, day: day, equity: worth.equity, cash: worth.cash)))
        }
    }

    private func add(_ record: PageRecord) {
        show(record)
        hasNews = true
        memory.add(record, at: now)
    }

    private func show(_ record: PageRecord) {
        switch record {
        case .start(let money):
            recorder.begin(with: money)
            hasStart = true
        case .point(let point):
            if let last = recorder.history.points.last, last.day != point.day {
                recorder.keepMinutes(since: point.day - Self.days)
            }
            recorder.take(point)
        case .fill(let fill, let id):
            recorder.take(fill)
            if id != "-" {
                known.insert(id)
                recorder.hidesFees()
            }
        case .dividend(let dividend): recorder.take(dividend)
        case .price(let security, let time, let price): recorder.take(security, time, price)
        case .orders(let day, let count): orders[day] = count
        }
    }

    // MARK: What it remembers

    private func recall() {
        do {
            let records = try memory.read()
            for record in records { show(record) }
            // What the curves have left out need not be read again.
            let kept = Set(recorder.history.points)
            let short = records.filter { if case .point(let point) = $0 { kept.contains(point) } else { true } }
            if short.count < records.count { try memory.begin(with: short, at: now) }
        } catch {
            logger.warn("the page of the task begins anew: \(error)")
            do { try memory.begin(with: [], at: now) } catch { complain(error) }
        }
    }

    /// A fill is remembered as soon as the account has it: it would not be told again.
    private func rememberFills() {
        guard hasNewFills else { return }
        hasNewFills = false
        do { try memory.write() } catch { complain(error) }
    }

    // MARK: Writing

    /// Has the page written when its minute is over. That takes its time, so it is not begun just before a slot.
    private func plan() {
        guard timer == nil else { return }
        let due = writtenAt.map { max(now, $0 + Self.minute) } ?? now
        timer = loop.at(due, rank: .max) { [unowned self] in
            timer = nil
            if let slot = nextSlot, slot > now, slot - now < .milliseconds(50) {
                timer = loop.at(slot + .milliseconds(1), rank: .max) { [unowned self] in
                    timer = nil
                    write()
                }
            } else {
                write()
            }
        }
    }

    private func write() {
        writtenAt = now
        note()
        // A task without an account has no page.
        guard hasStart else { return }
        let orders = orders.values.reduce(0, +)
        let history = recorder.finished(orders: orders, bars: strategy.marketEvents, seconds: 0)
        let page = reportPage(history, Metrics(history), refresh: 60)
        do {
            try memory.write()
            try disk.replaceFile(path, with: Array(page.utf8), durable: false)
            hasFailed = false
            hasNews = false
        } catch { complain(error) }
    }

    private func complain(_ error: any Error) {
        if !hasFailed { logger.warn("the page of the task cannot be written: \(error)") }
        hasFailed = true
    }
}
