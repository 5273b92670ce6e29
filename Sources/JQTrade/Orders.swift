import Gates
import Market

/// How an order is priced.
public enum OrderStyle: Hashable, Sendable {
    /// At this price or better.
    case limit(Double)
    /// At the market.
    case market
    /// At the best price of the opposite side.
    case bestPrice
}

/// An order at this price or better.
public func LimitOrderStyle(_ price: Double) -> OrderStyle { .limit(price) }
/// An order at the market.
public func MarketOrderStyle() -> OrderStyle { .market }
/// An order at the best price of the opposite side.
public func BestPriceStyle() -> OrderStyle { .bestPrice }

extension OrderStyle: CustomStringConvertible {
    /// As it is written in a strategy.
    public var description: String {
        switch self {
        case .limit(let price): "LimitOrderStyle(\(price))"
        case .market: "MarketOrderStyle()"
        case .bestPrice: "BestPriceStyle()"
        }
    }
}

/// What an order does to its position.
public enum OrderAction: String, Sendable, CustomStringConvertible {
    /// It makes the position larger.
    case open
    /// It makes the position smaller.
    case close

    /// The word.
    public var description: String { rawValue }
}

extension OrderStatus: ExpressibleByStringLiteral {
    /// A status by its word; a word that is none is reported and taken for `unknown`.
    public init(stringLiteral word: String) { self = OrderStatus.named(word) ?? .unknown }

    /// True if the status has this word.
    public static func == (status: OrderStatus, word: String) -> Bool { named(word) == .some(status) }
    /// True if the status has another word.
    public static func != (status: OrderStatus, word: String) -> Bool { !(status == word) }
    /// Lets a `switch` name statuses by their words.
    public static func ~= (word: String, status: OrderStatus) -> Bool { status == word }

    private static func named(_ word: String) -> OrderStatus? {
        if let status = OrderStatus(rawValue: word) { return status }
        let words = allCases.map(\.rawValue).joined(separator: ", ")
        StrategyHost.runtime?.report("\"\(word)\" is no status of an order; these are: \(words)", from: nil)
        return nil
    }
}

/// An order as it was when it was asked for.
public struct Order: Hashable, Sendable {
    /// Our own id.
    public var order_id: String
    /// The security.
    public var code: String
    /// Where it stands.
    public var status: OrderStatus
    /// Long or short.
    public var side: PositionSide
    /// Opens or closes.
    public var action: OrderAction
    /// How it is priced.
    public var style: OrderStyle
    /// The price it was sent with.
    public var order_price: Double
    /// Shares ordered.
    public var amount: Int
    /// Shares filled.
    public var filled_amount: Int
    /// Shares canceled.
    public var canceled_amount: Int
    /// The mean price of what is filled.
    public var avg_price: Double
    /// What the filled shares cost or brought.
    public var deal_balance: Double
    /// Fees.
    public var commission: Double
    /// Why it was refused or canceled.
    public var err_msg: String
    /// When the strategy gave it.
    public var create_time: MarketTime?
    /// When the broker took it.
    public var entrust_time: MarketTime?

    /// True when nothing more can happen to it.
    public var isFinished: Bool { status.isFinished }

    /// An order as it stands.
    public init(
        order_id: String, code: String, status: OrderStatus, side: PositionSide, action: OrderAction,
        style: OrderStyle, order_price: Double, amount: Int, filled_amount: Int, canceled_amount: Int,
        avg_price: Double, deal_balance: Double, commission: Double, err_msg: String, create_time: MarketTime?,
        entrust_time: MarketTime?
    ) {
        self.order_id = order_id
        self.code = code
        self.status = status
        self.side = side
        self.action = action
        self.style = style
        self.order_price = order_price
        self.amount = amount
        self.filled_amount = filled_amount
        self.canceled_amount = canceled_amount
        self.avg_price = avg_price
        self.deal_balance = deal_balance
        self.commission = commission
        self.err_msg = err_msg
        self.create_time = create_time
        self.entrust_time = entrust_time
    }
}

extension Order: CustomStringConvertible {
    /// One line with what matters.
    public var description: String {
        let reason = err_msg.isEmpty ? "" : " (\(err_msg))"
        return "Order \(order_id) \(code) \(action) \(side) \(filled_amount)/\(amount) \(style) \(status)\(reason)"
    }
}

/// One fill of an order.
public struct Trade: Hashable, Sendable {
    /// The exchange's id of the fill.
    public var trade_id: String
    /// The order that it belongs to.
    public var order_id: String
    /// The security.
    public var code: String
    /// Long or short.
    public var side: PositionSide
    /// Opens or closes.
    public var action: OrderAction
    /// The price.
    public var price: Double
    /// The shares.
    public var amount: Int
    /// Its fees; 0 where the broker tells none.
    public var commission: Double
    /// When.
    public var time: MarketTime

    /// A fill.
    public init(
        trade_id: String, order_id: String, code: String, side: PositionSide, action: OrderAction, price: Double,
        amount: Int, commission: Double, time: MarketTime
    ) {
        self.trade_id = trade_id
        self.order_id = order_id
        self.code = code
        self.side = side
        self.action = action
        self.price = price
        self.amount = amount
        self.commission = commission
        self.time = time
    }
}

extension Trade: CustomStringConvertible {
    /// One line with what matters.
    public var description: String {
        "Trade \(trade_id) of \(order_id): \(code) \(action) \(side) \(amount) at \(price)"
    }
}

/// One order of a batch.
public struct OrderRequest: Hashable, Sendable {
    /// The security.
    public var code: String
    /// More than 0 buys, less sells.
    public var amount: Int
    /// How it is priced.
    public var style: OrderStyle
    /// Long or short.
    public var side: PositionSide

    /// An order to be given with others.
    public init(_ code: String, _ amount: Int, _ style: OrderStyle = .market, side: PositionSide = .long) {
        self.code = code
        self.amount = amount
        self.style = style
        self.side = side
    }
}

/// Orders in order of time; iterates them, and finds one by its id.
public struct Orders: Sequence, Sendable, CustomStringConvertible {
    private let orders: [Order]

    init(_ orders: [Order] = []) { self.orders = orders }

    /// How many there are.
    public var count: Int { orders.count }
    /// True if there is none.
    public var isEmpty: Bool { orders.isEmpty }
    /// The earliest; nil if there is none.
    public var first: Order? { orders.first }
    /// The order with this id.
    public subscript(_ order_id: String) -> Order? { orders.first { $0.order_id == order_id } }
    /// Each order.
    public func makeIterator() -> IndexingIterator<[Order]> { orders.makeIterator() }
    /// The orders as a list.
    public var description: String { orders.description }
}
