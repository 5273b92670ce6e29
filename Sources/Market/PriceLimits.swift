/// How far a price may go in a day from the one that its limits are reckoned from.
public struct PriceLimits: Hashable, Sendable {
    /// The highest price that the exchange takes.
    public let high: Money
    /// The lowest.
    public let low: Money

    /// The prices so many thousandths above and below, each rounded to a price, half of the distance upwards.
    public init(preClose: Money, thousandths: Int64, tick: Money) {
        func price(_ share: Int64) -> Money {
            let wide = preClose.units.multipliedFullWidth(by: share)
            let divisor = 1000 * max(tick.units, 1)
            guard wide.high >= 0, wide.high < divisor / 2 else { return preClose }
            let (steps, rest) = divisor.dividingFullWidth(wide)
            return Money(
                units: (rest * 2 >= divisor ? steps + 1 : steps).multipliedReportingOverflow(
                    by: max(tick.units, 1)
                ).partialValue)
        }
        high = price(1000 + thousandths)
        low = max(price(max(1000 - thousandths, 0)), tick)
    }

    /// The usual distance of a security's limits on a day, in thousandths; nil where the code does not tell. What it
    /// cannot tell, a share under special treatment, a fund of another wide index or a first day without limits, is told by
    /// data.
    public static func thousandths(of security: Security, on day: Day) -> Int64? {
        guard let units = TradingUnits(of: security, on: day) else { return nil }
        if units.kind == .convertible { return day >= convertiblesAreLimited ? 200 : nil }
        if security.exchange == .beijing { return 300 }
        guard units.kind == .share else { return hasWideIndex(security, on: day) ? 200 : 100 }
        if security.symbol.hasPrefix("68") { return 200 }
        return security.symbol.hasPrefix("30") && day >= growthBoardIsWide ? 200 : 100
    }

    /// A fund on an index of shares that all have the wide limits has them too. In Shanghai such funds have digits of their
    /// own; in Shenzhen they stand among the others.
    private static func hasWideIndex(_ fund: Security, on day: Day) -> Bool {
        if fund.exchange == .shanghai { return fund.symbol.hasPrefix("588") || fund.symbol.hasPrefix("589") }
        return day >= growthBoardIsWide && growthFunds.contains(String(fund.symbol))
    }

    /// Funds on the index of the growth board, on its fifty largest, and on the fifty largest of it and the STAR board.
    private static let growthFunds: Set<String> = [
        "159780", "159781", "159782", "159783", "159908", "159915", "159948", "159949", "159952", "159957", "159958",
        "159964", "159971", "159977",
    ]
    private static let growthBoardIsWide = Day(number: 18498)  // 2020-08-24
    private static let convertiblesAreLimited = Day(number: 19205)  // 2022-08-01
}
