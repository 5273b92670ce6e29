import Market

/// What a file knows of one security: its bars or its ticks in order of time, and its days.
final class MarketSeries {
    /// The code in the file, or of its name in a folder; nil where the file serves any.
    private(set) var security: Security?
    private(set) var bars: BarStore
    private(set) var ticks = TickStore()
    private(set) var facts: [DayFacts] = []
    /// The shortest time between two bars; nil before there are two.
    private(set) var shortest: TimeSpan?

    private enum Order {
        case unknown, ascending, descending
    }

    /// What its ticks make, once somebody has asked.
    var minutes: MinutesOfTicks?

    private var order = Order.unknown
    private var last: Instant?
    private var lastFacts: Day?

    init(_ security: Security?, reserving count: Int = 0) {
        self.security = security
        bars = BarStore(reserving: count)
    }

    /// A series that is kept elsewhere.
    init(_ security: Security?, bars: BarStore, facts: [DayFacts]) {
        self.security = security
        self.bars = bars
        self.facts = facts
    }

    /// The file has no code in it, and is named by one.
    func take(name security: Security) { self.security = security }

    var isEmpty: Bool { bars.count == 0 && ticks.count == 0 && facts.isEmpty }

    /// From the first bar or tick to the last.
    var span: ClosedRange<Instant>? {
        if let first = bars.bars.first, let last = bars.bars.last { return first.end...last.end }
        return ticks.count > 0 ? ticks.time(0)...ticks.time(ticks.count - 1) : nil
    }

    /// A stretch of rows in ascending order, written straight into the store: what they are appended by when there are
    /// millions of them.
    struct Stretch {
        fileprivate(set) var last: Instant
        fileprivate(set) var shortest: TimeSpan
        fileprivate(set) var count = 0
        private let room: UnsafeMutablePointer<MarketBar>

        fileprivate init(_ room: UnsafeMutablePointer<MarketBar>, last: Instant, shortest: TimeSpan) {
            self.room = room
            self.last = last
            self.shortest = shortest
        }

        /// Takes a bar if it is later than the one before.
        @inline(__always) mutating func take(_ bar: MarketBar) -> Bool {
            guard bar.end > last else { return false }
            if last.nanoseconds != .min, bar.end - last < shortest { shortest = bar.end - last }
            last = bar.end
            (room + count).initialize(to: bar)
            count += 1
            return true
        }
    }

    /// Begins a stretch of at most so many rows; nil if the rows go the other way.
    func stretch(of most: Int) -> Stretch? {
        guard order != .descending, let room = bars.room(for: most) else { return nil }
        return Stretch(
            room, last: last ?? Instant(nanoseconds: .min), shortest: shortest ?? TimeSpan(nanoseconds: .max))
    }

    /// Ends a stretch.
    func end(_ stretch: Stretch) {
        guard stretch.count > 0 else { return }
        bars.commit(stretch.count)
        last = stretch.last
        if bars.count > 1 {
            order = .ascending
            shortest = stretch.shortest
        }
    }

    /// Takes the bar of the file's next row.
    @inline(__always) func append(_ bar: MarketBar) throws(CSVProblem) {
        let time = bar.end
        if let last {
            let gap = time.nanoseconds &- last.nanoseconds
            if gap <= 0 || order != .ascending { try turn(gap, mayRepeat: false) }
            let distance = TimeSpan(nanoseconds: abs(gap))
            if distance.nanoseconds < shortest?.nanoseconds ?? .max { shortest = distance }
        }
        last = time
        bars.append(bar)
    }

    /// Takes the tick of the file's next row.
    func append(_ tick: MarketTick) throws(CSVProblem) {
        if let last { try turn(tick.time.nanoseconds &- last.nanoseconds, mayRepeat: true) }
        last = tick.time
        ticks.append(tick)
    }

    /// Keeps a day's facts, those of its first row that has any.
    func append(_ day: DayFacts) {
        if day.day == lastFacts { return }
        lastFacts = day.day
        facts.append(day)
    }

    /// True if nothing is kept yet of the facts of this day.
    func lacksFacts(of day: Day) -> Bool { day != lastFacts }

    /// Learns the order of the rows from the first two that differ, and sees that the others keep to it.
    private func turn(_ gap: Int64, mayRepeat: Bool) throws(CSVProblem) {
        if gap == 0 {
            if mayRepeat { return }
            throw CSVProblem("this time stands in the row before already: a bar's time is its own")
        }
        switch order {
        case .unknown: order = gap > 0 ? .ascending : .descending
        case .ascending where gap < 0:
            throw CSVProblem("the rows are not in order: this one is earlier than the one before; sort them by time")
        case .descending where gap > 0:
            throw CSVProblem("the rows are not in order: this one is later than the one before; sort them by time")
        default: break
        }
    }

    /// Puts all in order of time, once the file has been read.
    func finish() {
        if order == .descending {
            bars.reverse()
            ticks.reverse()
        }
        order = .unknown
        facts = Dictionary(facts.map { ($0.day, $0) }) { first, _ in first }.values.sorted { $0.day < $1.day }
    }

    /// Adds what another file knows of the same security; false if it is not wholly later.
    func join(_ later: MarketSeries) -> Bool {
        if let end = span?.upperBound, let start = later.span?.lowerBound {
            if start < end || bars.count > 0 && start == end { return false }
            shortest = [shortest, later.shortest, start - end].compactMap { $0 }.min()
        } else {
            shortest = shortest ?? later.shortest
        }
        for bar in later.bars.bars { bars.append(bar) }
        for index in 0..<later.ticks.count { ticks.append(later.ticks[index]) }
        facts += later.facts
        finish()
        return true
    }

    /// Stamps daily bars that were written with a midnight at their day's close.
    func stampDays(at hours: MarketHours) {
        func time(_ end: Instant) -> MarketTime { hours.zone.local(end) }
        guard bars.bars.allSatisfy({ time($0.end).time.seconds == 0 }) else { return }
        bars.restamp { hours.zone.instant(time($0).day, hours.periods.close) }
    }
}
