import Market

/// Makes bars of one length from ticks, or from shorter bars, aligned to the sessions of the market.
///
/// A bar takes the ticks from its begin to just before its end. The first of a day takes the opening auction, the last of
/// a session also what is stamped at its end or up to a minute later: the closing auction's tick. What comes when its
/// bar has been closed already counts for volume only.
public struct BarBuilder: Sendable {
    /// The length of the bars.
    public let unit: BarUnit

    private let hours: MarketHours
    private let step: Int64
    private var time: TradingTime?
    private var tally = TickTally()
    /// True while a bar of ticks has only prices at which nothing was traded yet: those of an auction's beginning.
    private var isUntraded = false

    @usableFromInline var bar: MarketBar
    /// When the open bar ends; the smallest number if none is open.
    @usableFromInline var end = Int64.min
    /// From when on nothing more is waited for.
    @usableFromInline var due = Int64.max
    private var lastEnd = Int64.min

    /// No bar yet.
    public init(_ unit: BarUnit, hours: MarketHours) {
        self.unit = unit
        self.hours = hours
        step = unit.minutes.map { TimeSpan.seconds(Int64($0) * 60).nanoseconds } ?? .max
        bar = MarketBar(end: Instant(nanoseconds: 0), open: .zero, high: .zero, low: .zero, close: .zero, volume: 0)
    }

    /// The bar as it is so far.
    @inlinable public var open: MarketBar? { end == .min ? nil : bar }
    /// When the open bar is to be closed if nothing else closes it.
    @inlinable public var closesAt: Instant? { end == .min ? nil : Instant(nanoseconds: due) }

    /// Closes the open bar if it is due.
    @inlinable public mutating func close(at now: Instant) -> MarketBar? {
        end == .min || now.nanoseconds < due ? nil : finish()
    }

    /// Takes a shorter bar, and returns the longer one that it completes or that ended before it.
    @inlinable public mutating func take(_ more: MarketBar) -> MarketBar? {
        guard more.end.nanoseconds < end else { return takeLastOrNext(more) }
        add(more)
        return nil
    }

    /// Takes a tick, and returns the bar that ended before it.
    @inlinable public mutating func take(_ tick: MarketTick) -> [MarketBar] {
        if end != .min, tick.time.nanoseconds < due {
            add(tick)
            return []
        }
        return next(tick)
    }
}

extension BarBuilder {
    @inlinable mutating func add(_ more: MarketBar) {
        if more.high > bar.high { bar.high = more.high }
        if more.low < bar.low { bar.low = more.low }
        bar.close = more.close
        bar.volume &+= more.volume
        bar.amount = bar.amount + more.amount
    }

    @usableFromInline mutating func finish() -> MarketBar {
        lastEnd = end
        end = .min
        due = .max
        return bar
    }

    @usableFromInline mutating func takeLastOrNext(_ more: MarketBar) -> MarketBar? {
        if more.end.nanoseconds == end {
            add(more)
            return finish()
        }
        // A bar is stamped at its end: what it tells of lies before that.
        let place = place(of: more.end.nanoseconds &- 1)
        if place.end == end {
            add(more)
            return finish()
        }
        let closed = end == .min ? nil : finish()
        guard place.end > lastEnd else { return closed }
        begin(place.end, due: place.end &+ TradingTime.lateness, more)
        guard more.end.nanoseconds >= end else { return closed }
        if closed == nil { return finish() }
        // One bar is returned at a time, and this one is complete too.
        due = end
        return closed
    }

    @usableFromInline mutating func add(_ tick: MarketTick) {
        let traded = tally.add(tick)
        if isUntraded, tick.volume > 0 {
            isUntraded = false
            (bar.open, bar.high, bar.low) = (tick.last, tick.last, tick.last)
        }
        if tick.last > bar.high { bar.high = tick.last }
        if tick.last < bar.low { bar.low = tick.last }
        bar.close = tick.last
        bar.volume &+= traded.volume
        bar.amount = bar.amount + traded.amount
    }

    @usableFromInline mutating func next(_ tick: MarketTick) -> [MarketBar] {
        let closed = end == .min ? nil : finish()
        let place = place(of: tick.time.nanoseconds)
        tally.begin(place.day, tick, isFirstBar: place.isFirst)
        if place.end > lastEnd {
            let price = tick.last
            begin(
                place.end, due: place.due,
                MarketBar(end: tick.time, open: price, high: price, low: price, close: price, volume: 0))
            isUntraded = place.isAuction && tick.volume == 0
            add(tick)
        }
        return closed.map { [$0] } ?? []
    }

    private mutating func begin(_ end: Int64, due: Int64, _ first: MarketBar) {
        self.end = end
        self.due = due
        bar = first
        bar.end = Instant(nanoseconds: end)
    }

    /// The bar that a moment belongs to.
    private typealias Place = (day: Day, end: Int64, due: Int64, isFirst: Bool, isAuction: Bool)

    private mutating func place(of moment: Int64) -> Place {
        let today: TradingTime
        if let time, time.covers(moment) {
            today = time
        } else {
            today = TradingTime(around: Instant(nanoseconds: moment), hours)
            time = today
        }
        let count = today.passed(at: moment) / step
        let passed = step > today.length ? today.length : min((count + 1) * step, today.length)
        let (end, due) = today.instant(passed: passed)
        return (today.day, end, due, count == 0, moment < today.start)
    }
}

/// Ticks tell what was traded since the day began, bars what was traded in them.
private struct TickTally: Sendable {
    private var day: Day?
    private var volume: Int64 = 0
    private var amount = Money.zero

    /// A bar begins with this tick. Who comes in the middle of a day does not know what was traded before.
    mutating func begin(_ today: Day, _ tick: MarketTick, isFirstBar: Bool) {
        guard today != day else { return }
        let isKnown = day != nil || isFirstBar
        day = today
        volume = isKnown ? 0 : tick.volume
        amount = isKnown ? .zero : tick.amount
    }

    /// What was traded since the tick before. A number that went back, or is missing for once, adds nothing.
    mutating func add(_ tick: MarketTick) -> (volume: Int64, amount: Money) {
        let before = (volume, amount)
        volume = max(volume, tick.volume)
        amount = max(amount, tick.amount)
        return (volume &- before.0, amount - before.1)
    }
}

/// Longer bars from shorter ones, which are given in order of time; the last one may be unfinished.
public func resample(_ bars: [MarketBar], to unit: BarUnit, hours: MarketHours) -> [MarketBar] {
    var builder = BarBuilder(unit, hours: hours)
    var longer: [MarketBar] = []
    for bar in bars {
        if let closed = builder.take(bar) { longer.append(closed) }
        if let closed = builder.close(at: bar.end) { longer.append(closed) }
    }
    if let last = builder.open { longer.append(last) }
    return longer
}
