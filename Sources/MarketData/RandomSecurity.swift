import Market

/// A security of the random market: its level from day to day, and how it is traded.
struct RandomSecurity: Sendable {
    let security: Security
    /// What all its numbers follow from.
    let key: UInt64
    /// The price that its level strays from.
    let price: Money
    /// True for what has a closing auction and is traded in lots: all but futures.
    let hasAuctions: Bool

    private static let futures: Set<Exchange> = [
        .shanghaiFutures, .dalian, .zhengzhou, .financialFutures, .energy, .guangzhou,
    ]
    private static let million: Int64 = 1_000_000

    init(_ security: Security, _ market: RandomMarket) {
        self.security = security
        key = security.code.utf8.reduce(mixed(market.seed, 0, 0)) { mixed($0, UInt64($1), 1) }
        let isFuture = security.exchange.map(Self.futures.contains) ?? false
        hasAuctions = !isFuture
        price = market.price ?? Money(units: isFuture ? 35_000_000 : 100_000)
    }

    /// The distance of one price from the next.
    func tick(on day: Day) -> Money {
        TradingUnits(of: security, on: day)?.tick ?? Money(units: hasAuctions ? 100 : 10_000)
    }

    /// The price at which a day closes if no limit is in the way, and the one after it begins: it strays by a third at
    /// most from the price that was asked for, by about 1 % from day to day.
    func level(after day: Day) -> Money {
        var noise = ValueNoise(key: mixed(key, 2, 0), shift: 0, count: 9, height: 6000)
        let share = Self.million + noise.at(Int64(day.number))
        return rounded(price.units * share / Self.million, to: tick(on: day))
    }

    /// What is known of a day before it trades.
    func facts(_ day: Day, preClose: Money) -> DayFacts {
        let tick = tick(on: day)
        let share = PriceLimits.thousandths(of: security, on: day) ?? 100
        let limits = PriceLimits(preClose: preClose, thousandths: share, tick: tick)
        return DayFacts(day: day, preClose: preClose, highLimit: limits.high, lowLimit: limits.low)
    }

    /// The nearest price, one tick at least.
    func rounded(_ units: Int64, to tick: Money) -> Money {
        Money(units: max((units + tick.units / 2) / tick.units, 1) * tick.units)
    }
}
