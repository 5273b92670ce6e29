import Market

/// Keeps the absurd ticks of one security away, and counts them.
public struct TickFilter: Sendable {
    /// Why a tick is not believed.
    public enum Reason: String, Sendable, CaseIterable, CustomStringConvertible {
        /// Its price is zero or less.
        case noPrice = "without a price"
        /// It is older than the one before.
        case backInTime = "back in time"
        /// The market does not trade at its time, and calls no auction.
        case outsideSessions = "outside the sessions"
        /// Its price is outside the limits that the feed itself gave for the day.
        case outsideLimits = "outside the day's limits"

        /// In words: `back in time`.
        public var description: String { rawValue }
    }

    /// How many ticks were dropped for each reason.
    public private(set) var dropped: [Reason: Int] = [:]
    private let hours: MarketHours
    private var last = Instant(nanoseconds: .min)
    private var time: TradingTime?

    /// A filter for the ticks of one security.
    public init(hours: MarketHours) { self.hours = hours }

    /// True if the tick is to be believed, given what the feed has said of its day.
    public mutating func admits(_ tick: MarketTick, facts: DayFacts?) -> Bool {
        if let reason = objection(to: tick, facts) {
            dropped[reason, default: 0] += 1
            return false
        }
        last = tick.time
        return true
    }

    private mutating func objection(to tick: MarketTick, _ facts: DayFacts?) -> Reason? {
        if tick.last.units <= 0 { return .noPrice }
        if tick.time < last { return .backInTime }
        let today = tradingTime(at: tick.time)
        if !today.isTraded(at: tick.time.nanoseconds) { return .outsideSessions }
        guard let facts, facts.day == today.day else { return nil }
        if let high = facts.highLimit, tick.last > high { return .outsideLimits }
        if let low = facts.lowLimit, tick.last < low { return .outsideLimits }
        return nil
    }

    private mutating func tradingTime(at instant: Instant) -> TradingTime {
        if let time, time.covers(instant.nanoseconds) { return time }
        let found = TradingTime(around: instant, hours)
        time = found
        return found
    }
}
