import Gates
import Market

/// Cash and shares behind the terminal. What is bought today may be sold from the next trading day on; there are no fees.
public struct TerminalAccount: Sendable, Hashable {
    /// Shares of one security.
    public struct Holding: Sendable, Hashable {
        /// Shares in all.
        public var amount: Int64
        /// Shares that may be sold now: not bought today, and in no open order.
        public var available: Int64
        /// What all of them cost.
        public var cost: Money
        /// The last price.
        public var lastPrice: Money

        /// Shares that may all be sold, unless told otherwise.
        public init(amount: Int64, available: Int64? = nil, costPrice: Money, lastPrice: Money? = nil) {
            self.amount = amount
            self.available = available ?? amount
            cost = costPrice.times(amount) ?? .zero
            self.lastPrice = lastPrice ?? costPrice
        }

        /// What a share cost.
        public var costPrice: Money { amount == 0 ? .zero : Money(units: cost.units / amount) }
        /// What the shares are worth.
        public var value: Money { lastPrice.times(amount) ?? .zero }
    }

    /// All cash, that held by open orders included.
    public private(set) var cash: Money
    /// Cash held by open orders.
    public private(set) var lockedCash = Money.zero
    /// The positions.
    public private(set) var holdings: [Security: Holding]

    /// An account with nothing on its way.
    public init(cash: Money, holdings: [Security: Holding] = [:]) {
        self.cash = cash
        self.holdings = holdings
    }

    /// A price that the code alone decides, from 5 to 49.99.
    public static func standardPrice(of security: Security) -> Money {
        let number = security.symbol.utf8.reduce(0 as Int64) { ($0 * 31 + Int64($1)) % 4_500 }
        return Money(units: 50_000 + number * 100)
    }

    /// Cash that may be spent.
    public var availableCash: Money { cash - lockedCash }
    /// Cash and positions together.
    public var totalValue: Money { holdings.values.reduce(cash) { $0 + $1.value } }

    /// Holds what an order needs, or says why it cannot be had.
    mutating func reserve(_ order: TerminalOrder) -> String? {
        switch order.side {
        case .buy:
            guard let cost = order.price.times(order.amount), cost <= availableCash else { return "可用资金不足" }
            lockedCash = lockedCash + cost
        case .sell:
            guard let available = holdings[order.security]?.available, available >= order.amount else {
                return "可用股份不足"
            }
            holdings[order.security]?.available -= order.amount
        }
        return nil
    }

    /// Gives back what the part of an order holds that will never be filled.
    mutating func release(_ count: Int64, of order: TerminalOrder) {
        switch order.side {
        case .buy: lockedCash = lockedCash - (order.price.times(count) ?? .zero)
        case .sell: holdings[order.security]?.available += count
        }
    }

    /// Exchanges cash and shares for a part of an order that holds what it needs.
    mutating func fill(_ count: Int64, of order: TerminalOrder) {
        let value = order.price.times(count) ?? .zero
        var holding = holdings[order.security] ?? Holding(amount: 0, costPrice: .zero, lastPrice: order.price)
        holding.lastPrice = order.price
        switch order.side {
        case .buy:
            release(count, of: order)
            cash = cash - value
            holding.amount += count
            holding.cost = holding.cost + value
        case .sell:
            cash = cash + value
            holding.cost = holding.cost - (holding.costPrice.times(count) ?? .zero)
            holding.amount -= count
        }
        holdings[order.security] = holding
    }

    /// A new trading day: no order is open any more, all shares may be sold, and what is gone is gone.
    mutating func beginDay() {
        lockedCash = .zero
        holdings = holdings.filter { $0.value.amount > 0 }.mapValues { holding in
            var holding = holding
            holding.available = holding.amount
            return holding
        }
    }
}
