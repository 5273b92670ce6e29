import Market
import Storage

/// Bars or ticks from a file, or from a folder of files: a feed of the past.
public final class CSVFeed: MarketFeed {
    /// How its events come: the length of its bars; nil for ticks.
    public let unit: BarUnit?

    private let shelf: any SeriesShelf
    private let named: BarUnit?
    let hours: MarketHours
    private let days: ClosedRange<Day>?
    /// Asked for every bar, and never while it is being asked.
    @exclusivity(unchecked) private var queue = LaneQueue()
    private var problems: [String] = []
    private var seenClosed: Set<Day> = []
    private var isAsked = false
    /// True if securities were asked for, and none has anything on the days that are told.
    public private(set) var hasNothing = false

    /// Reads a file, or looks into a folder: one file per code, or files with a column for it. A file that `save` wrote
    /// is mapped. Only events of these days are told; what lies before them is history. How long bars are is seen from
    /// their times, unless their `unit` is named: of few bars, or of some that have gaps, nothing else can tell.
    public init(
        path: String, disk: any FileStore, hours: MarketHours, span: ClosedRange<Day>? = nil, unit: BarUnit? = nil
    ) throws {
        let isSaved = try BarFile.isOne(path, in: disk)
        shelf =
            isSaved
            ? try BarFileShelf(path, in: disk, hours: hours) : try CSVShelf(path, in: disk, hours: hours, unit: unit)
        self.hours = hours
        named = unit
        days = span
        self.unit = shelf.unit
    }

    /// What its rows are, in words: `1m bars`, `ticks`, or that there are none.
    public var contents: String { shelf.contents }

    /// `csv:bars.csv (1m bars of 1 code, 2024-01-02 to 2024-12-31)`.
    public var summary: String {
        var text = "\(shelf.name) (\(contents)"
        if !shelf.codes.isEmpty { text += " of \(shelf.codes.count) code\(shelf.codes.count == 1 ? "" : "s")" }
        if let span { text += ", \(hours.zone.local(span.lowerBound).day) to \(hours.zone.local(span.upperBound).day)" }
        return text + ")"
    }

    /// From the first event to the last, of those days that were asked for.
    public var span: ClosedRange<Instant>? {
        guard let all = shelf.span else { return nil }
        guard let days else { return all }
        let lower = max(all.lowerBound, start(of: days.lowerBound))
        let upper = min(all.upperBound, end(of: days.upperBound))
        return lower <= upper ? lower...upper : nil
    }

    /// Tells this security's events too from now on.
    public func add(_ security: Security, as number: Int, now: Instant) throws {
        let series = try shelf.series(of: security)
        problems += shelf.takeProblems()
        noteClosedDays(series, security)
        // The very first instant of the span is told too.
        let first = days.map { start(of: $0.lowerBound) - TimeSpan(nanoseconds: 1) } ?? now
        let last = days.map { end(of: $0.upperBound) } ?? Instant(nanoseconds: .max)
        let lane = FeedLane(series, number: number, after: max(first, now), through: last, hours: hours)
        hasNothing = lane.next == nil && (hasNothing || !isAsked)
        isAsked = true
        queue.add(lane)
    }

    /// When the next event is due.
    public var nextTime: Instant? { queue.next }

    /// The next event, if it is due.
    public func next(upTo now: Instant) -> MarketEvent? { queue.take(upTo: now) }

    /// The bars of one security with nothing between them: all that are left, where it is the only one.
    public var comingBars: BarRun? { queue.comingBars }

    /// So many of them have been told.
    public func passBars(_ count: Int) { queue.passBars(count) }

    /// What was wrong, once.
    public func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }

    /// Nothing is open.
    public func close() {}

    /// The last bars that had ended.
    public func history(_ security: Security, _ unit: BarUnit, count: Int, upTo now: Instant) -> [MarketBar] {
        guard count > 0, let series = try? shelf.series(of: security) else { return [] }
        return series.history(unit, of: self.unit, count: count, upTo: now, hours: hours)
    }

    /// All that it has, whoever was asked for.
    func allSeries() throws -> [MarketSeries] { try shelf.all() }

    /// Writes the bars that have been read into a file that other runs read as `csv:PATH`: it is mapped there, so that many
    /// runs parse nothing and share one copy in memory. Of a folder it names the files that have not been read.
    public func save(to path: String, in disk: any FileStore, source: String = "") throws {
        guard let unit else { throw CSVError(shelf.name, "ticks cannot be saved as a file of bars") }
        try BarFile.write(
            .init(
                series: shelf.read, unit: unit, span: shelf.span, unread: shelf.unread, named: named, source: source),
            to: path, in: disk)
    }

    /// What a file was made of that `save` wrote; nil for any other feed.
    public var source: String? { (shelf as? BarFileShelf)?.source }

    /// A trading day begins at midnight, or with the night session before it.
    private func start(of day: Day) -> Instant {
        let midnight = hours.zone.instant(day, TimeOfDay(seconds: 0))
        guard hours.periods.night != nil else { return midnight }
        // The auction of a night session is before its opening.
        return min(midnight, hours.day(day).instant(hours.periods.open) - .seconds(1800))
    }

    private func end(of day: Day) -> Instant {
        let next = hours.periods.night == nil ? day + 1 : hours.calendar.next(after: day)
        return start(of: next) - TimeSpan(nanoseconds: 1)
    }

    /// Days with bars on which the market was closed are told of once: the calendar may be wrong, or the file.
    private func noteClosedDays(_ series: MarketSeries, _ security: Security) {
        let closed = series.days(in: hours).filter { !hours.calendar.isTradingDay($0) && !seenClosed.contains($0) }
        guard let first = closed.first else { return }
        seenClosed.formUnion(closed)
        let when = closed.count == 1 ? "on \(first)" : "on \(closed.count) days, the first of them \(first)"
        problems.append(
            "\(shelf.name): \(security) has data \(when), when the calendar says that the market is closed; it is fed all the same"
        )
    }
}
