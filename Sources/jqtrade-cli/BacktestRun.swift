import CSupport
import Engine
import JQTrade
import Logs
import Market
import MarketData
import Notation
import PaperTrading
import Processes
import Reports
import Storage
import StrategyLoading
import Tasks
import Time

/// One run over the past, in virtual time: put together, watched, and written down.
final class BacktestRun {
    private let request: BacktestRequest
    private let signals: SignalPipe
    private let clock: VirtualClock
    private let loop: EventLoop
    private let wall = SystemClock()
    private let strategy: StrategyRun
    private let recorder: RunRecorder
    private var days: BacktestDays
    private let home: Home
    /// What the run's feed is asked, once it is open: whether it had anything to say, what it has on other days, and in a sweep
    /// of which files it was made.
    private var feed: (own: any MarketFeed, whole: () throws -> any MarketFeed, source: String?)?
    private var market = "no market data"
    private var jobErrors = 0
    private var done = 0
    private var began = TimeSpan.zero
    private var toldAt = TimeSpan.zero

    init(_ request: BacktestRequest, _ signals: SignalPipe) throws {
        let launch = request.launch
        let entry: StrategyEntry
        do throws(StrategyError) { entry = try loadStrategy(library: launch.library) } catch { throw Failure(error) }
        self.request = request
        self.signals = signals
        home = Home(path: launch.home)
        days = BacktestDays(request, today: MarketZone.shanghai.local(wall.now).day)
        let clock = VirtualClock(start: days.start)
        self.clock = clock
        loop = EventLoop(clock: clock)
        let logger = Logger(
            task: launch.name, minimum: request.log ?? .error,
            sinks: [.listener { Console.write(LogFormat.text.bytes(of: $0), to: BacktestChild.log) }]
        ) { clock.now }
        var setting = try RunSetting.of(launch, mode: "backtest", isRemembered: false)
        // No slot of the past was missed because the machine was off.
        setting.bootTime = { Instant(nanoseconds: 0) }
        var history = RunHistory(title: launch.name, mode: "backtest", start: .zero)
        // Room for the fills of a long run: what is not used of it costs nothing.
        history.fills.reserveCapacity(1 << 16)
        history.parameters = launch.parameters.map { .init(name: $0.name, value: $0.value.string ?? "") }
        recorder = RunRecorder(history)
        weak var opener: BacktestRun?
        setting.makeFeed = { spec, desk in
            guard let opener else { return try spec.makeFeed(desk) }
            return try opener.openFeed(spec, desk)
        }
        strategy = StrategyRun(entry, setting, loop: loop, logger: logger)
        opener = self
    }

    /// Runs it to its end, or until somebody wants it to end, and writes the files that were asked for.
    func run() throws -> BacktestResult {
        listen()
        if case .failed(let problems) = strategy.start() {
            throw Failure(.notInitialized, problems.joined(separator: "\n"))
        }
        if let shared = request.sharedBars, let feed, let source = feed.source {
            SharedBars.leave(feed.own, of: source, in: shared, SystemDisk())
        }
        BacktestCommand.tell(.ready)
        if let paper = strategy.paperAccount { recorder.begin(with: paper.equity) }
        warnOfCalendarEnd()
        armDay(days.first)
        began = wall.elapsed
        loop.run()
        let seconds = (wall.elapsed - began).seconds
        if (feed?.own as? CSVFeed)?.hasNothing == true { throw try noData() }
        if case .failed(let problem) = strategy.ending {
            BacktestCommand.tell(.note("the run ended early: \(problem)"))
        }
        return try finish(seconds)
    }

    // MARK: Its market

    /// Opens the feed for the days that are run, and sets the clock to the first of them.
    private func openFeed(_ spec: FeedSpec, _ desk: FeedDesk) throws -> any MarketFeed {
        var desk = desk
        days.hours = desk.hours
        desk.span = days.asked(isRandom: spec.isRandom)
        let feed = try request.sharedBars.flatMap { try SharedBars.feed(spec, desk, in: $0) } ?? spec.makeFeed(desk)
        desk.span = nil
        let source = request.sharedBars.flatMap { _ in SharedBars.source(of: spec, desk) }
        self.feed = (feed, { [desk] in try spec.makeFeed(desk) }, source)
        guard let span = feed.span else { throw try noData() }
        days.limit(to: span)
        clock.begin(at: days.start)
        market = feed.summary
        strategy.observer.priceEvery = days.sampling
        if spec.isRandom, request.from == nil, request.to == nil {
            BacktestCommand.tell(
                .note("\(feed.summary), \(days.first) to \(days.last): --from and --to take other days"))
        }
        return feed
    }

    private func noData() throws -> Failure {
        let known = try feed?.whole().summary ?? market
        return Failure(.failed, "there is no data of the days that were asked for: \(known).")
    }

    /// Past its end the calendar knows no holidays, and the run has days that nobody traded on.
    private func warnOfCalendarEnd() {
        let calendar = (strategy.schedule?.timetable.hours ?? days.hours).calendar
        guard !calendar.covers(days.last) else { return }
        let warning = calendar.coverageWarning(
            on: days.last, closedPath: home.closedDaysFile, openPath: home.openDaysFile)
        if let warning { BacktestCommand.tell(.note(warning)) }
    }

    // MARK: While it goes

    private func listen() {
        strategy.observer.fill = { [recorder] in recorder.take(HistoryFill($0)) }
        strategy.observer.dividend = { [unowned self] in recorder.take(HistoryDividend($0, $1, $2, days.hours.zone)) }
        strategy.observer.price = { [unowned self] security, time, price in
            recorder.take(security, time, price)
            if let worth = strategy.paperWorth { recorder.add(EquityPoint(worth, days.hours)) }
        }
        strategy.observer.dayClose = { [recorder] in
            recorder.take(EquityPoint(time: $0.closedAt, day: $0.day, equity: $0.equity, cash: $0.cash))
        }
        strategy.observer.counts = { [unowned self] errors, _ in jobErrors = errors }
        // Asked after each bar.
        strategy.observer.betweenActivities = { [signals, unowned self] in if signals.mayHaveNews { takeSignals() } }
    }

    private func takeSignals() {
        while let signal = signals.next() { if signal == SIGTERM { strategy.stop() } }
    }

    /// At the end of each trading day: somebody may want the run to end, or to know how far it is. The last one ends it.
    private func armDay(_ day: Day) {
        loop.at(days.end(of: min(day, days.last)), rank: .max) { [unowned self] in
            done += 1
            if signals.mayHaveNews { takeSignals() }
            if day >= days.last { return strategy.stop() }
            tellProgress(day)
            armDay(days.hours.calendar.next(after: day))
        }
    }

    private func tellProgress(_ day: Day) {
        let now = wall.elapsed
        guard now - toldAt > .milliseconds(100) else { return }
        toldAt = now
        let progress = BacktestProgress(
            day: day, done: done, of: days.count, bars: strategy.marketEvents, seconds: (now - began).seconds)
        // Nobody listens any more: nobody wants the results either.
        if !BacktestCommand.tell(.progress(progress)) { strategy.abandon() }
    }

    // MARK: What it leaves

    private func finish(_ seconds: Double) throws -> BacktestResult {
        // The last day is settled by now, unless the run was ended within it.
        if let paper = strategy.paperAccount, clock.now < days.end {
            recorder.take(EquityPoint(WorthMark(time: clock.now, equity: paper.equity, cash: paper.cash), days.hours))
        }
        // However seldom points were noted, the deepest fall is among them.
        if let fall = strategy.paperFall { recorder.insert([fall.from, fall.to].map { EquityPoint($0, days.hours) }) }
        var history = recorder.finished(orders: strategy.paperOrders, bars: strategy.marketEvents, seconds: seconds)
        history.marketData = market
        let metrics = Metrics(history)
        let disk = SystemDisk()
        if let path = request.trades {
            if path == "-" {
                Console.write(TradesFile.text(history), to: BacktestChild.output)
            } else {
                try OutputFile.write(TradesFile.text(history), to: path, disk)
            }
        }
        if let path = request.report {
            try OutputFile.write(reportPage(history, metrics), to: path, disk)
        }
        let last = min(days.last, days.hours.zone.local(clock.now).day)
        var figures = metrics.json
        // Without an account there are no closes to count.
        if strategy.paperAccount == nil, let members = figures.members {
            figures = .object(members.map { $0.name == "days" ? .init("days", .integer(Int64(done))) : $0 })
        }
        return BacktestResult(
            market: market, days: "\(days.first) to \(last)", trades: strategy.paperAccount != nil,
            jobErrors: jobErrors, askedParameters: strategy.askedParameters, figures: figures)
    }
}
