import Market

/// The last bars of one security and length, so many as anybody has asked for and a few more: memory does not grow with
/// the length of a run.
struct BarSeries {
    private(set) var bars = ContiguousArray<MarketBar>()
    /// The feed's history up to this instant comes before the first bar.
    private var begin: Instant
    private var limit = 128
    /// True if the feed knows no older bars than the first.
    private var hasAll = false

    /// A series that grows from an instant on.
    init(since begin: Instant) { self.begin = begin }

    /// Adds a bar that has ended.
    @inline(__always)
    mutating func append(_ bar: MarketBar) {
        // Seldom, for each time those that stay are moved.
        if bars.count >= 4 * limit { forgetOldest() }
        bars.append(bar)
    }

    private mutating func forgetOldest() {
        begin = bars[bars.count - limit - 1].end
        bars.removeFirst(bars.count - limit)
        hasAll = false
    }

    /// The last bars, the oldest first. What is older than the series is fetched from the feed, once.
    mutating func last(
        _ count: Int, older: (_ count: Int, _ upTo: Instant) -> [MarketBar]
    ) -> ArraySlice<MarketBar> {
        limit = max(limit, count)
        if count > bars.count, !hasAll {
            // What has been added since is not asked for again, be it as old as the series.
            if let first = bars.first { begin = min(begin, first.end - TimeSpan(nanoseconds: 1)) }
            let missing = count - bars.count
            let found = older(missing, begin).suffix(missing)
            hasAll = found.count < missing
            if let first = found.first {
                bars.insert(contentsOf: found, at: 0)
                begin = first.end - TimeSpan(nanoseconds: 1)
            }
        }
        return bars.suffix(count)
    }
}
