import Market

/// The bars of the random market's past, worked out day by day and remembered.
struct RandomHistory {
    private struct Key: Hashable {
        let security: Security
        let day: Day
    }

    private let step: TimeSpan
    private let hours: MarketHours
    private var minutes: [Key: [MarketBar]] = [:]

    /// Prices hardly move in less.
    private static let shortestStep = TimeSpan.milliseconds(500)
    /// Days that are looked back at most, and that are remembered.
    private static let most = 2000

    init(step: TimeSpan, hours: MarketHours) {
        self.step = max(step, Self.shortestStep)
        self.hours = hours
    }

    /// The last bars that had ended by an instant.
    mutating func bars(_ security: RandomSecurity, _ unit: BarUnit, count: Int, upTo now: Instant) -> [MarketBar] {
        var days: [[MarketBar]] = []
        var found = 0
        let today = TradingTime(around: now, hours).day
        var day = hours.calendar.isTradingDay(today) ? today : hours.calendar.previous(before: today)
        for _ in 0..<Self.most where found < count {
            let time = TradingTime(of: day, hours)
            let bars = resample(minutes(of: security, day, from: time, now), to: unit, hours: hours)
                .filter { time.due(ofBarEnding: $0.end.nanoseconds) <= now.nanoseconds }
            days.append(bars)
            found += bars.count
            day = hours.calendar.previous(before: day)
        }
        return Array(days.reversed().joined().suffix(max(count, 0)))
    }

    private mutating func minutes(
        of security: RandomSecurity, _ day: Day, from time: TradingTime, _ now: Instant
    ) -> [MarketBar] {
        if now.nanoseconds < time.start { return [] }
        let key = Key(security: security.security, day: day)
        if let known = minutes[key] { return known }
        var today = RandomDay(security, day, step: step, hours)
        var builder = BarBuilder(.minute, hours: hours)
        var bars: [MarketBar] = []
        for index in 0..<today.count { bars += builder.take(today.tick(index, hasBook: false)) }
        if let last = builder.open { bars.append(last) }
        if minutes.count >= Self.most { minutes.removeAll() }
        minutes[key] = bars
        return bars
    }
}
