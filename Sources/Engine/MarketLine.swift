import JQTrade
import Market
import MarketData

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
struct MarketLine {
    let security: Security
    private(set) var board = MarketBoard()
    /// Its number at the paper exchange.
    var paperNumber = -1
    /// When its price is next noted for the chart.
    var nextSample = Instant(nanoseconds: .min)
    /// True if bars of some length are made of the feed's shorter ones, or of ticks.
    private(set) var hasBuilders = false
    private var filter: TickFilter
    private var droppedBefore: [TickFilter.Reason: Int] = [:]
    private var tracks: ContiguousArray<BarTrack> = []
    private var tickSubscriptions: ContiguousArray<Int> = []
    private let hours: MarketHours

    init(_ security: Security, _ hours: MarketHours) {
        self.security = security
        self.hours = hours
        filter = TickFilter(hours: hours)
    }

    // MARK: Who waits

    /// The place of the bars of a length; nil if nobody has asked for them yet.
    func place(of unit: BarUnit) -> Int? { tracks.firstIndex { $0.unit == unit } }

    mutating func add(_ track: BarTrack) -> Int {
        if track.isBuilt { hasBuilders = true }
        tracks.append(track)
        return tracks.count - 1
    }

    mutating func subscribeToTicks(_ subscription: Int) { tickSubscriptions.append(subscription) }
    mutating func subscribe(_ subscription: Int, isPartial: Bool, at place: Int) {
        tracks[place].subscribe(subscription, isPartial: isPartial)
    }

    mutating func recall(_ bar: MarketBar) { board.recall(bar) }

    /// A dividend or a split has come into force: the last price counts as another, and all else was of other shares.
    mutating func adjust(to price: Money) {
        let (at, facts) = (board.lastAt, board.todaysFacts)
        board = MarketBoard()
        if let facts { board.take(facts) }
        board.recall(MarketBar(end: at, open: price, high: price, low: price, close: price, volume: 0))
    }

    mutating func lastBars(
        _ count: Int, at place: Int, older: (Int, Instant) -> [MarketBar]
    ) -> ArraySlice<MarketBar> { tracks[place].series.last(count, older: older) }

    func growingBar(at place: Int) -> MarketBar? { tracks[place].growing }

    /// When time alone ends one of its bars.
    var closesAt: Instant? { tracks.lazy.compactMap(\.closesAt).min() }

    // MARK: What happens

    mutating func take(_ facts: DayFacts) { board.take(facts) }

    /// False for a tick that is absurd.
    mutating func take(_ tick: MarketTick, _ due: inout ContiguousArray<DueBar>) -> Bool {
        guard filter.admits(tick, facts: board.todaysFacts) else { return false }
        board.take(tick, hours)
        for subscription in tickSubscriptions {
            let bar = Bar(security.code, tick, offset: hours.zone.offset(at: tick.time))
            due.append(DueBar(subscription: subscription, bar: bar, order: .min + subscription, place: due.count))
        }
        for place in tracks.indices { tracks[place].take(tick, &due) }
        return true
    }

    /// How many ticks were not believed since this was last asked.
    mutating func takeDropped() -> [TickFilter.Reason: Int] {
        defer { droppedBefore = filter.dropped }
        return filter.dropped.merging(droppedBefore) { now, before in now - before }.filter { $0.value > 0 }
    }

    /// Takes a bar of the feed's length.
    @inline(__always)
    mutating func take(_ bar: MarketBar, _ due: inout ContiguousArray<DueBar>) {
        board.take(bar, hours)
        for place in tracks.indices { tracks[place].take(bar, &due) }
    }

    /// The one subscription that waits for the feed's own bars, if all that is made of them is for it alone.
    var onlySubscription: Int? { tracks.count == 1 ? tracks[0].onlySubscription : nil }

    /// Takes a bar of the feed's length where there is an only subscription: what this one is told.
    @inline(__always)
    mutating func takeForOne(_ bar: MarketBar) -> Bar {
        board.take(bar, hours)
        return tracks[0].takeForOne(bar)
    }

    mutating func closeBars(at now: Instant, _ due: inout ContiguousArray<DueBar>) {
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

    @inline(__always)
    func bar(_ bar: MarketBar, isClosed: Bool) -> Bar {
        Bar(code, bar, offset: zone?.offset(at: bar.end) ?? offset, isClosed: isClosed)
    }
}
