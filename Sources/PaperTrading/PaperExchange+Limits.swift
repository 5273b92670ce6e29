import Gates
import Market

/// Between which prices securities may be traded, and who says so.
extension PaperExchange {
    /// Between which prices a security may be traded on a day, as far as that is known; nothing is of another day than the
    /// one that the exchange is at.
    public func limits(of number: Int, on day: Day) -> (high: Money?, low: Money?) {
        guard books.indices.contains(number), day == self.day, let terms = try? terms(of: number, on: day) else {
            return (nil, nil)
        }
        return (terms.high, terms.low)
    }

    /// The limits of a day as they follow from the close before; nil where there are none.
    func limits(from close: Money, of number: Int, on day: Day) -> PriceLimits? {
        let security = books[number].security
        guard let tick = TradingUnits(of: security, on: day)?.tick.units,
            let thousandths = setting.ruleBook.thousandths(of: security, on: day)
        else { return nil }
        // After a dividend it may lie between two prices.
        let preClose = Money(units: (close.units + tick / 2) / tick * tick)
        return PriceLimits(preClose: preClose, thousandths: thousandths, tick: Money(units: tick))
    }

    /// Says once where the price limits come from.
    func tellLimits(_ facts: DayFacts?) {
        if hasToldLimits { return }
        hasToldLimits = true
        let source =
            if facts?.highLimit != nil || facts?.lowLimit != nil {
                "as the market data gives them"
            } else if facts?.preClose != nil {
                "reckoned from the pre_close of the market data"
            } else {
                "reckoned from the close before, for the market data gives neither limits nor pre_close;"
                    + " on the first day there are none"
            }
        log(.info, "price limits: \(source)")
    }
}
