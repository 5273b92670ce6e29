import Market

/// On which trading days a job runs.
public enum DayRule: Hashable, Sendable {
    /// On each.
    case daily
    /// On the n-th trading day of the week, Monday to Sunday; the last is -1.
    case weekly(Int)
    /// On the n-th trading day of the month; the last is -1.
    case monthly(Int)

    /// True if the job runs on this trading day.
    public func holds(on day: Day, in calendar: TradingCalendar) -> Bool {
        switch self {
        case .daily:
            return true
        case .weekly(let place):
            let monday = day - (day.weekday - 1)
            return Self.isPlace(place, of: day, from: monday, through: monday + 6, in: calendar)
        case .monthly(let place):
            let first = day - (day.date.day - 1)
            let next = first + 31
            return Self.isPlace(place, of: day, from: first, through: next - next.date.day, in: calendar)
        }
    }

    /// Refuses a place that no week or month has.
    func check() throws(ScheduleError) {
        switch self {
        case .daily: return
        case .weekly(let place) where place != 0 && (-7...7).contains(place): return
        case .monthly(let place) where place != 0 && (-31...31).contains(place): return
        case .weekly(let place):
            throw ScheduleError("there is no trading day \(place) of a week: write 1 for the first, -1 for the last")
        case .monthly(let place):
            throw ScheduleError("there is no trading day \(place) of a month: write 1 for the first, -1 for the last")
        }
    }

    private static func isPlace(
        _ place: Int, of day: Day, from first: Day, through last: Day, in calendar: TradingCalendar
    ) -> Bool {
        let counted =
            place > 0 ? calendar.tradingDays(from: first, through: day) : calendar.tradingDays(from: day, through: last)
        return counted.count == abs(place)
    }
}
