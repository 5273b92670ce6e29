/// In which amounts and at which prices a security is ordered on its exchange.
public struct TradingUnits: Hashable, Sendable {
    /// What kind of security it is: fees and the day of sale depend on it.
    public enum Kind: String, Sendable {
        /// An A share.
        case share
        /// A fund that is traded like a share: ETF, LOF, REIT.
        case fund
        /// A convertible bond.
        case convertible
    }

    /// What kind of security it is.
    public let kind: Kind
    /// The smallest order.
    public let least: Int64
    /// What amounts above the smallest grow by.
    public let step: Int64
    /// The distance of one price from the next.
    public let tick: Money
    /// The largest order with a price limit.
    public let largestLimitOrder: Int64
    /// The largest order at the market.
    public let largestMarketOrder: Int64

    /// The units of a security on a day; nil if its code is none that these rules know.
    public init?(of security: Security, on day: Day) {
        guard let exchange = security.exchange, let prefix = Self.prefix(security.symbol),
            let board = Board.all.first(where: { $0.has(exchange, prefix, day) })
        else { return nil }
        self = board.units
    }

    init(
        _ kind: Kind, least: Int64, step: Int64, tick: Int64, largest: Int64, atMarket: Int64? = nil
    ) {
        self.kind = kind
        self.least = least
        self.step = step
        self.tick = Money(units: tick)
        largestLimitOrder = largest
        largestMarketOrder = atMarket ?? largest
    }

    /// The first three of six digits.
    private static func prefix(_ symbol: Substring) -> Int? {
        let digits = symbol.utf8
        guard digits.count == 6, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}

extension TradingUnits {
    /// True if an order of this amount is a whole number of lots, or above the smallest by whole steps.
    public func isWhole(_ amount: Int64) -> Bool { amount >= least && (amount - least) % step == 0 }

    /// The largest orderable amount up to this one; 0 if there is none.
    public func roundedDown(_ amount: Int64) -> Int64 {
        amount < least ? 0 : amount - (amount - least) % step
    }

    /// The prices right below and right above one that is none; both the same if it is one.
    ///
    /// A number that was calculated may miss a price by a hair's breadth and still means it.
    public func prices(around yuan: Double) -> (below: Money, above: Money)? {
        guard let nearest = Money(yuan), yuan >= 0 else { return nil }
        let distance = yuan * 10_000 - Double(nearest.units)
        let offTick = nearest.units % tick.units
        if offTick == 0, distance.magnitude < 0.01 { return (nearest, nearest) }
        let below = offTick == 0 && distance < 0 ? nearest.units - tick.units : nearest.units - offTick
        return (Money(units: below), Money(units: below + tick.units))
    }
}

/// The securities of one board: which codes they have, since when, and their units.
private struct Board {
    let exchange: Exchange
    let prefixes: [ClosedRange<Int>]
    let from: Day
    let units: TradingUnits

    func has(_ exchange: Exchange, _ prefix: Int, _ day: Day) -> Bool {
        exchange == self.exchange && day >= from && prefixes.contains { $0.contains(prefix) }
    }

    init(_ exchange: Exchange, _ prefixes: [ClosedRange<Int>], from: Day = ClosedDays.first, _ units: TradingUnits) {
        self.exchange = exchange
        self.prefixes = prefixes
        self.from = from
        self.units = units
    }

    private static let main = TradingUnits(.share, least: 100, step: 100, tick: 100, largest: 1_000_000)
    private static let fund = TradingUnits(.fund, least: 100, step: 100, tick: 10, largest: 1_000_000)
    private static let convertible = TradingUnits(.convertible, least: 10, step: 10, tick: 10, largest: 1_000_000)

    /// The newer rule of a board stands before the older one.
    static let all = [
        Board(.shanghai, [600...601, 603...603, 605...605], main),
        Board(.shenzhen, [0...3], main),
        Board(
            .shenzhen, [300...302], from: Day(number: 18498),  // 2020-08-24
            TradingUnits(.share, least: 100, step: 100, tick: 100, largest: 300_000, atMarket: 150_000)),
        Board(.shenzhen, [300...302], main),
        Board(
            .shanghai, [688...689], from: Day(number: 18099),  // 2019-07-22
            TradingUnits(.share, least: 200, step: 1, tick: 100, largest: 100_000, atMarket: 50_000)),
        Board(
            .beijing, [430...439, 830...839, 870...889, 920...929], from: Day(number: 18946),  // 2021-11-15
            TradingUnits(.share, least: 100, step: 1, tick: 100, largest: 1_000_000)),
        Board(.shanghai, [500...518, 520...530, 560...563, 588...589], fund),
        Board(.shenzhen, [150...150, 158...169, 180...180, 184...184], fund),
        Board(.shanghai, [110...111, 113...113, 118...118], convertible),
        Board(.shenzhen, [123...123, 127...128], convertible),
    ]
}
