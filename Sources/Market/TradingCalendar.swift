/// On which days the market trades.
///
/// The table of the Shanghai and Shenzhen exchanges is built in; what the user's files say is added and wins.
public struct TradingCalendar: Hashable, Sendable {
    /// The first day that the calendar speaks of; before it, and after the last, weekends alone are closed.
    public let firstCoveredDay: Day
    /// The last day that the calendar speaks of.
    public let lastCoveredDay: Day
    /// True if every day is a trading day (`calendar: "every_day"`).
    public let isEveryDay: Bool
    private let closed: Set<Day>
    private let opened: Set<Day>

    /// The Shanghai and Shenzhen exchanges, from 1990-12-19 to the end of 2026.
    public static let builtIn = TradingCalendar(
        first: ClosedDays.first, last: ClosedDays.last, closed: ClosedDays.all(), opened: [], everyDay: false)

    /// Trading on seven days a week, for `calendar: "every_day"`.
    public static let everyDay = TradingCalendar(
        first: Day(number: -25567), last: Day(number: 84005), closed: [], opened: [], everyDay: true)

    private init(first: Day, last: Day, closed: Set<Day>, opened: Set<Day>, everyDay: Bool) {
        self.firstCoveredDay = first
        self.lastCoveredDay = last
        self.closed = closed
        self.opened = opened
        self.isEveryDay = everyDay
    }

    /// This calendar with the days of the user's two files, which win over the table.
    ///
    /// A later year is covered once some of its closed days are listed: no year is without holidays, while an opening
    /// says nothing about them.
    public func adding(closed more: [Day], opened openings: [Day]) throws(CalendarError) -> TradingCalendar {
        let opening = Set(openings)
        if let day = more.filter(opening.contains).min() { throw .closedAndOpen(day) }
        guard !isEveryDay else { return self }
        var last = lastCoveredDay
        let years = Set(more.map(\.date.year))
        while years.contains(last.date.year + 1), let end = Day(year: last.date.year + 1, month: 12, day: 31) {
            last = end
        }
        return TradingCalendar(
            first: firstCoveredDay, last: last, closed: closed.subtracting(opening).union(more),
            opened: opened.subtracting(more).union(opening), everyDay: false)
    }

    /// True if the market trades on the day.
    public func isTradingDay(_ day: Day) -> Bool {
        if isEveryDay || opened.contains(day) { return true }
        return !day.isWeekend && !closed.contains(day)
    }

    /// True if the calendar knows the day, holidays included.
    public func covers(_ day: Day) -> Bool {
        firstCoveredDay <= day && day <= lastCoveredDay || opened.contains(day) || closed.contains(day)
    }

    /// The first trading day after a day.
    public func next(after day: Day) -> Day {
        var next = day + 1
        while !isTradingDay(next) { next = next + 1 }
        return next
    }

    /// The last trading day before a day.
    public func previous(before day: Day) -> Day {
        var previous = day - 1
        while !isTradingDay(previous) { previous = previous - 1 }
        return previous
    }

    /// The trading days of a span, both ends included.
    public func tradingDays(from first: Day, through last: Day) -> [Day] {
        guard first <= last else { return [] }
        return (first.number...last.number).lazy.map(Day.init(number:)).filter(isTradingDay)
    }

    /// What to tell the user on a day within 45 days of the calendar's end or past it; nil before.
    public func coverageWarning(on day: Day, closedPath: String, openPath: String) -> String? {
        guard !isEveryDay, !covers(day) || lastCoveredDay - day <= 45, day > firstCoveredDay else { return nil }
        let advice =
            "add the closed days of \(lastCoveredDay.date.year + 1) to \(closedPath), make-up openings to \(openPath)"
        if day <= lastCoveredDay { return "the calendar ends on \(lastCoveredDay): \(advice)" }
        return "the calendar ended on \(lastCoveredDay) and knows weekends only since: \(advice)"
    }
}
