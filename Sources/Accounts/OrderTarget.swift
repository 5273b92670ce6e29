import Gates
import Market

/// What a position or a purchase shall come to; how many shares that is, depends on what there is.
public enum OrderTarget: Hashable, Sendable {
    /// So many shares in all (`order_target`).
    case amount(Int64)
    /// A position worth so many yuan (`order_target_value`): any number at all, as it was asked for.
    case value(Double)
    /// Shares worth so many yuan more, or less if it is below zero (`order_value`).
    case change(Double)

    /// `a target of 300 shares`.
    var words: String {
        switch self {
        case .amount(let amount): "a target of \(amount) shares"
        case .value(let yuan): "a target worth \(yuan)"
        case .change(let yuan): "an order worth \(yuan)"
        }
    }
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

    /// False if nobody tells what is held.
    var knowsPosition = true

    /// What is to be done for a target.
    func plan(_ target: OrderTarget) -> TargetPlan {
        switch target {
        case .amount(let amount) where amount < 0: return refused(.amount, "it is below 0")
        case .amount(let amount): return knowsPosition ? plan(amount) : unknownPosition
        case .value(let yuan) where yuan < 0: return refused(.amount, "it is below 0")
        case .value(let yuan):
            return knowsPosition ? shares(worth: yuan) { plan($0) } : unknownPosition
        case .change(let yuan): return shares(worth: yuan) { yuan < 0 ? sell(-$0) : buy($0) }
        }
    }

    private func shares(worth yuan: Double, _ plan: (Int64) -> TargetPlan) -> TargetPlan {
        guard let value = Money(yuan) else {
            return refused(.amount, "\(yuan) yuan is no amount that anybody can trade")
        }
        guard let price, price > .zero else {
            return refused(.price, "the last price of \(holding.security) is not known: give one with LimitOrderStyle")
        }
        return plan(value.units / price.units)
    }

    private func refused(_ rule: Refusal.Rule, _ sentence: String) -> TargetPlan { .refused(Refusal(rule, sentence)) }

    private var unknownPosition: TargetPlan {
        refused(
            .notSynced,
            "this gate tells nothing of positions, so nobody knows what it takes: give what is missing with order()")
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
        if !knowsPosition {
            let whole = units?.roundedDown(amount) ?? amount
            return whole > 0 ? .order(-whole, note: nil) : tooFew(amount)
        }
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
