import Gates
import Market

/// An order as a strategy asks for it, before anything is checked.
public struct OrderRequest: Hashable, Sendable {
    /// The price as it was asked for: any number at all.
    public enum Price: Hashable, Sendable {
        /// At this price in yuan or better; 0 means the opposite side's best.
        case limit(Double)
        /// At the market.
        case market
        /// At the best price of the opposite side.
        case best
    }

    /// The security.
    public var security: Security
    /// More than 0 buys or opens, less sells or closes.
    public var amount: Int64
    /// The price.
    public var price: Price
    /// The side of the position.
    public var side: PositionSide

    /// An order to be checked and given.
    public init(_ security: Security, _ amount: Int64, _ price: Price = .market, side: PositionSide = .long) {
        self.security = security
        self.amount = amount
        self.price = price
        self.side = side
    }

    /// True if the position grows.
    var opens: Bool { amount > 0 }
    /// A short position is opened by selling.
    var tradeSide: TradeSide { opens == (side == .long) ? .buy : .sell }
    /// True for a contract of a futures exchange.
    var isForFuture: Bool { security.exchange?.tradesFutures ?? false }
    /// How much, without the direction.
    var size: Int64 { amount == .min ? .max : abs(amount) }
    /// The price as far as money can hold it: a limit of 0 for what is no price at all.
    var pricing: Pricing {
        switch price {
        case .limit(let yuan): yuan == 0 ? .best : .limit(Money(yuan) ?? .zero)
        case .market: .market
        case .best: .best
        }
    }
}

/// Why an order or a cancel was not sent, as a sentence for the log and for `get_orders`.
public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule that refused it.
    public enum Rule: String, Sendable {
        case code, amount, lot, price, tick, side, session, calendar, notSynced, silence
        case available, cash, orderValue, perMinute, perDay, valuePerDay
        case journal, gate, unknownOrder, finished
    }

    /// The rule that refused it.
    public let rule: Rule
    /// What was wrong and what would be right.
    public let sentence: String

    /// A refusal by a rule.
    public init(_ rule: Rule, _ sentence: String) {
        self.rule = rule
        self.sentence = sentence
    }

    /// The sentence.
    public var description: String { sentence }
}
