import Market

/// What a security was traded at during one stretch of time, or, for the unit `tick`, at one moment.
///
/// It holds the exact numbers and reckons those that a strategy asks for: a bar that is only looked at costs nothing.
public struct Bar: Sendable {
    /// The security.
    public let code: String
    /// False for a bar that is still growing: see `partial` of `subscribe`, and `include_now` of `get_bars`.
    public let is_closed: Bool
    @usableFromInline var numbers: MarketBar
    @usableFromInline var offset: Int32
    private let told: ToldTick?

    /// A bar; `offset` is how many seconds the market's clocks are ahead of UTC at its end.
    @inlinable public init(_ code: String, _ bar: MarketBar, offset: Int32, isClosed: Bool = true) {
        self.init(code, bar, offset: offset, isClosed: isClosed, tick: nil)
    }

    /// A tick as a bar: all its prices are the last.
    public init(_ code: String, _ tick: MarketTick, offset: Int32) {
        let bar = MarketBar(
            end: tick.time, open: tick.last, high: tick.last, low: tick.last, close: tick.last, volume: tick.volume,
            amount: tick.amount)
        self.init(code, bar, offset: offset, isClosed: true, tick: ToldTick(tick))
    }

    @usableFromInline init(_ code: String, _ bar: MarketBar, offset: Int32, isClosed: Bool, tick: ToldTick?) {
        self.code = code
        numbers = bar
        self.offset = offset
        is_closed = isClosed
        told = tick
    }

    /// Becomes the next bar of the same security: nothing else of it changes.
    @inlinable package mutating func goOn(to bar: MarketBar, offset: Int32) {
        numbers = bar
        self.offset = offset
    }

    /// The first price.
    @inlinable public var open: Double { numbers.open.yuan }
    /// The highest price.
    @inlinable public var high: Double { numbers.high.yuan }
    /// The lowest price.
    @inlinable public var low: Double { numbers.low.yuan }
    /// The last price.
    @inlinable public var close: Double { numbers.close.yuan }
    /// Shares traded in it; in a tick, since the trading day began.
    @inlinable public var volume: Int { Int(numbers.volume) }
    /// What they cost, in yuan; 0 where it is not known.
    @inlinable public var money: Double { numbers.amount.yuan }
    /// When it ended, or will, in market time: a bar is stamped at its end.
    public var datetime: MarketTime { marketTime(numbers.end, offset) }
    /// The day on the market's clock at its end.
    public var date: Day { datetime.day }
    /// The tick that it is, for the unit `tick`.
    public var tick: Tick? { told.map { Tick(code, $0.tick, offset: offset) } }
}

extension Bar: CustomStringConvertible {
    /// One line with what matters.
    public var description: String {
        let prices = "open \(numbers.open) high \(numbers.high) low \(numbers.low) close \(numbers.close)"
        return "Bar \(code) \(datetime.day) \(datetime.time) \(prices) volume \(volume)"
            + (is_closed ? "" : " (still open)")
    }
}

/// A tick behind a bar: in a box, since most bars have none and all would be larger for it.
@usableFromInline final class ToldTick: Sendable {
    let tick: MarketTick
    init(_ tick: MarketTick) { self.tick = tick }
}

/// What a market says of a security at one moment.
public struct Tick: Sendable {
    /// A price in the book, and how many shares wait there.
    public struct Level: Hashable, Sendable {
        /// The price.
        public let price: Double
        /// The shares.
        public let volume: Int
    }

    /// The security.
    public let code: String
    let numbers: MarketTick
    let offset: Int32

    /// A tick; `offset` is how many seconds the market's clocks are ahead of UTC.
    public init(_ code: String, _ tick: MarketTick, offset: Int32) {
        self.code = code
        numbers = tick
        self.offset = offset
    }

    /// When, in market time.
    public var datetime: MarketTime { marketTime(numbers.time, offset) }
    /// The last price.
    public var current: Double { numbers.last.yuan }
    /// The last price, by its other name.
    public var last: Double { current }
    /// Shares traded since the trading day began.
    public var volume: Int { Int(numbers.volume) }
    /// What they cost, in yuan; 0 where it is not known.
    public var money: Double { numbers.amount.yuan }
    /// The best price that somebody buys at; nil where nobody does, or it is not known.
    public var bid1: Double? { numbers.bids.first?.price.yuan }
    /// The shares wanted there.
    public var bid1_volume: Int? { numbers.bids.first.map { Int($0.volume) } }
    /// The best price that somebody sells at; nil where nobody does, or it is not known.
    public var ask1: Double? { numbers.asks.first?.price.yuan }
    /// The shares offered there.
    public var ask1_volume: Int? { numbers.asks.first.map { Int($0.volume) } }
    /// Who buys, the best price first, up to ten levels.
    public var bids: [Level] { numbers.bids.map { Level(price: $0.price.yuan, volume: Int($0.volume)) } }
    /// Who sells, the best price first, up to ten levels.
    public var asks: [Level] { numbers.asks.map { Level(price: $0.price.yuan, volume: Int($0.volume)) } }
}

extension Tick: CustomStringConvertible {
    /// One line with what matters.
    public var description: String { "Tick \(code) \(datetime) \(numbers.last) volume \(volume)" }
}

/// What is known of a security now; a number that is not known is nil.
public struct CurrentData: Hashable, Sendable {
    /// The last price.
    public var last_price: Double?
    /// The highest price of the day that the exchange takes.
    public var high_limit: Double?
    /// The lowest.
    public var low_limit: Double?
    /// True if it is not traded today.
    public var paused = false
    /// The day's first price.
    public var day_open: Double?
    /// The last price of the trading day before.
    public var pre_close: Double?
    /// The best price that somebody buys at.
    public var bid1: Double?
    /// The best price that somebody sells at.
    public var ask1: Double?

    /// Nothing is known.
    public init() {}
}

private func marketTime(_ instant: Instant, _ offset: Int32) -> MarketTime {
    MarketZone(name: "", firstOffset: offset).local(instant)
}
