import Gates
import Market

/// What a position or a purchase shall come to; how many shares that is, depends on what there is.
public enum OrderTarget: Hashable, Sendable {
    /// So many shares in all (`order_target`).
    case amount(Int64)
    /// A position worth so much (`order_target_value`).
    case value(Money)
    /// Shares worth so much more, or less if it is below zero (`order_value`).
    case change(Money)
}

/// What is to be done for a target.
public enum TargetPlan: Hashable, Sendable {
    /// This order is to be given: more than 0 buys. The note says what will be missing, if anything.
    case order(Int64, note: String?)
    /// These open orders stand in the way and are to be canceled first.
    case waitFor([OrderID])
    /// Nothing, for this reason.
    case nothing(String)
    /// It cannot be told.
    case refused(Refusal)
}

/// The arithmetic of targets: the position, with own fills that the snapshot does not know, and with the rest of open
/// orders as if it were filled.
struct TargetOrders {
    /// The position.
    let holding: Holding
    /// The open orders of the security on this side.
    let open: [OrderState]
    /// What a share is worth, where it is known.
    let price: Money?
    /// The units of the security; nil where any amount will do.
    let units: TradingUnits?

    /// What is to be done for a target.
    func plan(_ target: OrderTarget) -> TargetPlan {
        if case .amount(let amount) = target {
            return amount < 0 ? .refused(Refusal(.amount, "a target of \(amount) shares is below 0")) : plan(amount)
        }
        guard let price, price > .zero else {
            return .refused(
                Refusal(.price, "the last price of \(holding.security) is not known: give one with LimitOrderStyle"))
        }
        switch target {
        case .value(let value) where value < .zero:
            return .refused(Refusal(.amount, "a target worth \(value) is below 0"))
        case .value(let value): return plan(value.units / price.units)
        case .change(let value):
            return value < .zero ? sell(-(value.units / price.units)) : buy(value.units / price.units)
        case .amount(let amount): return plan(amount)
        }
    }

    private func plan(_ target: Int64) -> TargetPlan {
        if target > expected.upperBound {
            let inTheWay = open.filter { !$0.opens }
            return inTheWay.isEmpty ? buy(target - expected.upperBound) : .waitFor(inTheWay.map(\.id))
        }
        if target < expected.lowerBound {
            let inTheWay = open.filter(\.opens)
            return inTheWay.isEmpty ? sell(expected.lowerBound - target) : .waitFor(inTheWay.map(\.id))
        }
        if expected.lowerBound == expected.upperBound { return .nothing("\(target) are there or on their way") }
        return .nothing("it is not certain yet whether there are \(expected.lowerBound) or \(expected.upperBound)")
    }

    /// How many there may be when the open orders are filled; an order that is in doubt may or may not be.
    private var expected: ClosedRange<Int64> {
        var least = holding.certain.lowerBound
        var most = holding.certain.upperBound
        for order in open {
            let isCertain = order.status != .unknown
            if order.opens || isCertain { most += order.opens ? order.rest : -order.rest }
            if !order.opens || isCertain { least += order.opens ? order.rest : -order.rest }
        }
        return max(least, 0)...max(most, least, 0)
    }

    private func buy(_ amount: Int64) -> TargetPlan {
        let whole = units?.roundedDown(amount) ?? amount
        if whole > 0 { return .order(whole, note: nil) }
        return .nothing("\(amount) are less than the smallest order, \(units?.least ?? 1)")
    }

    /// A sale that empties what is available is not rounded.
    private func sell(_ amount: Int64) -> TargetPlan {
        let available = holding.available
        if available == 0 {
            return amount == 0 ? tooFew(amount) : .nothing("none of \(holding.amount) can be sold now")
        }
        if amount >= available {
            let missing = amount - available
            return .order(-available, note: missing > 0 ? "\(missing) more cannot be sold now" : nil)
        }
        let whole = units?.roundedDown(amount) ?? amount
        return whole > 0 ? .order(-whole, note: nil) : tooFew(amount)
    }

    private func tooFew(_ amount: Int64) -> TargetPlan {
        .nothing("\(amount) are less than the smallest order, \(units?.least ?? 1)")
    }
}
