import Market

/// How far a feed of the past has told the bars or ticks of one security.
struct FeedLane {
    let number: Int
    private let series: MarketSeries
    private let bars: UnsafeBufferPointer<MarketBar>
    private var position: Int
    private let end: Int
    private var facts: [(due: Instant, facts: DayFacts)]
    private var fact = 0

    /// The next event is due then; nil when there is none.
    private(set) var next: Instant?

    /// What a series holds between two instants, the first excluded.
    init(_ series: MarketSeries, number: Int, after start: Instant, through last: Instant, hours: MarketHours) {
        self.series = series
        self.number = number
        bars = series.bars.bars
        let isBars = bars.count > 0
        position = isBars ? series.bars.count(upTo: start) : series.ticks.count(upTo: start)
        end = isBars ? series.bars.count(upTo: last) : series.ticks.count(upTo: last)
        facts = series.facts.map { (Self.due($0.day, in: series, hours), $0) }
        // Who begins in the middle of a day is told its facts first.
        if let index = facts.lastIndex(where: { $0.due <= start }), facts[index].facts.day == hours.dataDay(of: start) {
            facts[index].due = start + TimeSpan(nanoseconds: 1)
        }
        facts.removeAll { $0.due <= start || $0.due > last }
        findNext()
    }

    /// A day's facts are told as it opens, and before its first tick if that is earlier.
    private static func due(_ day: Day, in series: MarketSeries, _ hours: MarketHours) -> Instant {
        let opening = hours.day(day).instant(hours.periods.open)
        let midnight = hours.zone.instant(day, TimeOfDay(seconds: 0))
        let before = min(opening, midnight) - TimeSpan(nanoseconds: 1)
        if series.bars.count > 0 {
            let index = series.bars.count(upTo: before)
            return index < series.bars.count ? min(opening, series.bars.bars[index].end) : opening
        }
        let index = series.ticks.count(upTo: before)
        return index < series.ticks.count ? min(opening, series.ticks.time(index)) : opening
    }

    /// Within one instant facts come first.
    var isAtFacts: Bool { fact < facts.count && facts[fact].due == next }

    /// Tells the next event.
    @inline(__always) mutating func take() -> MarketEvent {
        if fact < facts.count, facts[fact].due == next {
            let told = facts[fact].facts
            fact += 1
            findNext()
            return .facts(number, told)
        }
        let index = position
        position += 1
        findNext()
        return bars.count > 0 ? .bar(number, bars[index]) : .tick(number, series.ticks[index])
    }

    /// The bars that come before an instant and before the next facts; nil for fewer than two.
    func bars(before limit: Instant) -> BarRun? {
        let limit = fact < facts.count ? min(limit, facts[fact].due) : limit
        // With several securities bar by bar, this is the answer nearly always.
        guard bars.count > 0, position + 1 < end, bars[position + 1].end < limit else { return nil }
        let last = min(end, series.bars.count(upTo: limit - TimeSpan(nanoseconds: 1)))
        return BarRun(number: number, bars: UnsafeBufferPointer(rebasing: bars[position..<last]))
    }

    /// So many bars have been told.
    mutating func passBars(_ count: Int) {
        position = min(position + max(count, 0), end)
        findNext()
    }

    @inline(__always) private mutating func findNext() {
        let time = position < end ? (bars.count > 0 ? bars[position].end : series.ticks.time(position)) : nil
        guard fact < facts.count else { return next = time }
        next = time.map { min($0, facts[fact].due) } ?? facts[fact].due
    }
}

/// The order in which the lanes of a feed have their say: by time, facts first, then by number. A heap.
struct LaneQueue {
    private struct Entry {
        let time: Instant
        let rank: Int
        let lane: Int

        @inline(__always) static func < (a: Entry, b: Entry) -> Bool {
            a.time != b.time ? a.time < b.time : a.rank < b.rank
        }
    }

    private var lanes: [FeedLane] = []
    private var heap: [Entry] = []

    /// When the next event is due.
    var next: Instant? { heap.first?.time }

    mutating func add(_ lane: FeedLane) {
        lanes.append(lane)
        guard let entry = Self.entry(lane, lanes.count - 1) else { return }
        heap.append(entry)
        heap.raiseLast(<)
    }

    /// The next event, if it is due.
    @inline(__always) mutating func take(upTo now: Instant) -> MarketEvent? {
        guard let first = heap.first, first.time <= now else { return nil }
        let event = lanes[first.lane].take()
        replaceFirst(first.lane)
        return event
    }

    /// The bars of the first lane that come before the others have anything to say.
    var comingBars: BarRun? {
        guard let first = heap.first else { return nil }
        var limit = Instant(nanoseconds: .max)
        for child in 1..<3 where child < heap.count { limit = min(limit, heap[child].time) }
        return lanes[first.lane].bars(before: limit)
    }

    /// So many of these bars have been told.
    mutating func passBars(_ count: Int) {
        guard count > 0, let first = heap.first else { return }
        lanes[first.lane].passBars(count)
        replaceFirst(first.lane)
    }

    /// The first lane has gone on.
    @inline(__always) private mutating func replaceFirst(_ lane: Int) {
        if let entry = Self.entry(lanes[lane], lane) {
            heap[0] = entry
        } else {
            heap.swapAt(0, heap.count - 1)
            heap.removeLast()
        }
        if heap.count > 1 { heap.sinkFirst(<) }
    }

    @inline(__always) private static func entry(_ lane: FeedLane, _ index: Int) -> Entry? {
        lane.next.map { Entry(time: $0, rank: (lane.isAtFacts ? 0 : 1 << 32) + lane.number, lane: index) }
    }
}
