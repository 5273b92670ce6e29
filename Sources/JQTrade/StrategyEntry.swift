/// A strategy's life-cycle functions, as its compiled library hands them over.
public final class StrategyEntry {
    /// `process_initialize`.
    public let initialize: (Context) throws -> Void
    /// `process_exit`, if the strategy has one.
    public let exit: ((Context) throws -> Void)?
    /// `on_order`, if the strategy has one.
    public let onOrder: ((Context, Order) throws -> Void)?
    /// `on_trade`, if the strategy has one.
    public let onTrade: ((Context, Trade) throws -> Void)?
    /// Where the source calls `set_options`.
    public let optionSites: [OptionSite]

    /// The functions of a strategy; those that it does not have are nil.
    public init(
        initialize: @escaping (Context) throws -> Void, exit: ((Context) throws -> Void)? = nil,
        onOrder: ((Context, Order) throws -> Void)? = nil, onTrade: ((Context, Trade) throws -> Void)? = nil,
        optionSites: [OptionSite] = []
    ) {
        self.initialize = initialize
        self.exit = exit
        self.onOrder = onOrder
        self.onTrade = onTrade
        self.optionSites = optionSites
    }
}
