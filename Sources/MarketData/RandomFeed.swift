import Market

/// A reproducible market for any code.
public final class RandomFeed: MarketFeed {
    public var summary: String { "random" }
    public var unit: BarUnit? { nil }
    public var span: ClosedRange<Instant>? { nil }
    public var nextTime: Instant? { nil }
    public init(_ market: RandomMarket, desk: FeedDesk) throws(FeedError) {}
    public func add(_ security: Security, as number: Int, now: Instant) throws {}
    public func next(upTo now: Instant) -> MarketEvent? { nil }
    public func history(_ security: Security, _ unit: BarUnit, count: Int, upTo now: Instant) -> [MarketBar] { [] }
    public func takeProblems() -> [String] { [] }
    public func close() {}
}
