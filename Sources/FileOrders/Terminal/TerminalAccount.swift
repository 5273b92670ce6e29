import Gates
import Market
import PaperTrading

/// Cash and shares behind the terminal, as they are at one moment.
public struct TerminalAccount: Sendable, Hashable {
    /// Shares of one security.
    public struct Holding: Sendable, Hashable {
        /// Shares in all.
        public let amount: Int64
        /// Shares that may be sold now: not bought today, and in no open order.
        public let available: Int64
        /// What all of them cost.
        public let cost: Money
        /// The last price.
        public let lastPrice: Money

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
    public let cash: Money
    /// Cash held by open orders.
    public let lockedCash: Money
    /// The positions.
    public let holdings: [Security: Holding]

    /// An account with nothing on its way.
    public init(cash: Money, holdings: [Security: Holding] = [:]) {
        self.cash = cash
        lockedCash = .zero
        self.holdings = holdings
    }

    /// The account that an exchange keeps.
    init(at exchange: PaperExchange) {
        cash = exchange.cash
        lockedCash = exchange.lockedCash
        holdings = Dictionary(
            exchange.holdings.map { holding in
                (
                    holding.security,
                    Holding(
                        amount: holding.amount, available: holding.available, costPrice: holding.cost,
                        lastPrice: holding.lastPrice)
                )
            }, uniquingKeysWith: { first, _ in first })
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
}
