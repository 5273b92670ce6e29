import Market

/// In which amounts a position is sold: whole lots, with the whole odd rest of it or without, or all of it at once.
struct SaleUnits {
    let units: TradingUnits
    /// What may be sold now.
    let available: Int64

    /// What is beyond whole lots; where amounts grow by single shares there is no such rest.
    private var oddRest: Int64 { available % units.step }

    /// True if the exchange takes this amount.
    func isWhole(_ amount: Int64) -> Bool { roundedDown(amount) == amount }

    /// The largest amount up to this one that the exchange takes; 0 if there is none.
    func roundedDown(_ amount: Int64) -> Int64 {
        if amount == available { return amount }
        let lots = units.roundedDown(amount)
        return oddRest == 0 || amount < oddRest ? lots : max(lots, amount - (amount - oddRest) % units.step)
    }

    /// The smallest amount above this one that the exchange takes.
    func next(above amount: Int64) -> Int64 {
        let whole = units.roundedDown(amount)
        let lots = whole == 0 ? units.least : whole + units.step
        if oddRest == 0 { return lots }
        return min(lots, amount < oddRest ? oddRest : amount - (amount - oddRest) % units.step + units.step)
    }
}
