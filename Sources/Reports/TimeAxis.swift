import Market

/// The lower side of a chart: each trading day is equally wide; nights, weekends and pauses take next to no room.
struct TimeAxis {
    /// A time without a longer pause.
    private struct Stretch {
        let day: Int
        let start: Instant
        var end: Instant
        /// Where it lies within its day, the pause before it included: from 0 to 1.
        var left = 0.0
        var right = 1.0

        var weight: Double { (end - start).seconds + TimeAxis.gap.seconds }

        func position(_ time: Instant) -> Double {
            let part = ((time - start).seconds + TimeAxis.gap.seconds) / weight
            return Double(day) + left + (right - left) * min(max(part, 0), 1)
        }
    }

    /// A mark below the chart.
    struct Tick {
        /// Where it is: 0 at the left, 1 at the right.
        let position: Double
        /// A date, a month, a year or a time of day.
        let label: String
    }

    /// A longer time without anything is a pause.
    private static let pause = TimeSpan.seconds(45 * 60)
    /// A pause is shown as long as this.
    private static let gap = TimeSpan.seconds(5 * 60)

    private let days: [Day]
    private let zone: MarketZone
    private var stretches: [Stretch] = []

    /// The axis of a run: the days of its values, each as long as anything happened in it.
    init(_ history: RunHistory) {
        let closes = history.dayCloses
        days = closes.map(\.day)
        zone = history.zone
        let prices = history.prices.values.joined().map(\.time)
        var day = 0
        for time in (history.points.map(\.time) + history.fills.map(\.time) + prices).sorted() {
            while day + 1 < closes.count, closes[day].time < time { day += 1 }
            if let last = stretches.last, last.day == day, time - last.end < Self.pause {
                stretches[stretches.count - 1].end = time
            } else {
                stretches.append(Stretch(day: day, start: time, end: time))
            }
        }
        placeStretches()
    }

    /// True if there is nothing to show.
    var isEmpty: Bool { days.isEmpty }

    /// Where a moment lies: 0 at the left, 1 at the right.
    func position(_ time: Instant) -> Double {
        guard let stretch = stretch(at: time) else { return 0 }
        return min(stretch.position(time) / Double(max(days.count, 1)), 1)
    }

    /// At most `most` marks: the finest of times, days, months and years that are so few.
    func ticks(most: Int = 6) -> [Tick] {
        if days.count == 1 { return times(most: most) }
        for step in [1, 2, 5, 10] where days.count <= most * step && days.count < 40 {
            return marks(labelled: { String($0.description.dropFirst(5)) }) { index, _, _ in index % step == 0 }
        }
        for step in [1, 2, 3, 6] {
            let ticks = marks(labelled: { String($0.description.prefix(7)) }) { _, day, before in
                day.date.month != before?.date.month && (day.date.month - 1) % step == 0
            }
            if ticks.count <= most { return ticks }
        }
        for step in [1, 2, 5, 10, 20, 50, 100] {
            let ticks = marks(labelled: { String($0.description.prefix(4)) }) { _, day, before in
                day.date.year != before?.date.year && day.date.year % step == 0
            }
            if ticks.count <= most { return ticks }
        }
        return []
    }

    /// Shares each day's width among its stretches, by their length.
    private mutating func placeStretches() {
        var first = 0
        while first < stretches.count {
            var end = first
            while end < stretches.count, stretches[end].day == stretches[first].day { end += 1 }
            let whole = stretches[first..<end].reduce(0) { $0 + $1.weight }
            var left = 0.0
            for index in first..<end {
                stretches[index].left = left
                left += stretches[index].weight / whole
                stretches[index].right = left
            }
            first = end
        }
    }

    /// The first stretch that had not ended by then, or the last one of all.
    private func stretch(at time: Instant) -> Stretch? {
        var (low, high) = (0, stretches.count)
        while low < high {
            let middle = (low + high) / 2
            if stretches[middle].end < time { low = middle + 1 } else { high = middle }
        }
        return low < stretches.count ? stretches[low] : stretches.last
    }

    private func marks(
        labelled label: (Day) -> String, where isMark: (Int, _ day: Day, _ before: Day?) -> Bool
    ) -> [Tick] {
        days.indices.compactMap { index in
            guard isMark(index, days[index], index > 0 ? days[index - 1] : nil) else { return nil }
            return Tick(position: Double(index) / Double(days.count), label: label(days[index]))
        }
    }

    /// Round times of a single day, none of them within a pause.
    private func times(most: Int) -> [Tick] {
        guard let start = stretches.first?.start, let end = stretches.last?.end else { return [] }
        let offset = Int64(zone.offset(at: start)) * 1_000_000_000
        for minutes: Int64 in [1, 5, 10, 30, 60, 120, 240] {
            let step = minutes * 60_000_000_000
            guard (end - start).nanoseconds / step < most else { continue }
            let first = (start.nanoseconds &+ offset &+ step &- 1) / step * step - offset
            return stride(from: first, through: end.nanoseconds, by: Int(step)).compactMap { nanoseconds in
                let time = Instant(nanoseconds: nanoseconds)
                guard let stretch = stretch(at: time), stretch.start - Self.gap <= time else { return nil }
                return Tick(position: position(time), label: String(zone.local(time).time.description.prefix(5)))
            }
        }
        return []
    }
}
