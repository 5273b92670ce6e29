import Market

/// How much worse than the market an order at the market is filled: a two-sided spread, half of it for each side,
/// rounded to a price of the security.
public enum Slippage: Hashable, Sendable {
    /// So much money.
    case fixed(Money)
    /// So many millionths of the price.
    case relative(millionths: Int64)
    /// So many prices.
    case steps(Int)

    /// What half of it is at this price, rounded up.
    func half(at price: Money, tick: Money) -> Int64 {
        switch self {
        case .fixed(let spread): return max(spread.units &+ 1, 0) / 2
        case .relative(let millionths):
            let wide = max(price.units, 0).multipliedFullWidth(by: min(max(millionths, 0), 1_000_000))
            let (half, rest) = Int64(2_000_000).dividingFullWidth(wide)
            return rest > 0 ? half + 1 : half
        case .steps(let count):
            return tick.times((Int64(min(max(count, 0), 1_000_000)) + 1) / 2)?.units ?? 0
        }
    }
}

/// What `set_order_cost` says: it takes the place of every fee that the exchange would take.
public struct OrderCosts: Hashable, Sendable {
    /// The fees that hold instead.
    public let fees: TradeFees

    /// Trading costs nothing.
    public static let nothing = OrderCosts(
        fees: TradeFees(openCommission: 0, closeCommission: 0, leastCommission: .zero))

    private init(fees: TradeFees) { self.fees = fees }

    /// Rates as fractions of the value, `0.0003`; the least commission in yuan. Throws the sentence to be shown.
    public init(
        openTax: Double = 0, closeTax: Double = 0.0005, openCommission: Double = 0.0003,
        closeCommission: Double = 0.0003, minCommission: Double = 5
    ) throws(PaperError) {
        func millionths(_ name: String, _ rate: Double) throws(PaperError) -> Int64 {
            guard rate >= 0, rate < 1 else {
                throw PaperError("\(name) is \(rate): a rate is a fraction of the value, like 0.0003")
            }
            return Int64(rate * 1_000_000 + 0.5)
        }
        guard minCommission >= 0, let least = Money(minCommission) else {
            throw PaperError("min_commission is \(minCommission): it is an amount in yuan, like 5")
        }
        fees = TradeFees(
            openCommission: try millionths("open_commission", openCommission),
            closeCommission: try millionths("close_commission", closeCommission), leastCommission: least,
            buyingDuty: try millionths("open_tax", openTax), sellingDuty: try millionths("close_tax", closeTax))
    }
}

/// Something that somebody wrote and a paper exchange cannot use: a sentence that names it.
public struct PaperError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, for those who say it in words of their own.
    public enum Matter: Hashable, Sendable {
        /// There is not enough cash.
        case cash
        /// There is not enough that may be sold.
        case holding
        /// Nobody can order this amount.
        case amount
        /// Nobody can order at this price.
        case price
        /// It is not traded now.
        case pause
        /// Whatever else.
        case other
    }

    /// The sentence.
    public let description: String
    /// What it is about.
    public let matter: Matter

    /// A sentence.
    public init(_ sentence: String, about matter: Matter = .other) {
        description = sentence
        self.matter = matter
    }
}

/// What a paper exchange is made of.
public struct PaperSetting: Sendable {
    /// What the account begins with.
    public var initialCash = Money(units: 1_000_000 * 10_000)
    /// Whose rules hold.
    public var rules = MarketRules.aShare
    /// When orders are filled on bars.
    public var fill = FillTiming.nextOpen
    /// How much worse than the market orders at the market are filled.
    public var slippage = Slippage.fixed(.zero)
    /// What `set_order_cost` says; nil: the fees of the rules.
    public var costs: OrderCosts?
    /// How many hundredths of a bar's volume orders may take; 0: any amount.
    public var volumeShare: Int64 = 25
    /// Securities that may be sold on the day they were bought, beside those of the rule book.
    public var sameDayCodes: Set<Security> = []
    /// 0 lets everything be sold on the day it was bought, 1 nothing but futures; nil: by kind and code.
    public var tPlus: Int?
    /// The dated rules with what the user changed.
    public var ruleBook = RuleBook()
    /// Dividends and splits.
    public var actions: [CorporateAction] = []
    /// When the market trades.
    public var hours = MarketHours()

    /// One million yuan under the rules of the exchanges.
    public init() {}
}
