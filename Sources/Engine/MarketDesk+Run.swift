import JQTrade
import Market
import MarketData
import PaperTrading

/// Bars of one security, with nothing between them, that one subscription alone waits for.
struct DeskRun {
    /// The first of them; the desk holds the others.
    let first: MarketBar
    let line: MarketLine
    let track: BarTrack
    let subscription: Int
    /// Where orders on paper wait for them, if anywhere.
    let exchange: PaperExchange?
    /// Kept by the line, and not counted here: to count it with each bar would cost a good part of the bar.
    let book: Unmanaged<SecurityBook>?
}

/// How far the desk has come in a run: no object, for it is looked at with each bar.
struct DeskRunPlace {
    let bars: UnsafeBufferPointer<MarketBar>
    var position = 0

    /// The bar that comes next; nil when the run is over.
    @inline(__always) var next: MarketBar? { position < bars.count ? bars[position] : nil }
}

/// The short way of a bar. Where one security has one subscription, as in most backtests, nothing else can happen at a
/// bar's instant: it needs neither collecting nor sorting, and the feed is asked once for many.
extension MarketDesk {
    /// Begins a run, if what comes next is one.
    func beginRun() -> DeskRun? {
        guard held == nil, due.isEmpty, closesAt.nanoseconds == .max, unit != nil, let found = feed.comingBars,
            found.number < lines.count, let only = lines[found.number].onlyTrack, let first = found.bars.first
        else { return nil }
        run = DeskRunPlace(bars: found.bars)
        let line = lines[found.number]
        return DeskRun(
            first: first, line: line, track: only.track, subscription: only.subscription, exchange: exchange,
            book: line.paperBook.map(Unmanaged.passUnretained))
    }

    /// Ends the run: the feed goes on after the last bar that was taken, and may change.
    func endRun() {
        guard let ended = run else { return }
        run = nil
        feed.passBars(ended.position)
    }

    /// Takes in the next bar of the run.
    @inline(__always)
    func takeNext(_ bar: MarketBar, of whole: DeskRun) {
        run?.position += 1
        events &+= 1
        whole.line.take(bar, whole.track)
        if let unit { whole.book?._withUnsafeGuaranteedRef { whole.exchange?.take(bar, unit, of: $0) } }
        if sample != nil { noteSample(of: whole.line, bar.end, bar.close) }
    }
}
