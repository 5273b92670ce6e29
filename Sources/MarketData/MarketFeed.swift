import Market

/// Where a market's ticks and bars come from. All calls come on the task's one thread.
///
/// A feed tells what it knows in order of time, and nothing before its time: whatever it answers at an instant was known
/// at that instant. A feed of the past knows when its next event is; one that is live says when to look again.
public protocol MarketFeed: AnyObject {
    /// What it is, in words for the log: `csv:bars.csv (1m bars of 1 code, 2024-01-02 to 2024-12-31)`.
    var summary: String { get }
    /// How its events come: the length of its bars; nil for ticks, and where it is not known before they come.
    var unit: BarUnit? { get }
    /// When it begins and ends, for a feed of the past; nil for one that goes on.
    var span: ClosedRange<Instant>? { get }
    /// A descriptor that becomes readable when there may be something new; nil where `nextTime` is enough.
    var descriptor: Int32? { get }
    /// Delivers this security's events too from now on, those after `now` only, under this number. Throws the sentence to
    /// be shown if there is no such data.
    func add(_ security: Security, as number: Int, now: Instant) throws
    /// When its next event is due, or when to look again; nil when nothing more will ever come.
    var nextTime: Instant? { get }
    /// The next event, if it is due by now. Within one instant: facts of a day, ticks, bars; by number.
    func next(upTo now: Instant) -> MarketEvent?
    /// The bars that come next with nothing of another security and no facts between them, at whatever time: for a reader
    /// in virtual time, who goes from one to the next by himself. Nil where there are not several such, or it is not known.
    var comingBars: BarRun? { get }
    /// So many bars of that run have been told. Until this is said, only `history` is asked.
    func passBars(_ count: Int)
    /// The last bars of this length that had ended by an instant, the oldest first; fewer, or none, where the feed
    /// knows no more.
    func history(_ security: Security, _ unit: BarUnit, count: Int, upTo now: Instant) -> [MarketBar]
    /// What was wrong since the last call, each as a sentence, once: a row that cannot be read, a program that died.
    func takeProblems() -> [String]
    /// Ends it; nothing is asked afterwards.
    func close()
}

extension MarketFeed {
    /// Most feeds have none.
    public var descriptor: Int32? { nil }
    /// Most feeds tell one event at a time.
    public var comingBars: BarRun? { nil }
    /// Of no run nothing is passed.
    public func passBars(_ count: Int) {}
}

/// Bars of one security in order of time, where the feed keeps them: they last until `passBars`.
public struct BarRun {
    /// The security's number.
    public let number: Int
    /// Its bars.
    public let bars: UnsafeBufferPointer<MarketBar>

    /// A run of bars that somebody else keeps.
    public init(number: Int, bars: UnsafeBufferPointer<MarketBar>) {
        self.number = number
        self.bars = bars
    }
}

/// Something that a feed says.
public enum MarketEvent: Sendable {
    /// A trading day's facts of the security of this number, before the first tick or bar of that day.
    case facts(Int, DayFacts)
    /// A tick of the security of this number.
    case tick(Int, MarketTick)
    /// A bar of the feed's length, which has ended, of the security of this number.
    case bar(Int, MarketBar)
}
