/// Sets what trading costs on paper and in a backtest, as shares of a trade's value: taxes and commissions when a
/// position is opened and closed, and the least commission of an order in yuan. In `process_initialize` only; a broker's
/// own fees are nobody's to set.
public func set_order_cost(
    open_tax: Double = 0, close_tax: Double = 0, open_commission: Double = 0, close_commission: Double = 0,
    min_commission: Double = 0, file: String = #filePath, line: Int = #line
) {
    let cost = OrderCost(
        open_tax: open_tax, close_tax: close_tax, open_commission: open_commission, close_commission: close_commission,
        min_commission: min_commission)
    StrategyHost.runtime?.setOrderCost(cost, from: CallSite(path: file, line: line))
}

/// Sets how much worse than the market's price an order is filled on paper and in a backtest. In `process_initialize`
/// only.
public func set_slippage(_ slippage: SlippageStyle, file: String = #filePath, line: Int = #line) {
    StrategyHost.runtime?.setSlippage(slippage, from: CallSite(path: file, line: line))
}

/// What trading costs: shares of a trade's value, and the least commission of an order in yuan.
public struct OrderCost: Hashable, Sendable {
    /// The tax when a position is opened.
    public var open_tax: Double
    /// The tax when it is closed.
    public var close_tax: Double
    /// The commission when a position is opened.
    public var open_commission: Double
    /// The commission when it is closed.
    public var close_commission: Double
    /// The least commission of an order, in yuan.
    public var min_commission: Double

    /// What trading costs.
    public init(
        open_tax: Double, close_tax: Double, open_commission: Double, close_commission: Double, min_commission: Double
    ) {
        self.open_tax = open_tax
        self.close_tax = close_tax
        self.open_commission = open_commission
        self.close_commission = close_commission
        self.min_commission = min_commission
    }
}

/// How much worse than the market's price an order is filled. As on JoinQuant each is the spread of both sides together:
/// a buyer pays half of it more, a seller gets half of it less.
public enum SlippageStyle: Hashable, Sendable {
    /// So many yuan.
    case fixed(Double)
    /// Such a share of the price.
    case related(Double)
    /// So many of the smallest steps of a price.
    case steps(Int)
}

/// A spread of so many yuan.
public func FixedSlippage(_ yuan: Double) -> SlippageStyle { .fixed(yuan) }
/// A spread of such a share of the price: 0.00246.
public func PriceRelatedSlippage(_ share: Double) -> SlippageStyle { .related(share) }
/// A spread of so many of the smallest steps of a price.
public func StepRelatedSlippage(_ steps: Int) -> SlippageStyle { .steps(steps) }

extension SlippageStyle: CustomStringConvertible {
    /// As it is written in a strategy.
    public var description: String {
        switch self {
        case .fixed(let yuan): "FixedSlippage(\(yuan))"
        case .related(let share): "PriceRelatedSlippage(\(share))"
        case .steps(let steps): "StepRelatedSlippage(\(steps))"
        }
    }
}
