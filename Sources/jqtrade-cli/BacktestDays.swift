import Market

/// Which days a run goes over: those that were asked for, as far as there is data.
struct BacktestDays {
    /// The market's calendar and clock; the built-in ones until the options are known.
    var hours = MarketHours()
    private let from: Day?
    private let to: Day?
    private let today: Day
    /// The first and the last day of the data, once it is known.
    private var data: ClosedRange<Day>?
    private static let shown = 5

    init(_ request: BacktestRequest, today: Day) {
        from = request.from
        to = request.to
        self.today = today
    }

    /// What a feed is asked for; nil for all that it has. A random market has any day: without a last day it ends before
    /// today, without a first one it has five trading days.
    func asked(isRandom: Bool) -> ClosedRange<Day>? {
        if isRandom || from != nil && to != nil { return invented }
        if from == nil, to == nil { return nil }
        return (from ?? Day(number: -25_567))...(to ?? Day(number: 84_005))
    }

    /// The days that need no data.
    private var invented: ClosedRange<Day> {
        let yesterday = hours.calendar.previous(before: today)
        let last = to ?? max(from ?? yesterday, yesterday)
        var first = hours.calendar.isTradingDay(last) ? last : hours.calendar.previous(before: last)
        for _ in 1..<Self.shown { first = hours.calendar.previous(before: first) }
        return min(from ?? first, last)...last
    }

    /// From now on it is known which days the data is of.
    mutating func limit(to span: ClosedRange<Instant>) {
        let known = hours.zone.local(span.lowerBound).day...hours.zone.local(span.upperBound).day
        let first = max(from ?? known.lowerBound, known.lowerBound)
        data = first...max(first, min(to ?? known.upperBound, known.upperBound))
    }

    private var range: ClosedRange<Day> { data ?? invented }
    /// The first day.
    var first: Day { range.lowerBound }
    /// The last day.
    var last: Day { range.upperBound }
    /// When the first day begins.
    var start: Instant { hours.zone.instant(first, TimeOfDay(0, 0)) }
    /// When the last day is over.
    var end: Instant { end(of: last) }
    /// When a day is over.
    func end(of day: Day) -> Instant { hours.zone.instant(day + 1, TimeOfDay(0, 0)) }

    /// How many trading days they are.
    var count: Int { hours.calendar.tradingDays(from: first, through: last).count }

    /// How often prices and the account's value are noted for the page: by the minute where it is a few days, seldom where
    /// it is years, beside the close of each day.
    var sampling: TimeSpan {
        let days = last - first
        return .seconds(days <= 31 ? 60 : days <= 366 ? 900 : days <= 5 * 366 ? 3600 : 86_400)
    }
}
