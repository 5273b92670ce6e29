/// In which amounts a position is sold: whole lots, with the whole odd rest of it or without, or all of it at once.
public struct SaleUnits: Hashable, Sendable {
    /// The units of the security.
    public let units: TradingUnits
    /// What may be sold now.
    public let available: Int64

    /// The amounts in which so much of a security is sold.
    public init(units: TradingUnits, available: Int64) {
        self.units = units
        self.available = available
    }

    /// What is beyond whole lots; where amounts grow by single shares there is no such rest.
    private var oddRest: Int64 { available % units.step }

    /// True if the exchange takes this amount.
    public func isWhole(_ amount: Int64) -> Bool { roundedDown(amount) == amount }

    /// The largest amount up to this one that the exchange takes; 0 if there is none.
    public func roundedDown(_ amount: Int64) -> Int64 {
        if amount == available { return amount }
        let lots = units.roundedDown(amount)
        return oddRest == 0 || amount < oddRest ? lots : max(lots, amount - (amount - oddRest) % units.step)
    }

    /// The smallest amount above this one that the exchange takes.
    public func next(above amount: Int64) -> Int64 {
        let whole = units.roundedDown(amount)
        let lots = whole == 0 ? units.least : whole + units.step
        if oddRest == 0 { return lots }
        return min(lots, amount < oddRest ? oddRest : amount - (amount - oddRest) % units.step + units.step)
    }
}
