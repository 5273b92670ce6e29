/// Whose rules hold: codes, lots, prices, hours, and when what was bought may be sold.
public enum MarketRules: String, Hashable, Sendable, CaseIterable {
    /// The Shanghai, Shenzhen and Beijing exchanges' and those of the futures exchanges, as they were on each day.
    case aShare = "a_share"
    /// Nobody's: any code in any amount at any time, and an order is good until it is canceled.
    case none
}
