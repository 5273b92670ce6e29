/// What a security was traded at during one stretch of time.
public struct MarketBar: Hashable, Sendable {
    /// When the stretch ended: a bar is stamped at its end. A daily bar is stamped at the day's close.
    public var end: Instant
    /// The first price.
    public var open: Money
    /// The highest price.
    public var high: Money
    /// The lowest price.
    public var low: Money
    /// The last price.
    public var close: Money
    /// Shares traded in it.
    public var volume: Int64
    /// What they cost; zero where it is not known.
    public var amount: Money

    /// A bar.
    @inlinable public init(
        end: Instant, open: Money, high: Money, low: Money, close: Money, volume: Int64, amount: Money = .zero
    ) {
        self.end = end
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.amount = amount
    }
}

/// How long a bar is.
public enum BarUnit: String, Sendable, CaseIterable, CustomStringConvertible {
    /// One minute.
    case minute = "1m"
    /// Five minutes.
    case minutes5 = "5m"
    /// A quarter of an hour.
    case minutes15 = "15m"
    /// Half an hour.
    case minutes30 = "30m"
    /// An hour.
    case minutes60 = "60m"
    /// A trading day.
    case day = "1d"

    /// Minutes of trading in a bar; nil for a day, which has as many as the market is open.
    public var minutes: Int? {
        switch self {
        case .minute: 1
        case .minutes5: 5
        case .minutes15: 15
        case .minutes30: 30
        case .minutes60: 60
        case .day: nil
        }
    }

    /// The word: `1m`.
    public var description: String { rawValue }
}
