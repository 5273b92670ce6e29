import Gates
import Market
import Notation

/// What an exchange has to remember: the whole account, or what of it has changed. Facts and no steps: to be told the
/// same twice changes nothing.
struct PaperFacts {
    /// A position, and what the exchange knows of its security.
    struct Holding {
        let security: Security
        let side: PositionSide
        let position: PaperPosition
        let last: Money
        let multiplier: Int64?
    }

    /// True if whatever is not named is not there.
    var isWhole: Bool
    var day: Day
    var cash: Money
    var fees: Money
    /// The number up to which ids have been given out, or may have been.
    var lastNumber: Int64
    /// The day up to whose dividends and splits all are done; nil if nobody has said it: up to `day`.
    var actionsThrough: Day?
    var orders: [PaperOrder] = []
    var holdings: [Holding] = []
}

extension PaperFacts {
    /// As one line of JSON.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        JSON.object([
            .init("whole", .bool(isWhole)), .init("day", .integer(Int64(day.number))),
            .init("cash", .integer(cash.units)), .init("fees", .integer(fees.units)),
            .init("last_number", .integer(lastNumber)),
            .init("actions_through", actionsThrough.map { .integer(Int64($0.number)) } ?? .null),
            .init("orders", .list(orders.map(\.json))),
            .init("holdings", .list(holdings.map(\.json))),
        ]).append(to: &bytes)
        return bytes
    }

    /// What was written; nil if this version cannot have written it.
    init?(bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let isWhole = json["whole"]?.bool, let day = json["day"]?.day,
            let cash = json["cash"]?.money, let fees = json["fees"]?.money, let number = json["last_number"]?.int64,
            let orders = json["orders"]?.list, let holdings = json["holdings"]?.list
        else { return nil }
        self.init(isWhole: isWhole, day: day, cash: cash, fees: fees, lastNumber: number)
        actionsThrough = json["actions_through"]?.day
        self.orders = orders.compactMap(PaperOrder.init(json:))
        self.holdings = holdings.compactMap(Holding.init(json:))
        if self.orders.count < orders.count || self.holdings.count < holdings.count { return nil }
    }
}

extension PaperFacts.Holding {
    fileprivate var json: JSON {
        .object([
            .init("code", .text(security.code)), .init("side", .text(side.rawValue)),
            .init("amount", .integer(position.amount)), .init("basis", .integer(position.basis.units)),
            .init("cost", .integer(position.cost.units)), .init("margin", .integer(position.margin.units)),
            .init("fresh", .integer(position.fresh)), .init("last", .integer(last.units)),
            .init("multiplier", multiplier.map(JSON.integer) ?? .null),
        ])
    }

    fileprivate init?(json: JSON) {
        guard let code = json["code"]?.string, let side = json["side"]?.string.flatMap(PositionSide.init(rawValue:)),
            let amount = json["amount"]?.int64, let basis = json["basis"]?.money, let cost = json["cost"]?.money,
            let margin = json["margin"]?.money, let fresh = json["fresh"]?.int64, let last = json["last"]?.money,
            let multiplier = json["multiplier"]
        else { return nil }
        self.init(
            security: Security(code), side: side,
            position: PaperPosition(amount: amount, basis: basis, cost: cost, margin: margin, fresh: fresh),
            last: last, multiplier: multiplier.int64.map { max($0, 1) })
    }
}

extension PaperOrder {
    fileprivate var json: JSON {
        let pricing: JSON =
            switch ticket.pricing {
            case .limit(let price): .integer(price.units)
            case .market: .text("market")
            case .best: .text("best")
            }
        return .object([
            .init("id", .text(ticket.id)), .init("code", .text(ticket.security.code)),
            .init("side", .text(ticket.side.rawValue)), .init("position", .text(ticket.position.rawValue)),
            .init("amount", .integer(ticket.amount)), .init("pricing", pricing),
            .init("given_on", .integer(Int64(ticket.day.number))),
            .init("given_at", .integer(ticket.createdAt.nanoseconds)), .init("day", .integer(Int64(day.number))),
            .init("limit", limit.map { .integer($0.units) } ?? .null), .init("hold_price", .integer(holdPrice.units)),
            .init("for_auction", .bool(isForAuction)), .init("filled", .integer(filled)),
            .init("value", .integer(value.units)), .init("fees", .integer(fees.units)),
            .init("frozen", .integer(frozen.units)), .init("status", .text(status.rawValue)),
            .init("message", .text(message)), .init("multiplier", .integer(multiplier)),
        ])
    }

    fileprivate convenience init?(json: JSON) {
        guard let ticket = OrderTicket(json: json), let day = json["day"]?.day,
            let holdPrice = json["hold_price"]?.money, let isForAuction = json["for_auction"]?.bool,
            let filled = json["filled"]?.int64, let value = json["value"]?.money, let fees = json["fees"]?.money,
            let frozen = json["frozen"]?.money, let message = json["message"]?.string,
            let status = json["status"]?.string.flatMap(OrderStatus.init(rawValue:)),
            let multiplier = json["multiplier"]?.int64, multiplier > 0
        else { return nil }
        self.init(
            ticket: ticket, security: -1, day: day, limit: json["limit"]?.money, holdPrice: holdPrice,
            isForAuction: isForAuction)
        self.filled = filled
        self.value = value
        self.fees = fees
        self.frozen = frozen
        self.status = status
        self.message = message
        self.multiplier = multiplier
    }
}

extension OrderTicket {
    fileprivate init?(json: JSON) {
        guard let id = json["id"]?.string, let code = json["code"]?.string,
            let side = json["side"]?.string.flatMap(TradeSide.init(rawValue:)),
            let position = json["position"]?.string.flatMap(PositionSide.init(rawValue:)),
            let amount = json["amount"]?.int64, let day = json["given_on"]?.day,
            let time = json["given_at"]?.int64
        else { return nil }
        let pricing: Pricing =
            if let limit = json["pricing"]?.money {
                .limit(limit)
            } else {
                json["pricing"]?.string == "best" ? .best : .market
            }
        self.init(
            id: id, security: Security(code), side: side, position: position, amount: amount, pricing: pricing,
            day: day, createdAt: Instant(nanoseconds: time))
    }
}

extension JSON {
    fileprivate var int64: Int64? { int.map(Int64.init) }
    fileprivate var money: Money? { int64.map(Money.init(units:)) }
    fileprivate var day: Day? { int.flatMap { Int32(exactly: $0) }.map(Day.init(number:)) }
}
