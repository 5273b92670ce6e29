/// The periods in which a market trades, in order, as `market_period` names them.
///
/// Times count from the midnight that begins the trading day. A night period comes first and begins on the evening
/// before: 21:00–02:30 is `21:00:00-1d` to `02:30:00`. Which evening that is, and whether there is one, the calendar
/// decides: `MarketHours`.
public struct MarketPeriods: Hashable, Sendable {
    /// One period; both ends belong to it.
    public struct Period: Hashable, Sendable {
        /// When it begins.
        public let start: TimeOfDay
        /// When it ends, later than its start.
        public let end: TimeOfDay

        /// The same period so many days later.
        fileprivate func moved(days: Int) -> Period { Period(start: start + days * 86_400, end: end + days * 86_400) }
    }

    /// All periods in order, the night period first.
    public let all: [Period]

    /// 09:30–11:30 and 13:00–15:00.
    public static let standard = MarketPeriods(all: [
        Period(start: TimeOfDay(9, 30), end: TimeOfDay(11, 30)), Period(start: TimeOfDay(13, 0), end: TimeOfDay(15, 0)),
    ])

    /// Morning and afternoon written the wrong way round are a mistake, not an evening's session.
    private static let eveningBegins = TimeOfDay(17, 0)

    private init(all: [Period]) { self.all = all }

    /// The periods written as pairs of `HH:MM` or `HH:MM:SS`.
    ///
    /// The first may be a night period: one that ends before it starts crosses midnight; one that starts at 17:00 or
    /// later, after all others have ended, is on the evening before.
    public init(_ pairs: [(String, String)]) throws(MarketPeriodError) {
        guard !pairs.isEmpty else { throw .none }
        let names = pairs.map { "\($0.0)-\($0.1)" }
        var periods: [Period] = []
        for (index, pair) in pairs.enumerated() {
            let period = Period(start: try Self.time(pair.0), end: try Self.time(pair.1))
            if period.start == period.end { throw .empty(names[index]) }
            if period.end < period.start, index > 0 { throw .nightNotFirst(names[index]) }
            periods.append(period)
        }
        let lastEnd = periods.dropFirst().last?.end
        if periods[0].end < periods[0].start {
            if let lastEnd, periods[0].start < lastEnd { throw .overlap(names[0], names[names.count - 1]) }
            periods[0] = Period(start: periods[0].moved(days: -1).start, end: periods[0].end)
        } else if let lastEnd, periods[0].start >= max(lastEnd, Self.eveningBegins) {
            periods[0] = periods[0].moved(days: -1)
        }
        for next in periods.indices.dropFirst() where periods[next].start < periods[next - 1].end {
            let overlap = periods[next].end > periods[next - 1].start
            throw overlap ? .overlap(names[next - 1], names[next]) : .outOfOrder(names[next - 1], names[next])
        }
        self.all = periods
    }

    /// The period that begins on the evening before the trading day, if there is one.
    public var night: Period? { all[0].start.seconds < 0 ? all[0] : nil }
    /// The periods on the trading day itself.
    public var daytime: ArraySlice<Period> { all.dropFirst(night == nil ? 0 : 1) }
    /// The first start.
    public var open: TimeOfDay { all[0].start }
    /// The last end.
    public var close: TimeOfDay { all[all.count - 1].end }

    private static func time(_ text: String) throws(MarketPeriodError) -> TimeOfDay {
        do throws(ClockTimeError) { return try TimeOfDay(clock: text) } catch { throw .badTime(error) }
    }
}

/// What is wrong with a `market_period`.
public enum MarketPeriodError: Error, Hashable, Sendable {
    /// There is no period at all.
    case none
    /// A start or an end is no time.
    case badTime(ClockTimeError)
    /// A period ends when it starts.
    case empty(String)
    /// A period that crosses midnight is not the first.
    case nightNotFirst(String)
    /// Two periods have time in common.
    case overlap(String, String)
    /// A period lies before the one that is written before it.
    case outOfOrder(String, String)
}

extension MarketPeriodError: CustomStringConvertible {
    /// A sentence for the user.
    public var description: String {
        switch self {
        case .none:
            "market_period is empty: give at least one period, like (\"09:30\", \"11:30\")"
        case .badTime(let error):
            "market_period: \(error)"
        case .empty(let period):
            "market_period: \(period) is empty: its end must differ from its start"
        case .nightNotFirst(let period):
            "market_period: \(period) ends before it starts: a period that crosses midnight must be the first, and the only one"
        case .overlap(let one, let two):
            "market_period: \(one) and \(two) overlap: each period must end before the next begins"
        case .outOfOrder(let one, let two):
            "market_period: \(two) is written after \(one) but lies before it: write the periods in order"
        }
    }
}
