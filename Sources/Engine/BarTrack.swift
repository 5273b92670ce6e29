import JQTrade
import Market
import MarketData

/// The bars of one length of one security: made from the feed's ticks or shorter bars, or the feed's own.
final class BarTrack {
    let unit: BarUnit
    @exclusivity(unchecked) var series: BarSeries
    /// What makes them; nil for the feed's own bars.
    @exclusivity(unchecked) private var builder: BarBuilder?
    @exclusivity(unchecked) private var subscriptions: ContiguousArray<Int> = []
    @exclusivity(unchecked) private var partial: ContiguousArray<Int> = []
    let teller: BarTeller

    init(_ unit: BarUnit, of teller: BarTeller, since begin: Instant, builder: BarBuilder?) {
        self.teller = teller
        self.unit = unit
        self.builder = builder
        series = BarSeries(since: begin)
    }

    func subscribe(_ subscription: Int, isPartial: Bool) {
        subscriptions.append(subscription)
        if isPartial { partial.append(subscription) }
    }

    /// True if they are made here.
    var isBuilt: Bool { builder != nil }
    /// The bar as it is so far; the feed's own bars come whole.
    var growing: MarketBar? { builder?.open }
    /// When time alone ends it.
    var closesAt: Instant? { builder?.closesAt }

    func take(_ tick: MarketTick, _ due: inout ContiguousArray<DueBar>) {
        for bar in builder?.take(tick) ?? [] { add(bar, &due) }
        if !partial.isEmpty, let bar = builder?.open { tell(bar, isClosed: false, partial, &due) }
    }

    func take(_ bar: MarketBar, _ due: inout ContiguousArray<DueBar>) {
        guard builder != nil else { return add(bar, &due) }
        if let whole = builder?.take(bar) {
            add(whole, &due)
        } else if !partial.isEmpty, let bar = builder?.open {
            tell(bar, isClosed: false, partial, &due)
        }
    }

    /// Who alone is told of the feed's own bars, as they come.
    var onlySubscription: Int? { builder == nil && subscriptions.count == 1 ? subscriptions[0] : nil }

    func close(at now: Instant, _ due: inout ContiguousArray<DueBar>) {
        if let bar = builder?.close(at: now) { add(bar, &due) }
    }

    private func add(_ bar: MarketBar, _ due: inout ContiguousArray<DueBar>) {
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
