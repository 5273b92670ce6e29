import Market

/// A dividend or a split of a security.
public struct CorporateAction: Hashable, Sendable {
    /// Whose.
    public let security: Security
    /// The first day on which who buys has no part in it.
    public let exDate: Day
    /// What a share is paid, in millionths of a yuan.
    public let cash: Int64
    /// How many millionths of a share there are afterwards for one before: 2,000,000 for a split in two.
    public let ratio: Int64

    /// A dividend or a split.
    public init(security: Security, exDate: Day, cash: Int64 = 0, ratio: Int64 = 1_000_000) {
        self.security = security
        self.exDate = exDate
        self.cash = cash
        self.ratio = ratio
    }

    /// What a price from before it counts as afterwards.
    public func adjusted(_ price: Money) -> Money {
        let rest = price.units &- cash / 100
        let (product, overflow) = rest.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? price : Money(units: max(product / max(ratio, 1), 1))
    }
}
