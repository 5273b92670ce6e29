import Market

/// One trading day of a security of the random market: any of its ticks, without those before.
struct RandomDay: Sendable {
    let facts: DayFacts
    let time: TradingTime
    /// How many ticks the day has: the opening auction's, those of the sessions, the close.
    let count: Int

    private let security: RandomSecurity
    private let tickSize: Money
    private let step: Int64
    private let open: Int64
    private let close: Int64
    /// Nothing trades while the closing auction is called, so many milliseconds.
    private let pause: Int64
    private let length: Int64
    private let openingDelay: Int64
    private let closingDelay: Int64
    private let key: UInt64
    private var noise: ValueNoise
    private var bridge: (from: Int64, to: Int64) = (0, 0)
    /// What was traded before each minute.
    private var volumes: [Int64] = []
    private var amounts: [Int64] = []
    private var closingVolume: Int64 = 0

    private static let second: Int64 = 1_000_000_000
    private static let million: Int64 = 1_000_000

    init(_ security: RandomSecurity, _ day: Day, step: TimeSpan, _ hours: MarketHours) {
        self.security = security
        self.step = max(step.nanoseconds, 1_000_000)
        time = TradingTime(of: day, hours)
        length = max(time.length / 1_000_000, 1)
        tickSize = security.tick(on: day)
        key = mixed(security.key, 3, UInt64(bitPattern: Int64(day.number)))
        facts = security.facts(day, preClose: security.level(after: hours.calendar.previous(before: day)))
        let preClose = facts.preClose?.units ?? security.price.units
        open = preClose * (Self.million + Int64(mixed(key, 4, 0) % 10_001) - 5000) / Self.million
        close = security.level(after: day).units
        pause = security.hasAuctions && length > 600_000 ? 180_000 : 0
        openingDelay = (security.hasAuctions ? 300 : 60) * Self.second
        closingDelay = security.hasAuctions ? Int64(1 + mixed(key, 5, 0) % 5) * Self.second : 0
        noise = ValueNoise(key: mixed(key, 6, 0), shift: 9, count: 16, height: 40)
        let sessionStep = self.step
        count = 2 + time.sessions.reduce(0) { $0 + Self.ticks(in: $1, sessionStep) }
        bridge = (noise.at(0), noise.at(length))
        trade()
    }

    private static func ticks(in session: TradingTime.Session, _ step: Int64) -> Int {
        Int((session.end - session.start + step - 1) / step)
    }

    /// What is traded in each minute.
    private mutating func trade() {
        let lot: Int64 = security.hasAuctions ? 100 : 1
        var volume = lot * Int64(100 + mixed(key, 7, 0) % 2000)
        var amount = volume * price(at: 0).units
        for minute in 0..<(length + 59_999) / 60_000 {
            volumes.append(volume)
            amounts.append(amount)
            guard minute * 60_000 < length - pause else { continue }
            let traded = lot * Int64(50 + mixed(key, 8, UInt64(minute)) % 1000)
            volume += traded
            amount += traded * price(at: min(minute * 60_000 + 30_000, length)).units
        }
        volumes.append(volume)
        amounts.append(amount)
        closingVolume = security.hasAuctions ? lot * Int64(100 + mixed(key, 9, 0) % 2000) : 0
    }

    /// When a tick comes.
    func time(of index: Int) -> Instant {
        if index <= 0 { return Instant(nanoseconds: time.start - openingDelay) }
        var index = index - 1
        for session in time.sessions {
            let count = Self.ticks(in: session, step)
            if index < count { return Instant(nanoseconds: session.start + Int64(index) * step) }
            index -= count
        }
        return Instant(nanoseconds: time.end + closingDelay)
    }

    /// The first tick after an instant; `count` if there is none.
    func firstIndex(after now: Instant) -> Int {
        let now = now.nanoseconds
        if now < time.start - openingDelay { return 0 }
        var index = 1
        for session in time.sessions {
            if now < session.start { return index }
            let count = Self.ticks(in: session, step)
            let passed = (now - session.start) / step + 1
            if passed < count { return index + Int(passed) }
            index += count
        }
        return now < time.end + closingDelay ? index : index + 1
    }

    /// A tick, with the book or without.
    mutating func tick(_ index: Int, hasBook: Bool = true) -> MarketTick {
        var tick = trade(index)
        if hasBook { (tick.bids, tick.asks) = book(around: tick.last, at: tick.time) }
        return tick
    }

    private mutating func trade(_ index: Int) -> MarketTick {
        let time = time(of: index)
        if index <= 0 {
            return MarketTick(time: time, last: price(at: 0), volume: volumes[0], amount: Money(units: amounts[0]))
        }
        if index >= count - 1 {
            let last = price(at: length)
            return MarketTick(
                time: time, last: last, volume: volumes[volumes.count - 1] + closingVolume,
                amount: Money(units: amounts[amounts.count - 1] + closingVolume * last.units))
        }
        let at = min(self.time.passed(at: time.nanoseconds) / 1_000_000, length - pause)
        let minute = min(Int(at / 60_000), volumes.count - 2)
        let lot: Int64 = security.hasAuctions ? 100 : 1
        let inMinute = volumes[minute + 1] - volumes[minute]
        let traded = inMinute / lot * (at - Int64(minute) * 60_000) / 60_000 * lot
        let cost = inMinute == 0 ? 0 : (amounts[minute + 1] - amounts[minute]) / inMinute * traded
        return MarketTick(
            time: time, last: price(at: at), volume: volumes[minute] + traded,
            amount: Money(units: amounts[minute] + cost))
    }

    /// The price after so many milliseconds of trading: from the open to the close, with ups and downs between.
    private mutating func price(at: Int64) -> Money {
        let straight = open + (close - open) * at / length
        let ends = bridge.from + (bridge.to - bridge.from) * at / length
        let strayed = straight * (Self.million + noise.at(at) - ends) / Self.million
        let price = security.rounded(strayed, to: tickSize)
        return min(max(price, facts.lowLimit ?? price), facts.highLimit ?? price)
    }

    private func book(
        around last: Money, at time: Instant
    ) -> (bids: [MarketTick.Level], asks: [MarketTick.Level]) {
        let random = mixed(key, 10, UInt64(bitPattern: time.nanoseconds))
        let isBid = last == facts.highLimit || last != facts.lowLimit && random & 1 == 0
        let bid = isBid ? last.units : last.units - tickSize.units
        let ask = bid + tickSize.units
        return (levels(from: bid, by: -tickSize.units, random), levels(from: ask, by: tickSize.units, ~random))
    }

    private func levels(from best: Int64, by distance: Int64, _ random: UInt64) -> [MarketTick.Level] {
        let (low, high) = (facts.lowLimit?.units ?? 1, facts.highLimit?.units ?? .max)
        let lot: Int64 = security.hasAuctions ? 100 : 1
        var levels: [MarketTick.Level] = []
        levels.reserveCapacity(5)
        for level in 0..<5 {
            let price = best + Int64(level) * distance
            guard low <= price, price <= high else { break }
            let volume = lot * Int64(1 + (random >> UInt64(1 + 9 * level)) & 511)
            levels.append(MarketTick.Level(price: Money(units: price), volume: volume))
        }
        return levels
    }
}
