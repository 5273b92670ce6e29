import Market
import Storage

/// What a feed needs to know of the run that it is for.
public struct FeedDesk {
    /// When the market trades.
    public var hours: MarketHours
    /// Where files are read.
    public var disk: any FileStore
    /// The absolute path of one as the user wrote it.
    public var absolutePath: (String) -> String
    /// When the run begins.
    public var now: Instant
    /// The days that are wanted of a feed of the past; all, if nil.
    public var span: ClosedRange<Day>?
    /// True if time is virtual: what a feed knows comes in order, as fast as it is asked for.
    public var isVirtual: Bool

    /// A desk for one run.
    public init(
        hours: MarketHours, disk: any FileStore, absolutePath: @escaping (String) -> String, now: Instant,
        span: ClosedRange<Day>?, isVirtual: Bool
    ) {
        self.hours = hours
        self.disk = disk
        self.absolutePath = absolutePath
        self.now = now
        self.span = span
        self.isVirtual = isVirtual
    }
}

/// Why there is no such feed: what is wrong, and what to do.
public struct FeedError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// An error of this sentence.
    public init(_ description: String) { self.description = description }
}
