import Market
import Storage

/// Writes what a feed says as CSV that `csv:` and `follow:` read: one file per trading day, `2024-01-02.csv`, with a column
/// for the code, appended by whole lines. Who follows the folder goes from each day's file to the next.
///
/// Daily bars all go into `daily.csv`. A recording that is begun again goes on where it ended and writes no row twice.
public final class MarketRecorder {
    /// How many rows were written.
    public private(set) var rows = 0
    /// How many were there already.
    public private(set) var repeated = 0
    /// How many came for a day whose file was closed already.
    public private(set) var late = 0

    private let folder: String
    private let codes: [Security]
    private let unit: BarUnit?
    private let hours: MarketHours
    private let disk: any FileStore
    private let form: RecordedRow
    private var builders: [BarBuilder]
    private let isBuilding: Bool
    /// Where bars are made of ticks: what keeps the absurd ones out of them, and what was said of each code's day.
    private var filters: [TickFilter]
    private var facts: [DayFacts?]
    private var file: RecordedFile?
    private var day: Day?
    private var pending = ""

    /// A recording of a feed of `feedUnit` into a folder, which must exist: of its events as they are or, with another
    /// `unit`, of the longer bars that they make. Events tell the codes by their places in the list.
    public init(
        _ folder: String, codes: [Security], feedUnit: BarUnit?, unit: BarUnit?, hours: MarketHours,
        disk: any FileStore
    ) throws {
        self.folder = folder
        self.codes = codes
        self.unit = unit
        self.hours = hours
        self.disk = disk
        form = RecordedRow(bars: unit != nil, zone: hours.zone)
        isBuilding = unit != feedUnit
        let isPossible = feedUnit == nil || unit.map { $0.length > feedUnit?.length ?? 0 } ?? false
        guard !isBuilding || isPossible else {
            let kind = feedUnit.map { "\($0) bars" } ?? "ticks"
            throw FeedError("the feed has \(kind): from these no \(unit.map { "\($0) bars" } ?? "ticks") can be made")
        }
        builders = isBuilding ? codes.map { _ in BarBuilder(unit ?? .minute, hours: hours) } : []
        filters = isBuilding ? codes.map { _ in TickFilter(hours: hours) } : []
        facts = codes.map { _ in nil }
    }

    /// How many ticks were not believed when bars were made of them, and why. Recorded as they are, ticks are whatever the
    /// feed says: who replays them does not believe them either.
    public var dropped: [TickFilter.Reason: Int] {
        filters.reduce(into: [:]) { $0.merge($1.dropped, uniquingKeysWith: +) }
    }

    /// Takes an event.
    public func record(_ event: MarketEvent) throws {
        switch event {
        case .facts(let number, let facts):
            guard let security = security(number) else { return }
            self.facts[number] = facts
            let file = try turn(to: facts.day)
            try write(form.line(facts, of: security), isNew: file && self.file?.isNew(facts, of: security) == true)
        case .tick(let number, let tick):
            guard isBuilding else { return try write(tick, number) }
            guard builders.indices.contains(number), filters[number].admits(tick, facts: facts[number]) else { return }
            for bar in builders[number].take(tick) { try write(bar, number) }
        case .bar(let number, let bar):
            guard isBuilding else { return try writeAsItIs(bar, number) }
            guard builders.indices.contains(number) else { return }
            if let longer = builders[number].take(bar) { try write(longer, number) }
        }
    }

    /// Closes the bars that are due and writes all that was taken.
    public func flush(at now: Instant) throws {
        for number in builders.indices {
            if let bar = builders[number].close(at: now) { try write(bar, number) }
        }
        try writePending()
    }

    /// When the next bar is to be closed, if time alone closes it.
    public var nextTime: Instant? { builders.compactMap(\.closesAt).min() }

    /// Ends the recording. A feed that has ended has told its last bar whole.
    public func close(feedHasEnded: Bool, at now: Instant) throws {
        try flush(at: feedHasEnded ? Instant(nanoseconds: .max) : now)
        file?.close()
        file = nil
    }

    private func security(_ number: Int) -> Security? { codes.indices.contains(number) ? codes[number] : nil }

    private func write(_ tick: MarketTick, _ number: Int) throws {
        guard let security = security(number) else { return }
        guard try turn(to: hours.dataDay(of: tick.time)) else { return late += 1 }
        let line = form.line(tick, of: security)
        try write(line, isNew: file?.isNew(line, of: security, at: tick.time) == true)
    }

    private func write(_ bar: MarketBar, _ number: Int) throws {
        guard let security = security(number) else { return }
        guard try turn(to: hours.dataDay(of: bar.end)) else { return late += 1 }
        let line = form.line(bar, of: security)
        try write(line, isNew: file?.isNew(line, of: security, at: bar.end) == true)
    }

    /// A feed that nobody knew of what it would say may say bars, for which there is no place among ticks.
    private func writeAsItIs(_ bar: MarketBar, _ number: Int) throws {
        if unit == nil {
            throw FeedError(
                "the feed gives bars, not ticks: say how long they are, with --unit 1m or ,unit=1m after the feed")
        }
        try write(bar, number)
    }

    private func write(_ line: String, isNew: Bool) throws {
        guard isNew else { return repeated += 1 }
        rows += 1
        pending += line + "\n"
        if pending.utf8.count > 1 << 18 { try writePending() }
    }

    private func writePending() throws {
        guard !pending.isEmpty else { return }
        try file?.append(pending)
        pending = ""
    }

    /// A day's last bars belong into its file, though the next day's facts come before the tick that would close them.
    private func closeBars(before next: Day) throws {
        for number in builders.indices {
            guard let open = builders[number].open, hours.dataDay(of: open.end) < next else { continue }
            if let bar = builders[number].close(at: Instant(nanoseconds: .max)) { try write(bar, number) }
        }
    }

    /// Goes to the file of a day; false for a day that is over already.
    private func turn(to next: Day) throws -> Bool {
        if file != nil, unit == .day || next == day { return true }
        if let day, next < day { return false }
        try closeBars(before: next)
        try writePending()
        file?.close()
        file = nil
        file = try RecordedFile(
            "\(folder)/\(unit == .day ? "daily" : "\(next)").csv", form.header, in: disk, hours: hours)
        day = next
        return true
    }
}

extension MarketHours {
    /// The trading day that data of this time belong to; on a day that the calendar calls closed, that day.
    func dataDay(of time: Instant) -> Day {
        periods.night == nil ? zone.local(time).day : tradingDay(at: time)
    }
}

extension BarUnit {
    /// Minutes, for comparing lengths: a day is longer than all.
    var length: Int { minutes ?? .max }
}
