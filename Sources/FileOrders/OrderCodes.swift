import Gates
import Market

/// The codes of a format: how the words of trading stand in its columns.
public struct OrderCodes: Sendable {
    /// The suffix of a code at each exchange that it trades: `.SZ`.
    public var suffixes: [Exchange: String]
    /// Buying.
    public var buy: String
    /// Selling.
    public var sell: String
    /// Every status that a report can have.
    public var statuses: [String: OrderStatus]
    /// A limit order.
    public var limit: String
    /// An order at the opposite side's best price, its price column 0.
    public var best: String
    /// Real market orders, its price column 0; the terminal may not take them.
    public var marketBuy: String
    /// As above.
    public var marketSell: String
    /// What `market_order` is if it is not named.
    public var marketStandard: MarketOrders
    /// An order, in columns that tell orders from cancels.
    public var orderInstruction: String
    /// A cancel, in such columns.
    public var cancelInstruction: String
    /// An answer to an order.
    public var orderAnswer: String
    /// An answer to a cancel.
    public var cancelAnswer: String
    /// The verdict of an acceptance.
    public var accepted: String
    /// The verdict of a refusal; any other than these two is not known, and neither.
    public var refused: String
}

/// How a market order is written (option `market_order`).
public enum MarketOrders: String, Sendable, CaseIterable {
    /// At the opposite side's best price.
    case bestOpposite = "best_opposite"
    /// As the format's own market order.
    case limitPrice = "limit_price"
    /// Not at all.
    case refuse
}

extension OrderCodes {
    /// The code of a side.
    public func code(_ side: TradeSide) -> String { side == .buy ? buy : sell }

    /// The side of a code.
    public func side(_ code: String) -> TradeSide? { code == buy ? .buy : code == sell ? .sell : nil }

    /// `000001.SZ` for `000001.XSHE`; nil for an exchange that it does not trade, and for a code that no column can hold.
    public func symbol(of security: Security) -> String? {
        guard let exchange = security.exchange, let suffix = suffixes[exchange] else { return nil }
        let symbol = String(security.symbol)
        return !symbol.isEmpty && symbol.utf8.allSatisfy(\.isLetterOrDigit) ? symbol + suffix : nil
    }

    /// `000001.XSHE` for `000001.SZ`.
    public func security(of symbol: String) -> Security? {
        for (exchange, suffix) in suffixes where symbol.hasSuffix(suffix) {
            let code = symbol.dropLast(suffix.count)
            if !code.isEmpty { return Security("\(code).\(exchange.rawValue)") }
        }
        return nil
    }
}

/// The statuses of a format, as rows are read: a code of one byte, which nearly all are, is found without a text.
struct StatusCodes {
    private let ofBytes: [OrderStatus?]
    private let ofTexts: [String: OrderStatus]

    init(_ codes: [String: OrderStatus]) {
        ofTexts = codes
        ofBytes = (0..<0x80).map { codes[String(UnicodeScalar($0))] }
    }

    /// The status that a row tells; nil if its code is not known.
    func status(_ row: Row) -> OrderStatus? {
        guard let byte = row.byte(.status), byte < 0x80 else { return ofTexts[row.string(.status)] }
        return ofBytes[Int(byte)]
    }
}

extension UInt8 {
    /// True for the digits and letters of ASCII.
    var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
