import Market

/// A reproducible market for any code: what a security does on a day follows from the seed, its code, the day and the
/// price that was asked for, and from nothing else, so that two runs which begin at different moments see the same.
///
/// In virtual time it is a feed of the past. By the wall clock it ticks through the sessions, or replays one day.
public final class RandomFeed: MarketFeed {
    /// What it is, in words.
    public let summary: String
    /// Its events are ticks.
    public var unit: BarUnit? { nil }
    /// The days of a backtest.
    public let span: ClosedRange<Instant>?

    private let market: RandomMarket
    private let hours: MarketHours
    private let isVirtual: Bool
    private let days: ClosedRange<Day>?
    private var lanes: [RandomLane] = []
    private var past: RandomHistory
    private var replay: RandomLane.Pace?
    /// What was told last, by the market's time.
    private var lastTold: Instant?

    /// Real exchanges tell what happened every three seconds.
    private static let usualStep = TimeSpan.seconds(3)

    /// A market for a run.
    public init(_ market: RandomMarket, desk: FeedDesk) throws(FeedError) {
        if let date = market.date, !desk.hours.calendar.isTradingDay(date) {
            let next = desk.hours.calendar.next(after: date)
            throw FeedError("market_data random: option \"date\": the market is closed on \(date), try \(next)")
        }
        self.market = market
        hours = desk.hours
        isVirtual = desk.isVirtual
        days = desk.isVirtual ? market.date.map { $0...$0 } ?? desk.span : nil
        let step = market.interval > .zero ? market.interval : Self.usualStep
        past = RandomHistory(step: step, hours: desk.hours)
        span = days.map { days in
            let (first, last) = (
                TradingTime(of: days.lowerBound, desk.hours), TradingTime(of: days.upperBound, desk.hours)
            )
            return Instant(nanoseconds: first.start)...Instant(nanoseconds: max(first.start, last.end))
        }
        let date = market.date.map { ", \($0)" } ?? ""
        summary = "random:seed=\(market.seed) (ticks every \(step)\(date))"
    }

    /// Its ticks from now on; any code will do.
    public func add(_ security: Security, as number: Int, now: Instant) {
        let step = market.interval > .zero ? market.interval : Self.usualStep
        let security = RandomSecurity(security, market)
        if !isVirtual, let date = market.date {
            let pace = replay ?? .replay(begin: now, step: market.interval)
            replay = pace
            lanes.append(RandomLane(security, number, hours, step, pace, days: date...date, now: nil))
        } else {
            lanes.append(RandomLane(security, number, hours, step, isVirtual ? .past : .wall, days: days, now: now))
        }
    }

    /// When the next tick is due.
    public var nextTime: Instant? { lanes.lazy.compactMap(\.due).min() }

    /// The next tick that is due. One that was missed by more than a few seconds is left out: what was traded meanwhile is
    /// in those that follow.
    public func next(upTo now: Instant) -> MarketEvent? {
        var first: Int?
        for index in lanes.indices {
            guard let due = lanes[index].due, due <= now else { continue }
            lanes[index].skip(to: now)
            if first.map({ lanes[index].comes(before: lanes[$0]) }) ?? true { first = index }
        }
        guard let first else { return nil }
        let event = lanes[first].take()
        if case .tick(_, let tick) = event { lastTold = max(lastTold ?? tick.time, tick.time) }
        return event
    }

    /// The bars before, made from the ticks of the days before.
    public func history(_ security: Security, _ unit: BarUnit, count: Int, upTo now: Instant) -> [MarketBar] {
        var now = now
        if !isVirtual, let date = market.date {
            now = min(now, lastTold ?? Instant(nanoseconds: TradingTime(of: date, hours).start))
        }
        return past.bars(RandomSecurity(security, market), unit, count: count, upTo: now)
    }

    /// Nothing goes wrong here.
    public func takeProblems() -> [String] { [] }
    /// There is nothing to end.
    public func close() {}
}
