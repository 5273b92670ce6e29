import JQTrade
import Market
import MarketData

/// How far the desk has come in bars of one security, with nothing between them, that one subscription alone waits for.
struct DeskRun {
    let bars: UnsafeBufferPointer<MarketBar>
    let number: Int
    let subscription: Int
    var position = 0

    /// The bar that comes next; nil when the run is over.
    @inline(__always) var next: MarketBar? { position < bars.count ? bars[position] : nil }
}

/// The short way of a bar. Where one security has one subscription, as in most backtests, nothing else can happen at a
/// bar's instant: it needs neither collecting nor sorting, and the feed is asked once for many.
extension MarketDesk {
    /// Begins a run, if what comes next is one.
    func beginRun() {
        guard held == nil, due.isEmpty, closesAt.nanoseconds == .max, unit != nil, let found = feed.comingBars,
            found.number < lines.count, let subscription = lines[found.number].onlySubscription
        else { return }
        run = DeskRun(bars: found.bars, number: found.number, subscription: subscription)
    }

    /// Ends the run: the feed goes on after the last bar that was taken, and may change.
    func endRun() {
        guard let ended = run else { return }
        run = nil
        feed.passBars(ended.position)
    }

    /// Takes in the next bar of the run: what its subscription is told.
    @inline(__always)
    func takeNextOfRun(_ bar: MarketBar, _ number: Int) -> Bar {
        run?.position += 1
        events &+= 1
        let told = lines[number].takeForOne(bar)
        if let exchange, let unit { exchange.take(bar, unit, of: lines[number].paperNumber) }
        if sample != nil { noteSample(of: number, bar.end, bar.close) }
        return told
    }
}
