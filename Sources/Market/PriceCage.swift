/// How far the limit of an order may be from the market while it trades continuously: outside, it is refused.
public struct PriceCage: Hashable, Sendable {
    /// How far, in thousandths of the price that it is reckoned from.
    public let thousandths: Int64
    /// How many prices it may be away in any case.
    public let ticks: Int64

    /// The cage of a security on a day; nil where there is none. Only shares have one.
    public init?(of security: Security, on day: Day) {
        guard TradingUnits(of: security, on: day)?.kind == .share else { return nil }
        if security.exchange == .beijing {
            (thousandths, ticks) = (50, 10)
        } else if security.symbol.hasPrefix("68") {
            (thousandths, ticks) = (20, 0)
        } else if day >= (security.symbol.hasPrefix("30") ? Self.growthBoard : Self.mainBoards) {
            (thousandths, ticks) = (20, 10)
        } else {
            return nil
        }
    }

    /// The highest price of a buy when others sell at `base`.
    public func highest(over base: Money, tick: Money) -> Money {
        let share = base.units / 1000 * (1000 + thousandths) + base.units % 1000 * (1000 + thousandths) / 1000
        // A price within the cage is a price of the security.
        let price = share / max(tick.units, 1) * tick.units
        return Money(units: max(price, base.units + ticks * tick.units))
    }

    /// The lowest price of a sale when others buy at `base`.
    public func lowest(under base: Money, tick: Money) -> Money {
        let share = base.units / 1000 * (1000 - thousandths) + (base.units % 1000 * (1000 - thousandths) + 999) / 1000
        let step = max(tick.units, 1)
        let price = (share + step - 1) / step * step
        let near = base.units - ticks * step
        return Money(units: max(ticks > 0 ? min(price, near) : price, 0))
    }

    private static let growthBoard = Day(number: 18498)  // 2020-08-24
    private static let mainBoards = Day(number: 19457)  // 2023-04-10
}
