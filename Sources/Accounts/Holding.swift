import Gates
import Market

/// What names a position.
struct PositionKey: Hashable, Comparable {
    let security: Security
    let side: PositionSide

    static func < (a: PositionKey, b: PositionKey) -> Bool {
        a.security == b.security ? a.side == .long && b.side == .short : a.security < b.security
    }
}

extension OrderTicket {
    var key: PositionKey { PositionKey(security: security, side: position) }
}

/// A position: what the broker's last snapshot says, with every own order and fill laid over it.
public struct Holding: Hashable, Sendable {
    /// The security.
    public let security: Security
    /// Long or short.
    public let side: PositionSide
    /// Shares in all.
    public internal(set) var amount: Int64 = 0
    /// The fewest and the most that it can be: they differ while it cannot be told whether the snapshot knows a fill.
    public internal(set) var certain: ClosedRange<Int64> = 0...0
    /// Shares that may be sold now; never more than is certain.
    public internal(set) var available: Int64 = 0
    /// Shares that own open orders sell.
    public internal(set) var locked: Int64 = 0
    /// Shares that own orders bought today.
    public internal(set) var boughtToday: Int64 = 0
    /// What a share cost on average.
    public internal(set) var cost = Money.zero
    /// The last price.
    public internal(set) var lastPrice = Money.zero
    /// What the shares are worth; of contracts, their margin and what they have earned since they were last settled.
    public internal(set) var value = Money.zero
    /// How many units of the price a contract stands for; nil for what is paid in full.
    public let multiplier: Int64?

    init(_ key: PositionKey, multiplier: Int64? = nil) {
        security = key.security
        side = key.side
        self.multiplier = multiplier
    }

    /// Takes this for the last price. What contracts are worth only their exchange reckons: from there it moves with the
    /// price.
    mutating func value(at price: Money) {
        defer { lastPrice = price }
        guard let multiplier else { return value = price.times(amount) ?? value }
        guard lastPrice > .zero, let rise = (price - lastPrice).times(amount)?.times(multiplier) else { return }
        value = side == .long ? value + rise : value - rise
    }
}

/// The account: cash and positions.
public struct Portfolio: Hashable, Sendable {
    /// Cash and positions together: as the broker's snapshot says, moved on with the prices that are known since.
    public internal(set) var totalValue = Money.zero
    /// Cash that may be spent; never more than is certain.
    public internal(set) var availableCash = Money.zero
    /// Cash held by open orders.
    public internal(set) var lockedCash = Money.zero
    /// What the positions are worth.
    public internal(set) var positionValue = Money.zero
    /// The positions in order of code, long before short.
    public internal(set) var holdings: [Holding] = []
    /// When the account was last read; nil before the first time.
    public internal(set) var syncedAt: Instant?
    /// Why it is older than it should be; nil if it is not.
    public internal(set) var staleness: String?

    /// Takes this for the last price of a position. What the broker never valued is in its total as cash.
    mutating func value(_ place: Int, at price: Money) {
        let before = holdings[place]
        holdings[place].value(at: price)
        let gain = holdings[place].value - before.value
        positionValue = positionValue + gain
        if before.lastPrice == .zero { return }
        let isAsset = before.side == .long || before.multiplier != nil
        totalValue = isAsset ? totalValue + gain : totalValue - gain
    }
}
