import Gates
import Market

/// At which price an order would trade: pure functions of the order, the market and the terms; nil where it would not.
enum Matching {
    /// Within a bar: at its open where that is good enough, at the limit where the bar reaches it.
    static func price(
        of order: PaperOrder, in bar: MarketBar, _ terms: TradeTerms, _ slippage: Slippage
    ) -> Money? {
        if isLocked(order, at: order.buys ? bar.low : bar.high, terms) { return nil }
        guard let limit = order.limit else {
            return order.isForAuction
                ? within(terms, bar.open, order) : slipped(bar.open, order, terms, slippage)
        }
        if order.buys {
            if bar.open <= limit { return bar.open }
            return bar.low <= limit ? limit : nil
        }
        if bar.open >= limit { return bar.open }
        return bar.high >= limit ? limit : nil
    }

    /// True if what trades within a bar does so at its open. At a price limit it waits for the market to leave it: then all
    /// that waited there was filled.
    static func isAtOpen(_ order: PaperOrder, _ bar: MarketBar, _ terms: TradeTerms) -> Bool {
        if isLocked(order, at: bar.open, terms) { return false }
        return order.limit.map { order.buys ? bar.open <= $0 : bar.open >= $0 } ?? true
    }

    /// At one price for all, as in an auction.
    static func price(of order: PaperOrder, at price: Money, _ terms: TradeTerms) -> Money? {
        if isLocked(order, at: price, terms) { return nil }
        guard let limit = order.limit else { return price }
        return (order.buys ? price <= limit : price >= limit) ? price : nil
    }

    /// At the last price, where no book is known.
    static func price(of order: PaperOrder, last: Money, _ terms: TradeTerms, _ slippage: Slippage) -> Money? {
        if isLocked(order, at: last, terms) { return nil }
        guard order.limit == nil else { return price(of: order, at: last, terms) }
        return slipped(last, order, terms, slippage)
    }

    /// A price made worse by the slippage, within the day's limits.
    static func slipped(_ price: Money, _ order: PaperOrder, _ terms: TradeTerms, _ slippage: Slippage) -> Money {
        if case .fixed(.zero) = slippage { return within(terms, price, order) }
        let half = slippage.half(at: price, tick: terms.tick)
        let moved = order.buys ? price.units &+ half : max(price.units &- half, terms.tick.units)
        return within(terms, Money(units: terms.rounded(moved, up: order.buys)), order)
    }

    /// True if nobody is on the other side: all want to buy at the highest price, or to sell at the lowest.
    private static func isLocked(_ order: PaperOrder, at price: Money, _ terms: TradeTerms) -> Bool {
        if order.buys, let high = terms.high { return price >= high }
        if !order.buys, let low = terms.low { return price <= low }
        return false
    }

    private static func within(_ terms: TradeTerms, _ price: Money, _ order: PaperOrder) -> Money {
        if order.buys, let high = terms.high { return min(price, high) }
        if !order.buys, let low = terms.low { return max(price, low) }
        return price
    }
}
