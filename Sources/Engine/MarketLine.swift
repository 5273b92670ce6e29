import JQTrade
import Market
import MarketData
import PaperTrading

/// A callback that is due: of which subscription, and with what.
struct DueBar {
    let subscription: Int
    let bar: Bar
    /// Ticks come before bars, bars in the order of their subscriptions, and what one subscription gets in order of time.
    let order: Int
    let place: Int

    static func < (a: DueBar, b: DueBar) -> Bool {
        a.order == b.order ? a.place < b.place : a.order < b.order
    }
}

/// One security on the market desk: what is known of it, its bars of each length, and who waits for them.
///
/// What each bar touches does without the check of exclusive access at run time: a line calls nobody.
final class MarketLine {
    let security: Security
    @exclusivity(unchecked) private(set) var board = MarketBoard()
    /// Its book at the paper exchange, if there is one.
    @exclusivity(unchecked) var paperBook: SecurityBook?
    /// When its price is next noted for the chart.
    @exclusivity(unchecked) var nextSample = Instant(nanoseconds: .min)
    /// True if bars of some length are made of the feed's shorter ones, or of ticks.
    private(set) var hasBuilders = false
    @exclusivity(unchecked) private var filter: TickFilter
    private var droppedBefore: [TickFilter.Reason: Int] = [:]
    @exclusivity(unchecked) private var tracks: ContiguousArray<BarTrack> = []
    @exclusivity(unchecked) private var tickSubscriptions: ContiguousArray<Int> = []
    private let hours: MarketHours

    init(_ security: Security, _ hours: MarketHours) {
        self.security = security
        self.hours = hours
        filter = TickFilter(hours: hours)
    }

    // MARK: Who waits

    /// The place of the bars of a length; nil if nobody has asked for them yet.
    func place(of unit: BarUnit) -> Int? { tracks.firstIndex { $0.unit == unit } }

    func add(_ track: BarTrack) -> Int {
        if track.isBuilt { hasBuilders = true }
        tracks.append(track)
        return tracks.count - 1
    }

    func subscribeToTicks(_ subscription: Int) { tickSubscriptions.append(subscription) }
    func subscribe(_ subscription: Int, isPartial: Bool, at place: Int) {
        tracks[place].subscribe(subscription, isPartial: isPartial)
    }

    func recall(_ bar: MarketBar) { board.recall(bar) }

    /// A dividend or a split has come into force: the last price counts as another, and all else was of other shares.
    func adjust(to price: Money) {
        let (at, facts) = (board.lastAt, board.todaysFacts)
        board = MarketBoard()
        if let facts { board.take(facts) }
        board.recall(MarketBar(end: at, open: price, high: price, low: price, close: price, volume: 0))
    }

    func lastBars(
        _ count: Int, at place: Int, older: (Int, Instant) -> [MarketBar]
    ) -> ArraySlice<MarketBar> { tracks[place].series.last(count, older: older) }

    func growingBar(at place: Int) -> MarketBar? { tracks[place].growing }

    /// When time alone ends one of its bars.
    var closesAt: Instant? { tracks.lazy.compactMap(\.closesAt).min() }

    // MARK: What happens

    func take(_ facts: DayFacts) { board.take(facts) }

    /// False for a tick that is absurd.
    func take(_ tick: MarketTick, _ due: inout ContiguousArray<DueBar>) -> Bool {
        guard filter.admits(tick, facts: board.todaysFacts) else { return false }
        if board.isOver(at: tick.time) { board.beginDay(of: tick.time, open: tick.last, hours) }
        board.take(tick)
        for subscription in tickSubscriptions {
            let bar = Bar(security.code, tick, offset: hours.zone.offset(at: tick.time))
            due.append(DueBar(subscription: subscription, bar: bar, order: .min + subscription, place: due.count))
        }
        for place in tracks.indices { tracks[place].take(tick, &due) }
        return true
    }

    /// How many ticks were not believed since this was last asked.
    func takeDropped() -> [TickFilter.Reason: Int] {
        defer { droppedBefore = filter.dropped }
        return filter.dropped.merging(droppedBefore) { now, before in now - before }.filter { $0.value > 0 }
    }

    /// Takes a bar of the feed's length.
    @inline(__always)
    func take(_ bar: MarketBar, _ due: inout ContiguousArray<DueBar>) {
        takePrice(of: bar)
        for place in tracks.indices { tracks[place].take(bar, &due) }
    }

    /// The bars of the feed's own, if one subscription alone waits for them and nothing else is made of them.
    var onlyTrack: (track: BarTrack, subscription: Int)? {
        guard tracks.count == 1, let subscription = tracks[0].onlySubscription else { return nil }
        return (tracks[0], subscription)
    }

    /// Takes a bar of the feed's length where there is an only track.
    @inline(__always)
    func take(_ bar: MarketBar, _ only: BarTrack) {
        takePrice(of: bar)
        only.series.append(bar)
    }

    /// The hours are a large value, and not to be handed on with each bar.
    @inline(__always)
    private func takePrice(of bar: MarketBar) {
        if board.isOver(at: bar.end) { board.beginDay(of: bar.end, open: bar.open, hours) }
        board.take(bar)
    }

    func closeBars(at now: Instant, _ due: inout ContiguousArray<DueBar>) {
        for place in tracks.indices { tracks[place].close(at: now, &due) }
    }
}

/// What makes a strategy's bar of a market's.
struct BarTeller {
    let code: String
    private let offset: Int32
    /// Nil where the offset is always the same: nearly everywhere.
    private let zone: MarketZone?

    init(code: String, zone: MarketZone) {
        self.code = code
        offset = zone.firstOffset
        self.zone = zone.changes.isEmpty ? nil : zone
    }

    func bar(_ bar: MarketBar, isClosed: Bool) -> Bar {
        Bar(code, bar, offset: offset(at: bar.end), isClosed: isClosed)
    }

    /// How far the market's clock is ahead.
    @inline(__always)
    func offset(at instant: Instant) -> Int32 { zone?.offset(at: instant) ?? offset }
}
