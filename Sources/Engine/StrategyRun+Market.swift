import Gates
import JQTrade
import Market

extension StrategyRun {
    /// Takes a subscription.
    public func subscribe(_ wish: SubscriptionWish, from site: CallSite) {}
    /// The bars that a strategy asks for.
    public func bars(_ wish: BarsWish, from site: CallSite) -> [Bar] { [] }
    /// What is known of a security now.
    public func currentData(_ code: String, from site: CallSite) -> CurrentData { CurrentData() }
    /// Sets what trading costs.
    public func setOrderCost(_ cost: OrderCost, from site: CallSite) {}
    /// Sets how much worse than the market's price an order is filled.
    public func setSlippage(_ slippage: SlippageStyle, from site: CallSite) {}
    /// Warns of a position that does not exist.
    public func missedPosition(_ code: String, _ side: PositionSide) {}
}
