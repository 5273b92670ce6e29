import JQTrade
import Market
import MarketData

/// The bars of one length of one security: made from the feed's ticks or shorter bars, or the feed's own.
struct BarTrack {
    let unit: BarUnit
    var series: BarSeries
    /// What makes them; nil for the feed's own bars.
    private var builder: BarBuilder?
    private var subscriptions: ContiguousArray<Int> = []
    private var partial: ContiguousArray<Int> = []
    private let teller: BarTeller

    init(_ unit: BarUnit, of teller: BarTeller, since begin: Instant, builder: BarBuilder?) {
        self.teller = teller
        self.unit = unit
        self.builder = builder
        series = BarSeries(since: begin)
    }

    mutating func subscribe(_ subscription: Int, isPartial: Bool) {
        subscriptions.append(subscription)
        if isPartial { partial.append(subscription) }
    }

    /// True if they are made here.
    var isBuilt: Bool { builder != nil }
    /// The bar as it is so far; the feed's own bars come whole.
    var growing: MarketBar? { builder?.open }
    /// When time alone ends it.
    var closesAt: Instant? { builder?.closesAt }

    mutating func take(_ tick: MarketTick, _ due: inout ContiguousArray<DueBar>) {
        for bar in builder?.take(tick) ?? [] { add(bar, &due) }
        if !partial.isEmpty, let bar = builder?.open { tell(bar, isClosed: false, partial, &due) }
    }

    mutating func take(_ bar: MarketBar, _ due: inout ContiguousArray<DueBar>) {
        guard builder != nil else { return add(bar, &due) }
        if let whole = builder?.take(bar) {
            add(whole, &due)
        } else if !partial.isEmpty, let bar = builder?.open {
            tell(bar, isClosed: false, partial, &due)
        }
    }

    /// Who alone is told of the feed's own bars, as they come.
    var onlySubscription: Int? { builder == nil && subscriptions.count == 1 ? subscriptions[0] : nil }

    /// Takes a bar of the feed's own: what its only subscription is told.
    @inline(__always)
    mutating func takeForOne(_ bar: MarketBar) -> Bar {
        series.append(bar)
        return teller.bar(bar, isClosed: true)
    }

    mutating func close(at now: Instant, _ due: inout ContiguousArray<DueBar>) {
        if let bar = builder?.close(at: now) { add(bar, &due) }
    }

    private mutating func add(_ bar: MarketBar, _ due: inout ContiguousArray<DueBar>) {
        series.append(bar)
        if !subscriptions.isEmpty { tell(bar, isClosed: true, subscriptions, &due) }
    }

    private func tell(
        _ bar: MarketBar, isClosed: Bool, _ to: ContiguousArray<Int>,
        _ due: inout ContiguousArray<DueBar>
    ) {
        let told = teller.bar(bar, isClosed: isClosed)
        for subscription in to {
            due.append(DueBar(subscription: subscription, bar: told, order: subscription, place: due.count))
        }
    }
}
