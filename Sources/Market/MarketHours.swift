/// When a market trades: its calendar, its periods and its time zone together.
public struct MarketHours: Hashable, Sendable {
    /// On which days.
    public let calendar: TradingCalendar
    /// At which times of the day.
    public let periods: MarketPeriods
    /// By whose clocks.
    public let zone: MarketZone

    /// A market's hours; the Shanghai and Shenzhen exchanges unless told otherwise.
    public init(
        calendar: TradingCalendar = .builtIn, periods: MarketPeriods = .standard, zone: MarketZone = .shanghai
    ) {
        self.calendar = calendar
        self.periods = periods
        self.zone = zone
    }

    /// The hours of one trading day.
    public func day(_ day: Day) -> MarketDay {
        MarketDay(day: day, evening: evening(of: day), hours: self)
    }

    /// The calendar day on whose evening the night session of a trading day opens: the trading day before, if only a
    /// weekend or nothing lies between. After a closed weekday there is none.
    public func evening(of day: Day) -> Day? {
        guard periods.night != nil, calendar.isTradingDay(day) else { return nil }
        let evening = calendar.previous(before: day)
        let closed = (evening.number + 1..<day.number).contains { !Day(number: $0).isWeekend }
        return closed ? nil : evening
    }

    /// The trading day that an instant belongs to: the calendar day, from a night session's opening on the one it
    /// belongs to, and the next trading day when the market is closed for the day.
    public func tradingDay(at instant: Instant) -> Day {
        let now = zone.local(instant)
        guard calendar.isTradingDay(now.day) else { return calendar.next(after: now.day) }
        guard let night = periods.night, now.time >= night.start + 86_400 else { return now.day }
        let next = calendar.next(after: now.day)
        return evening(of: next) == now.day ? next : now.day
    }

    /// The next time that the market's clock shows midnight.
    public func midnight(after instant: Instant) -> Instant {
        let today = zone.local(instant).day
        let next = zone.instant(today + 1, TimeOfDay(seconds: 0))
        return next > instant ? next : zone.instant(today + 2, TimeOfDay(seconds: 0))
    }
}

/// A stretch of time in which the market trades.
public struct TradingSession: Hashable, Sendable {
    /// When it begins.
    public let start: Instant
    /// When it ends.
    public let end: Instant

    /// True from the start to just before the end.
    public func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }
}

/// The hours of one trading day: which sessions it has, and which instant a time of the day is.
public struct MarketDay: Sendable {
    /// The trading day.
    public let day: Day
    /// The day on whose evening its night session opens; nil if it has none.
    public let evening: Day?
    private let hours: MarketHours

    init(day: Day, evening: Day?, hours: MarketHours) {
        self.day = day
        self.evening = evening
        self.hours = hours
    }

    /// True if the day is a trading day with a night session.
    public var hasNightSession: Bool { evening != nil }

    /// The periods that take place; none on a day without trading.
    public var periods: ArraySlice<MarketPeriods.Period> {
        guard hours.calendar.isTradingDay(day) else { return [] }
        return hasNightSession ? hours.periods.all[...] : hours.periods.daytime
    }

    /// The sessions in order.
    public var sessions: [TradingSession] {
        periods.map { TradingSession(start: instant($0.start), end: instant($0.end)) }
    }

    /// The instant of a time counted from the trading day's own midnight.
    ///
    /// Times of the night, up to the end of the night session, are on the session's own evening: Monday's 21:00-1d
    /// is on Friday, and its 02:30 on Saturday.
    public func instant(_ time: TimeOfDay) -> Instant {
        let base = evening.map { isNightly(time) ? $0 + 1 : day } ?? day
        return hours.zone.instant(base, time)
    }

    /// The instant at which the market's clock shows a time, 00:00:00 … 23:59:59, on this trading day; nil if it is a
    /// time of the night and the day has no night session.
    ///
    /// From the night session's opening time on, a time is on the evening before.
    public func instant(clock time: TimeOfDay) -> Instant? {
        guard let night = hours.periods.night else { return instant(time) }
        let time = time >= night.start + 86_400 ? time + -86_400 : time
        return hasNightSession || !isNightly(time) ? instant(time) : nil
    }

    private func isNightly(_ time: TimeOfDay) -> Bool {
        guard let night = hours.periods.night else { return false }
        return time.seconds < 0 || time <= night.end
    }
}
