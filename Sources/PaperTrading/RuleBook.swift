import Market

/// The dated rules of the exchanges with what the user's `rules.json` changes.
public struct RuleBook: Hashable, Sendable {
    /// Price limits of one code between two days, in thousandths; nil: there are none on these days.
    struct LimitRule: Hashable, Sendable {
        let security: Security
        let days: ClosedRange<Day>
        let thousandths: Int64?
    }

    /// Securities that may be sold on the day they were bought.
    public internal(set) var sameDayCodes: Set<Security> = []
    /// Products that are new, or other than built in, by name.
    public internal(set) var futures: [String: FuturesProduct] = [:]
    var limits: [LimitRule] = []
    var fees = FeeChanges()

    /// Fees that the user's broker takes; nil: as built in.
    struct FeeChanges: Hashable, Sendable {
        var commission: Int64?
        var leastCommission: Money?
        var sellingDuty: Int64?
        var transfer: Int64?
    }

    /// The built-in rules alone.
    public init() {}

    /// The limits' distance of a security on a day, in thousandths; nil where there are none or nobody knows.
    func thousandths(of security: Security, on day: Day) -> Int64? {
        if let rule = limits.last(where: { $0.security == security && $0.days.contains(day) }) {
            return rule.thousandths
        }
        return PriceLimits.thousandths(of: security, on: day)
    }

    /// The fees of a kind of security on a day.
    func fees(of kind: TradingUnits.Kind, on day: Day) -> TradeFees {
        var all = TradeFees(of: kind, on: day)
        if let commission = fees.commission { (all.openCommission, all.closeCommission) = (commission, commission) }
        if let least = fees.leastCommission { all.leastCommission = least }
        if kind == .share {
            if let duty = fees.sellingDuty { all.sellingDuty = duty }
            if let transfer = fees.transfer { all.transfer = transfer }
        }
        return all
    }

    /// The product of a future by its code; nil if none is known.
    func product(of security: Security) -> FuturesProduct? {
        FuturesProduct.product(of: security, changes: futures)
    }
}
