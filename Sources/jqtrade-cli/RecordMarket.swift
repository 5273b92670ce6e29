import CSupport
import Engine
import Market
import MarketData
import Processes
import Storage
import Tasks
import Time

/// `record_market`: what a feed says, as CSV files that other runs read or follow.
enum RecordMarket {
    static let form = CommandLineForm(
        name: "record_market", summary: "write what a feed of market data says into CSV files",
        options: [
            .init(
                long: "market-data", value: "FEED", isRequired: true,
                help: "random:seed=7, csv:PATH, follow:PATH or exec:COMMAND"),
            .init(long: "codes", value: "A,B", isRequired: true, help: "the codes, like 000001.XSHE,600000.XSHG"),
            .init(
                short: "o", long: "output", value: "DIR", isRequired: true, help: "the folder, made if it is not there"),
            .init(long: "from", value: "DAY", help: "the first day, of a feed of the past: 2024-01-02"),
            .init(long: "to", value: "DAY", help: "the last day, of a feed of the past"),
            .init(
                long: "unit", value: "UNIT", help: "tick, 1m, 5m, 15m, 30m, 60m or 1d (default: as the feed gives it)"),
        ],
        notes: """
            Each trading day gets a file, DIR/2024-01-02.csv; daily bars are DIR/daily.csv. Many tasks share one source
            like this: record it once, and start each of them with the market data follow:DIR. Later, csv:DIR replays
            the days. Ctrl-C ends it; started again it goes on and writes no row twice.
            """)

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let surroundings = try Surroundings.find()
        let text = try arguments.required("market-data", form)
        let codes = try codes(arguments.required("codes", form))
        let folder = surroundings.absolute(try arguments.required("output", form))
        let days = try days(arguments)
        let clock = SystemClock()
        let calendar = try CalendarFiles(closed: surroundings.home.closedDaysFile, open: surroundings.home.openDaysFile)
            .calendar(in: surroundings.disk)
        let hours = MarketHours(calendar: calendar)
        let isPast = days != nil || text.hasPrefix("csv:")
        let desk = FeedDesk(
            hours: hours, disk: surroundings.disk, absolutePath: surroundings.absolute, now: clock.now, span: days,
            isVirtual: isPast)
        let feed: any MarketFeed
        do {
            feed = try FeedSpec(text).makeFeed(desk)
        } catch {
            throw Failure(.failed, "\(error)")
        }
        defer { feed.close() }
        for (number, code) in codes.enumerated() {
            try feed.add(code, as: number, now: isPast ? Instant(nanoseconds: .min) : clock.now)
        }
        try surroundings.disk.makeFolder(folder)
        let lock = try occupy(folder)
        defer { lock.release() }
        let recorder = try MarketRecorder(
            folder, codes: codes, feedUnit: feed.unit, unit: try unit(arguments, feed), hours: hours,
            disk: surroundings.disk)
        Console.say("recording \(feed.summary) into \(folder); Ctrl-C ends it")
        let recording = try Recording(feed, recorder, hours, clock)
        try isPast ? recording.runPast() : recording.runLive()
        Console.say(recording.summary)
        return .done
    }

    private static func codes(_ text: String) throws(UsageError) -> [Security] {
        let codes = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        for code in codes where code.isEmpty || code.contains(where: { $0.isWhitespace || $0 == "\"" }) {
            throw UsageError("--codes asks for codes with commas between them, not \"\(text)\".")
        }
        guard Set(codes).count == codes.count else { throw UsageError("--codes names a code twice.") }
        return codes.map(Security.init)
    }

    private static func days(_ arguments: Arguments) throws(UsageError) -> ClosedRange<Day>? {
        func day(_ name: String) throws(UsageError) -> Day? {
            guard let text = arguments.value(name) else { return nil }
            guard let day = Day(text) else {
                throw UsageError("--\(name) asks for a day like 2024-01-02, not \"\(text)\".")
            }
            return day
        }
        let (first, last) = (try day("from"), try day("to"))
        if first == nil, last == nil { return nil }
        guard let first, let last else { throw UsageError("--from and --to go together: give both.") }
        guard first <= last else { throw UsageError("--from \(first) is later than --to \(last).") }
        return first...last
    }

    private static func unit(_ arguments: Arguments, _ feed: any MarketFeed) throws(UsageError) -> BarUnit? {
        guard arguments.value("unit") != nil else { return feed.unit }
        let word = try arguments.word("unit", of: ["tick"] + BarUnit.allCases.map(\.rawValue), default: "tick")
        return BarUnit(rawValue: word)
    }

    private static func occupy(_ folder: String) throws -> FileLock {
        guard let lock = try FileLock.tryLock(folder + "/.record_market") else {
            throw Failure(.failed, "another record_market is at work in \(folder). Name another folder.")
        }
        return lock
    }
}

/// One recording: a feed, what writes it down, and Ctrl-C.
private final class Recording {
    private let feed: any MarketFeed
    private let recorder: MarketRecorder
    private let hours: MarketHours
    private let clock: SystemClock
    private let signals: SignalPipe
    private var failure: (any Error)?
    private var lastDay: Day?
    private var isEnded = false

    init(_ feed: any MarketFeed, _ recorder: MarketRecorder, _ hours: MarketHours, _ clock: SystemClock) throws {
        self.feed = feed
        self.recorder = recorder
        self.hours = hours
        self.clock = clock
        signals = try SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGPIPE])
    }

    var summary: String {
        var text = "\(recorder.rows) rows written"
        if recorder.repeated > 0 { text += ", \(recorder.repeated) were there already" }
        text += leftOut
        return isEnded ? text : text + "; ended before the feed did"
    }

    /// What is not in the files, and why; nothing if all is.
    private var leftOut: String {
        let dropped = recorder.dropped
        let reasons = TickFilter.Reason.allCases.compactMap { reason in dropped[reason].map { "\($0) \(reason)" } }
        var text = reasons.isEmpty ? "" : "; ticks left out: \(reasons.joined(separator: ", "))"
        if recorder.late > 0 { text += "; left out for coming after their day was over: \(recorder.late)" }
        return text
    }

    /// All that a feed of the past has, as fast as it goes.
    func runPast() throws {
        while let time = feed.nextTime {
            while let event = feed.next(upTo: time) { try recorder.record(event) }
            tell(time)
            if signals.next() != nil { return try finish() }
        }
        isEnded = true
        try finish()
    }

    /// What a feed says as it comes.
    func runLive() throws {
        let loop = EventLoop(clock: clock)
        let watch = loop.watch(signals.descriptor, .read) { if self.signals.next() != nil { loop.stop() } }
        defer { loop.unwatch(watch) }
        let news = feed.descriptor.map { loop.watch($0, .read) { self.take(loop) } }
        defer { if let news { loop.unwatch(news) } }
        take(loop)
        loop.run()
        try finish()
        if let failure { throw failure }
    }

    private var timer: LoopTimer?

    private func take(_ loop: EventLoop) {
        if let timer { loop.cancel(timer) }
        timer = nil
        do {
            let now = clock.now
            while let event = feed.next(upTo: now) { try recorder.record(event) }
            try recorder.flush(at: now)
            tell(now)
        } catch {
            failure = error
            return loop.stop()
        }
        let due = [feed.nextTime, recorder.nextTime].compactMap { $0 }.min()
        if let due {
            timer = loop.at(due) { self.take(loop) }
        } else if feed.descriptor == nil {
            isEnded = true
            loop.stop()
        }
    }

    /// Each day as it begins, and what is wrong.
    private func tell(_ now: Instant) {
        for problem in feed.takeProblems() { Console.complain("jqtrade record_market: \(problem)") }
        let day = hours.zone.local(now).day
        guard day != lastDay else { return }
        if lastDay != nil { Console.say("\(day): \(recorder.rows) rows so far\(leftOut)") }
        lastDay = day
    }

    private func finish() throws {
        for problem in feed.takeProblems() { Console.complain("jqtrade record_market: \(problem)") }
        try recorder.close(feedHasEnded: isEnded, at: clock.now)
    }
}
