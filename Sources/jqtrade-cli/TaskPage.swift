import Engine
import Logs
import Market
import Reports
import Storage
import Time

/// The page of a task that trades: `report.html` in its folder, written anew once a minute at most while prices come, at
/// each day's close and at the end, so that a running strategy can be watched in a browser.
///
/// It tells of this run of the worker: what was before is in the orders of the task.
final class TaskPage {
    private let path: String
    private let strategy: StrategyRun
    private let recorder: RunRecorder
    private let clock: any MarketClock
    private let disk = SystemDisk()
    private let logger: Logger
    private var writtenAt: Instant?
    private var hasFailed = false
    private static let minute = TimeSpan.seconds(60)

    init(_ path: String, of strategy: StrategyRun, clock: any MarketClock, logger: Logger) {
        self.path = path
        self.strategy = strategy
        self.clock = clock
        self.logger = logger
        recorder = RunRecorder(RunHistory(title: strategy.taskName, mode: "paper", zone: strategy.zone, start: .zero))
    }

    /// Hears of what the page shows.
    func listen(_ observer: inout RunObserver) {
        observer.priceEvery = Self.minute
        observer.fill = { [unowned self] in recorder.take($0) }
        observer.price = { [unowned self] security, time, price in
            recorder.take(security, time, price)
            note(time)
            if writtenAt.map({ time - $0 >= Self.minute }) ?? true { write() }
        }
        observer.dayClose = { [unowned self] in
            recorder.take(EquityPoint(time: clock.now, day: $0.day, equity: $0.equity, cash: $0.cash))
            recorder.keepMinutes(since: $0.day - 7)
            write()
        }
    }

    /// Begins with what the account is worth now.
    func begin() {
        guard let account = strategy.paperAccount else { return }
        recorder.begin(with: account.equity)
    }

    /// Writes the page a last time.
    func finish() { if writtenAt != nil { write() } }

    private func note(_ time: Instant) {
        guard let account = strategy.paperAccount, let day = strategy.schedule?.timetable.hours.tradingDay(at: time)
        else { return }
        recorder.take(EquityPoint(time: time, day: day, equity: account.equity, cash: account.cash))
    }

    private func write() {
        writtenAt = clock.now
        let history = recorder.finished(orders: strategy.paperOrders, bars: strategy.marketEvents, seconds: 0)
        let page = reportPage(history, Metrics(history), refresh: 60)
        do {
            try disk.replaceFile(path, with: Array(page.utf8), durable: false)
        } catch {
            if !hasFailed { logger.warn("the page of the task cannot be written: \(error)") }
            hasFailed = true
        }
    }
}
