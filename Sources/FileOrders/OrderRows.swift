import Gates
import Market

/// How orders and cancels stand in the rows of a format.
struct OrderRows {
    let format: OrderFileFormat
    let options: FileOrderOptions
    let zone: MarketZone

    /// An order that can be written: all that is not the same in every row.
    struct Order {
        let id: OrderID
        let symbol: String
        let side: String
        let amount: Int64
        let priceType: String
        let price: String
    }

    /// The order of a ticket, or why this gate cannot write it.
    func order(_ ticket: OrderTicket) throws(Refusal) -> Order {
        guard ticket.position == .long else {
            throw Refusal("\(format.title) trades long positions only, and this order is of a short one")
        }
        guard let symbol = format.codes.symbol(of: ticket.security) else {
            let exchanges = format.codes.suffixes.keys.map { ".\($0.rawValue)" }.sorted().joined(separator: " and ")
            throw Refusal("\(format.title) trades codes that end in \(exchanges), not \(ticket.security)")
        }
        guard ticket.amount > 0 else { throw Refusal("an amount of \(ticket.amount) shares cannot be ordered") }
        let (type, price) = try self.price(ticket)
        return Order(
            id: ticket.id, symbol: symbol, side: format.codes.code(ticket.side), amount: ticket.amount,
            priceType: type, price: price)
    }

    private func price(_ ticket: OrderTicket) throws(Refusal) -> (type: String, price: String) {
        let codes = format.codes
        switch (ticket.pricing, options.marketOrders) {
        case (.limit(let price), _):
            // 0 would be an order at the other side's best price.
            guard price > .zero else { throw Refusal("a limit price must be more than 0, not \(price)") }
            return (codes.limit, price.written(decimals: decimals(of: ticket.security)))
        case (.best, _), (.market, .bestOpposite): return (codes.best, "0")
        case (.market, .limitPrice): return (ticket.side == .buy ? codes.marketBuy : codes.marketSell, "0")
        case (.market, .refuse):
            throw Refusal("market orders are refused here (market_order is \"refuse\"): give a LimitOrderStyle(price)")
        }
    }

    /// Funds and bonds are quoted in thousandths, shares in hundredths.
    private func decimals(of security: Security) -> Int {
        switch (security.exchange, security.symbol.first) {
        case (.shenzhen, "1"), (.shanghai, "1"), (.shanghai, "5"), (.shanghai, "9"): 3
        default: 2
        }
    }

    /// The rows of orders, with these columns, whole lines.
    func rows(_ orders: [Order], columns: [Field?], at now: Instant) -> [UInt8] {
        let time = written(now)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(orders.count * 96)
        for order in orders {
            append(columns, to: &bytes) { field in
                switch field {
                case .time: time
                case .id: order.id
                case .instruction: format.codes.orderInstruction
                case .counterType: options.counterType
                case .account: options.account
                case .symbol: order.symbol
                case .side: order.side
                case .amount: String(order.amount)
                case .algorithm: options.algorithm
                case .priceType: order.priceType
                case .price, .secondPrice: order.price
                case .zero: "0"
                default: ""
                }
            }
        }
        return bytes
    }

    /// The rows of cancels, with these columns, whole lines.
    func rows(cancelling ids: [(id: OrderID, counterNumber: String)], columns: [Field?], at now: Instant) -> [UInt8] {
        let time = written(now)
        var bytes: [UInt8] = []
        for (id, counterNumber) in ids {
            append(columns, to: &bytes) { field in
                switch field {
                case .time: time
                case .id: id
                case .instruction: format.codes.cancelInstruction
                case .counterType: options.counterType
                case .account: options.account
                case .counterNumber: counterNumber
                default: ""
                }
            }
        }
        return bytes
    }

    private func append(_ columns: [Field?], to bytes: inout [UInt8], _ value: (Field) -> String) {
        for (index, field) in columns.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            if let field { bytes += value(field).utf8 }
        }
        bytes += format.lineEnd.utf8
    }

    /// `HHMMSS.ffffff`.
    private func written(_ now: Instant) -> String {
        let local = zone.local(now)
        let clock = "\(local.time)".filter { $0 != ":" }
        let micros = String(local.nanosecond / 1000)
        return clock + "." + String(repeating: "0", count: max(6 - micros.utf8.count, 0)) + micros
    }
}

/// Why something was not done, before anything of it was: a sentence without its end.
struct Refusal: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

extension Money {
    /// The amount with at least so many decimals, and never fewer than it needs: `10.10`.
    func written(decimals: Int) -> String {
        let text = description
        guard let point = text.lastIndex(of: ".") else {
            return decimals > 0 ? text + "." + String(repeating: "0", count: decimals) : text
        }
        let there = text.distance(from: point, to: text.endIndex) - 1
        return text + String(repeating: "0", count: max(decimals - there, 0))
    }
}
