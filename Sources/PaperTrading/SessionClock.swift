import Market

/// What the market does from when to when on one trading day.
final class SessionClock: Sendable {
    /// What the market does.
    enum Phase: Int {
        /// Orders wait for the opening auction.
        case opening
        /// The auction is over and trading has not begun.
        case quiet
        /// It trades continuously.
        case trading
        /// Between two sessions.
        case pause
        /// Orders wait for the closing auction.
        case closing
        /// The day is over and not settled yet: the price of the close may still come.
        case closed
    }

    /// The trading day.
    let day: Day
    /// When its sessions trade.
    let sessions: [TradingSession]
    /// When its last session ends.
    let close: Instant
    /// When the day is settled.
    let settles: Instant
    /// When each phase begins, in order.
    let phases: [(start: Instant, phase: Phase)]

    /// When the day begins, before all that happens on it.
    var begins: Instant { phases[0].start }

    /// How long after the close the day is settled: the closing auction's price comes some seconds late.
    static let settlingTime = TimeSpan.seconds(300)
    /// The opening auction ends so long before trading begins.
    static let quietTime = TimeSpan.seconds(300)
    /// The closing auction lasts so long.
    static let closingTime = TimeSpan.seconds(180)

    init(_ day: Day, hours: MarketHours) {
        self.day = day
        let sessions = hours.day(day).sessions
        let midnight = hours.zone.instant(day, TimeOfDay(seconds: 0))
        self.sessions = sessions
        close = sessions.last?.end ?? midnight + .seconds(86_400)
        settles = close + Self.settlingTime
        var phases: [(start: Instant, phase: Phase)] = []
        phases.reserveCapacity(3 + 2 * sessions.count)
        if let first = sessions.first {
            phases.append((min(midnight, first.start - .seconds(3600)), .opening))
            phases.append((first.start - Self.quietTime, .quiet))
        }
        for (index, session) in sessions.enumerated() {
            phases.append((session.start, .trading))
            let isLast = index == sessions.count - 1
            if isLast, session.end - session.start > Self.closingTime {
                phases.append((session.end - Self.closingTime, .closing))
            }
            phases.append((session.end, isLast ? .closed : .pause))
        }
        if sessions.isEmpty { phases.append((midnight, .closed)) }
        self.phases = phases
    }

    /// The phase at an instant, and when the next one begins or the day is settled.
    func phase(at now: Instant) -> (phase: Phase, until: Instant) {
        guard let index = phases.lastIndex(where: { $0.start <= now }) else {
            return (.opening, phases.first?.start ?? settles)
        }
        return (phases[index].phase, index + 1 < phases.count ? phases[index + 1].start : settles)
    }

    /// True if a bar that ended then was traded within the day's sessions.
    func holds(barEnding end: Instant) -> Bool {
        sessions.contains { $0.start < end && end <= $0.end }
    }

    /// When a bar that ended then began. Only time in which the market trades counts, and no bar begins before the day's
    /// first session does.
    func start(ofBarEnding end: Instant, _ unit: BarUnit) -> Instant {
        guard let minutes = unit.minutes else {
            return sessions.first.map(\.start).flatMap { $0 < end ? $0 : nil } ?? end - .seconds(86_400)
        }
        var left = TimeSpan.seconds(Int64(minutes) * 60)
        var start = end
        guard let last = sessions.lastIndex(where: { $0.start < end && end <= $0.end }) else { return end - left }
        for session in sessions[...last].reversed() {
            start = min(start, session.end)
            if start - session.start >= left { return start - left }
            left = left - (start - session.start)
            start = session.start
        }
        return start
    }

    /// True if a bar that ended then lies within the closing auction, where nothing trades before its end.
    func isWithinClosingAuction(_ end: Instant) -> Bool { close - Self.closingTime < end && end < close }
}
