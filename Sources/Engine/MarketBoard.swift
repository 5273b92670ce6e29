import JQTrade
import Market

/// What is known of one security at this moment: its last price, its day, its best prices.
struct MarketBoard {
    /// The last price; nil before there is one.
    private(set) var last: Money?
    /// When that was.
    private(set) var lastAt = Instant(nanoseconds: .min)
    private var facts: DayFacts?
    private var tick: MarketTick?
    private var dayOpen: Money?
    private var closeBefore: Money?
    /// When the trading day of all this is over.
    private var dayEnds = Instant(nanoseconds: .min)

    /// The facts of the day that goes on, or of the next.
    var todaysFacts: DayFacts? { facts }

    mutating func take(_ newer: DayFacts) { facts = newer }

    /// True if a price of this instant is the first of a day, which is to be begun.
    @inline(__always)
    func isOver(at instant: Instant) -> Bool { instant >= dayEnds }

    mutating func take(_ tick: MarketTick) {
        last = tick.last
        lastAt = tick.time
        self.tick = tick
    }

    /// Bars tell no best prices, and what a tick told of them is older.
    @inline(__always)
    mutating func take(_ bar: MarketBar) {
        last = bar.close
        lastAt = bar.end
        if tick != nil { tick = nil }
    }

    /// A price from before the run, for those who ask before the first tick or bar.
    mutating func recall(_ bar: MarketBar) {
        guard last == nil else { return }
        last = bar.close
        lastAt = bar.end
    }

    mutating func beginDay(of time: Instant, open: Money, _ hours: MarketHours) {
        closeBefore = last
        dayOpen = open
        tick = nil
        let day = hours.tradingDay(at: time)
        if facts?.day != day { facts = nil }
        let close = hours.day(day).sessions.last?.end
        // The closing auction's tick may come a little later; a night session opens hours later.
        dayEnds = max(close.map { $0 + .seconds(3600) } ?? time, time + TimeSpan(nanoseconds: 1))
    }

    /// What is known at an instant: yesterday's numbers are not today's. Where the feed says only from what price the limits
    /// are reckoned, they are those that the exchange on paper keeps to.
    func data(at now: Instant, _ hours: MarketHours, limits: (high: Money?, low: Money?)?) -> CurrentData {
        var data = CurrentData()
        data.last_price = last?.yuan
        let today = hours.tradingDay(at: now)
        let isToday = last != nil && dayOpen != nil && hours.tradingDay(at: lastAt) == today
        if let facts, facts.day == today {
            data.high_limit = (facts.highLimit ?? limits?.high)?.yuan
            data.low_limit = (facts.lowLimit ?? limits?.low)?.yuan
            data.paused = facts.isPaused
            data.pre_close = facts.preClose?.yuan
        }
        if isToday {
            data.day_open = dayOpen?.yuan
            data.bid1 = tick?.bids.first?.price.yuan
            data.ask1 = tick?.asks.first?.price.yuan
        }
        data.pre_close = data.pre_close ?? (isToday ? closeBefore : last)?.yuan
        return data
    }
}
