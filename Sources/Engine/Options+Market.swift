import Accounts
import Market
import Notation
import PaperTrading

/// The options of paper and backtest.
extension Options {
    /// The market's data on paper, where nobody names another.
    static let standardFeed = "random:seed=7"
    private static let paperOptions = ["initial_cash", "market_rules", "t_plus", "fill"]

    /// The feed that was named; nil for none.
    var namedFeed: String? { value("market_data").string }
    /// What the account on paper begins with.
    var initialCash: Money { value("initial_cash").double.flatMap(Money.init) ?? .zero }
    /// Whose rules hold on paper.
    var marketRules: MarketRules { value("market_rules").string.flatMap(MarketRules.init) ?? .aShare }
    /// After how many days what was bought may be sold; nil for the rules' own.
    var daysToSale: Int? { value("t_plus").int }
    /// When orders are filled on bars.
    var fill: FillTiming { value("fill").string.flatMap(FillTiming.init(rawValue:)) ?? .nextOpen }

    /// The options for paper that were set, for a task that trades with a broker and so takes no notice of them.
    var setPaperOptions: [String] { Self.paperOptions.filter(isSet) }

    /// What an account on paper is allowed to do: what guards real money guards it only if it is asked to.
    func paperAccountOptions(takesOrdersAtClose: Bool) -> AccountOptions {
        let guarded = accountOptions(hasAccountSide: true)
        var account = guarded
        account.reckonAsOnPaper()
        account.rules = marketRules
        account.sides = [.long, .short]
        account.takesOffSessionOrders = guarded.takesOffSessionOrders || takesOrdersAtClose
        account.longestSilence = .zero
        // The exchange ends its orders itself, and says so.
        account.dayEndsAfterClose = .seconds(36_500 * 86_400)
        if !isSet("max_order_value") { account.largestOrderValue = nil }
        if !isSet("max_orders_per_minute") { account.mostPerMinute = .max }
        if !isSet("max_orders_per_day") { account.mostPerDay = .max }
        if !isSet("max_traded_value_per_day") { account.largestValuePerDay = nil }
        return account
    }
}

extension AccountOptions {
    /// Has cash and positions reckoned as those of an account over the paper exchange, whose word is certain.
    public mutating func reckonAsOnPaper() {
        isLive = false
        // What may be sold is as the exchange says at each moment: nothing more is held back here.
        tPlus = 0
        // The exchange knows its fees, and refuses what cannot be paid.
        fees = .none
        // Both have one clock: which fills a snapshot knows of is never in doubt.
        clockTolerance = .zero
    }
}
