import Gates
import Market

/// An order at a paper exchange: one object from its coming to its end, for whoever looks at it would copy much.
final class PaperOrder {
    let ticket: OrderTicket
    /// The number of its security.
    var security: Int
    /// The trading day at whose close it ends.
    var day: Day
    /// At this price or better; nil: at the market.
    let limit: Money?
    /// The price that cash is held for; zero if none is known.
    var holdPrice: Money
    /// True if it makes a position larger.
    let opens: Bool
    /// True while it waits for an auction to come, which gives one price to all.
    var isForAuction: Bool
    var filled: Int64 = 0
    /// What the filled shares are worth.
    var value = Money.zero
    /// Fees so far.
    var fees = Money.zero
    /// Cash that it holds: what the rest costs, or the rest's margin, with fees.
    var frozen = Money.zero
    var status = OrderStatus.open
    /// Why it ended, if not by being filled.
    var message = ""
    /// How many units of the price a share or contract stands for.
    var multiplier: Int64 = 1
    /// True once somebody was told that it is over.
    var isGone = false
    /// True while there is something of it that nobody has been told.
    var hasNews = false
    /// True while there is something of it that is not written down.
    var isUnwritten = false

    init(ticket: OrderTicket, security: Int, day: Day, limit: Money?, holdPrice: Money, isForAuction: Bool) {
        self.ticket = ticket
        self.security = security
        self.day = day
        self.limit = limit
        self.holdPrice = holdPrice
        self.isForAuction = isForAuction
        opens = ticket.opens
    }

    var rest: Int64 { ticket.amount - filled }
    var buys: Bool { ticket.side == .buy }
}

/// Shares or contracts that an account holds of one security on one side.
struct PaperPosition: Hashable {
    var amount: Int64 = 0
    /// What they cost, or what contracts were worth at the last settlement, without fees.
    var basis = Money.zero
    /// What contracts were worth when they were opened.
    var cost = Money.zero
    /// What is kept for contracts.
    var margin = Money.zero
    /// Bought today.
    var fresh: Int64 = 0
    /// Held by open orders that close.
    var frozen: Int64 = 0

    /// Takes off a part, with its share of what all cost.
    mutating func remove(_ part: Int64) -> (basis: Money, cost: Money) {
        let removed = (share(of: basis, part), share(of: cost, part))
        amount -= part
        fresh = min(fresh, amount)
        basis = basis - removed.0
        cost = cost - removed.1
        return removed
    }

    private func share(of whole: Money, _ part: Int64) -> Money {
        if part == amount { return whole }
        let wide = whole.units.multipliedFullWidth(by: part)
        return Money(units: amount.dividingFullWidth(wide).quotient)
    }
}

/// What an exchange knows of one security, and what the account holds of it.
public final class SecurityBook {
    let security: Security
    /// Its number at the exchange.
    public let number: Int
    /// The last price; zero before there is one.
    @exclusivity(unchecked) var last = Money.zero
    /// When that was.
    @exclusivity(unchecked) var time = Instant(nanoseconds: .min)
    /// What a share cost at the last close that was seen before today; nil if none was, or if the market took no notice.
    @exclusivity(unchecked) var closeBefore: Money?
    /// Its open orders, in order of arrival.
    @exclusivity(unchecked) var orders: [PaperOrder] = []
    /// What may still be traded of the bar that came last; negative: any amount.
    @exclusivity(unchecked) var budget: Int64 = -1
    /// False until a bar tells a volume: before, nobody knows any.
    @exclusivity(unchecked) var hasVolumes = false
    /// True if its prices come as ticks.
    @exclusivity(unchecked) var hasTicks = false
    @exclusivity(unchecked) var bids: [MarketTick.Level] = []
    @exclusivity(unchecked) var asks: [MarketTick.Level] = []
    /// What orders took of the book that came last.
    @exclusivity(unchecked) var takenBids: Int64 = 0
    @exclusivity(unchecked) var takenAsks: Int64 = 0
    /// The day on which it was last traded.
    @exclusivity(unchecked) var openedDay: Day?
    @exclusivity(unchecked) var facts: DayFacts?
    @exclusivity(unchecked) var terms: TradeTerms?
    /// How many units of the price a contract stands for; nil for what is paid in full.
    @exclusivity(unchecked) var multiplier: Int64?
    @exclusivity(unchecked) var long = PaperPosition()
    @exclusivity(unchecked) var short = PaperPosition()
    @exclusivity(unchecked) var isHeld = false
    @exclusivity(unchecked) var isTouched = false

    init(_ security: Security, number: Int) {
        self.security = security
        self.number = number
    }

    /// Takes a bar's price and volume; tells if anything of the security is held, and if orders wait for it.
    @inline(__always)
    func note(_ bar: MarketBar, volumeShare: Int64) -> (isHeld: Bool, isWaiting: Bool) {
        last = bar.close
        time = bar.end
        if bar.volume > 0 { hasVolumes = true }
        if volumeShare <= 0 || !hasVolumes {
            budget = -1
        } else {
            let volume = max(bar.volume, 0)
            // Both divisions keep the product from overflowing.
            budget = volume / 100 &* volumeShare &+ volume % 100 &* volumeShare / 100
        }
        return (isHeld, !orders.isEmpty)
    }
}
