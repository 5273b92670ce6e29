import Gates
import Market

/// One security in the ledger: what the broker's snapshot says of it, and what own orders lay over it.
struct LedgerLine {
    let key: PositionKey
    /// How many units of the price a contract stands for; nil for what is paid in full.
    let multiplier: Int64?
    /// What the snapshot says; nil if it does not name the security.
    var told: AccountSnapshot.Holding?
    /// What own orders do beyond that.
    var hold = OrderHold.nothing

    /// Shares that own orders bought today.
    private var boughtToday: Int64 = 0
    /// True if they are sold tomorrow.
    private var mustWait = false
    /// Of the fills that the snapshot may or may not know, bought less sold, those that it is taken to know.
    private var taken: Int64 = 0
    /// By how much the snapshot's amount is more than was expected, where no fill explains it yet.
    private var surprise: Int64 = 0
    /// The amount before the snapshot that is being taken in.
    private var expected: Int64 = 0
    /// To find the units of a code takes longer than everything else that an order takes.
    private var unitsOfDay: (day: Day, units: TradingUnits?)?

    init(_ key: PositionKey, multiplier: Int64?) {
        self.key = key
        self.multiplier = multiplier
    }

    /// In what units the security is traded on a day.
    mutating func units(on day: Day) -> TradingUnits? {
        if let known = unitsOfDay, known.day == day { return known.units }
        let units = TradingUnits(of: key.security, on: day)
        unitsOfDay = (day, units)
        return units
    }

    /// True if there is nothing to know of it.
    var isEmpty: Bool { told == nil && hold == .nothing && boughtToday == 0 }

    /// Shares bought, or sold if below 0, became known; the snapshot may know them unless they are newer.
    mutating func note(_ filled: Int64, mustWait: Bool, isNewer: Bool, _ difference: OrderHold) {
        hold += difference
        if filled > 0 {
            boughtToday += filled
            self.mustWait = mustWait
        }
        // It said more, or less, than could be: now it is clear why.
        if !isNewer, filled.signum() == surprise.signum(), filled.magnitude <= surprise.magnitude {
            taken += filled
            surprise -= filled
        }
    }

    /// Another snapshot is about to take the place of this one.
    mutating func beginSnapshot() {
        expected = amount
        told = nil
    }

    /// The snapshot names it. What it names more than once, for the shares are in several places, is held together.
    mutating func tell(_ holding: AccountSnapshot.Holding) {
        told = told.map { $0.together(with: holding) } ?? holding
    }

    /// The snapshot is there, and the orders are counted as it knows them. What was expected still holds if it can be true:
    /// if the snapshot knows all fills in doubt, none of them or a part. Else somebody else trades, and the clocks tell.
    mutating func endSnapshot(isFirst: Bool) {
        if !isFirst, certain.contains(expected) {
            taken = whenNone - expected
            surprise = 0
        } else {
            taken = hold.heardBefore
            surprise = isFirst ? 0 : amount - expected
        }
    }

    mutating func roll() {
        boughtToday = 0
        mustWait = false
    }

    // MARK: What there is

    /// What the snapshot says, with all fills that it surely does not know.
    private var base: Int64 { (told?.amount ?? 0) + hold.bought - hold.sold }
    /// As if it knew none of the fills in doubt.
    private var whenNone: Int64 { base + hold.perhapsBought - hold.perhapsSold }
    /// The fewest and the most that there can be.
    private var certain: ClosedRange<Int64> {
        let least = max(base - hold.perhapsSold, 0)
        return least...max(base + hold.perhapsBought, least)
    }
    /// The likeliest.
    private var amount: Int64 { min(max(whenNone - taken, certain.lowerBound), certain.upperBound) }

    /// The position that it makes.
    var holding: Holding {
        var holding = Holding(key, multiplier: multiplier)
        holding.amount = amount
        holding.certain = certain
        holding.locked = hold.selling
        holding.boughtToday = boughtToday
        let unheld = (told?.available ?? 0) - hold.sellingUnseen
        var whole = (told?.amount ?? 0) - hold.sold - hold.perhapsSold - hold.selling
        if mustWait { whole -= max(boughtToday - hold.bought, 0) }
        holding.available = max(min(unheld, whole), 0)
        holding.cost = told?.cost ?? .zero
        holding.lastPrice = told?.lastPrice ?? .zero
        holding.value = holding.amount == told?.amount ? told?.value ?? .zero : value(of: holding.amount)
        return holding
    }

    /// What so many are worth where the snapshot tells of another amount: of contracts their share of what it tells.
    private func value(of amount: Int64) -> Money {
        guard let told else { return .zero }
        if multiplier == nil { return told.lastPrice.times(amount) ?? .zero }
        return told.amount > 0 ? Money(units: told.value.units / told.amount).times(amount) ?? .zero : .zero
    }
}

extension AccountSnapshot.Holding {
    /// Both parts of one position; a share cost what they cost on average.
    fileprivate func together(with other: Self) -> Self {
        var whole = self
        whole.amount = min(amount + other.amount, 1 << 50)
        whole.available = min(available + other.available, whole.amount)
        if let paid = cost.times(amount), let more = other.cost.times(other.amount), whole.amount > 0 {
            let (sum, overflow) = paid.units.addingReportingOverflow(more.units)
            if !overflow { whole.cost = Money(units: sum / whole.amount) }
        }
        whole.lastPrice = other.lastPrice > .zero ? other.lastPrice : lastPrice
        whole.value = value + other.value
        return whole
    }
}
