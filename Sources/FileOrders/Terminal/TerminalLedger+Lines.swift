import Gates
import Market
import Notation

// Whose ledger it is stands in its first line: {"account":…,"folder":…,"format":…}.
extension TerminalLedger.Owner {
    var line: [UInt8] {
        Array(
            (JSON.object([
                .init("account", .text(account)), .init("folder", .text(folder)), .init("format", .text(format)),
            ]).compact + "\n").utf8)
    }

    init?(line: some Collection<UInt8>) {
        guard let json = try? JSON(parsing: line), let account = json["account"]?.string,
            let folder = json["folder"]?.string, let format = json["format"]?.string
        else { return nil }
        self.init(account: account, folder: folder, format: format)
    }
}

// An entry is a line of the ledger's file: {"at":…,"event":"accepted","number":1,"id":…}.
extension TerminalLedger.Entry {
    /// The entry as a line of the file.
    var line: [UInt8] {
        var members = [JSON.Member("at", .text(at.utc))] + event.members
        if let row {
            members += [
                .init("file", .text(row.file)), .init("offset", .integer(Int64(row.offset))),
                .init("row", .text(row.text)), .init("torn", .bool(row.isTorn)),
            ]
        }
        return Array((JSON.object(members).compact + "\n").utf8)
    }

    /// Reads a line of the file.
    init?(line: some Collection<UInt8>) {
        guard let json = try? JSON(parsing: line), let at = json["at"]?.string.flatMap({ Instant(utc: $0) }),
            let event = TerminalLedger.Event(json, at: at)
        else { return nil }
        self.at = at
        self.event = event
        if let file = json["file"]?.string, let offset = json["offset"]?.int, let text = json["row"]?.string {
            row = TerminalLedger.Row(file: file, offset: offset, text: text, isTorn: json["torn"]?.bool ?? false)
        } else {
            row = nil
        }
    }
}

extension TerminalLedger.Event {
    /// The order that it happened to, of those that were taken; nil for a refusal.
    var number: Int? {
        switch self {
        case .accepted(let order): order.number
        case .rejected(let number, _), .filled(let number, _, _), .cancelTaken(let number), .canceled(let number):
            number
        case .refused, .cancelRefused: nil
        }
    }

    fileprivate var members: [JSON.Member] {
        switch self {
        case .accepted(let order):
            [
                .init("event", .text("accepted")), .init("number", .integer(Int64(order.number))),
                .init("id", .text(order.id)), .init("code", .text(order.security.code)),
                .init("side", .text(order.side.rawValue)), .init("amount", .integer(order.amount)),
                .init("price", .number(order.price.yuan)), .init("price_type", .text(order.priceType)),
                .init("counter_type", .text(order.counterType)), .init("day", .text(order.day.description)),
            ] + (order.isMarket ? [.init("market", .bool(true))] : [])
        case .refused(let id, let reason):
            [.init("event", .text("refused")), .init("id", .text(id)), .init("reason", .text(reason))]
        case .rejected(let number, let reason):
            [
                .init("event", .text("rejected")), .init("number", .integer(Int64(number))),
                .init("reason", .text(reason)),
            ]
        case .filled(let number, let amount, let price):
            [
                .init("event", .text("filled")), .init("number", .integer(Int64(number))),
                .init("amount", .integer(amount)), .init("price", .number(price.yuan)),
            ]
        case .cancelTaken(let number):
            [.init("event", .text("cancel_taken")), .init("number", .integer(Int64(number)))]
        case .cancelRefused(let id, let reason):
            [.init("event", .text("cancel_refused")), .init("id", .text(id)), .init("reason", .text(reason))]
        case .canceled(let number):
            [.init("event", .text("canceled")), .init("number", .integer(Int64(number)))]
        }
    }

    fileprivate init?(_ json: JSON, at instant: Instant) {
        let (number, id, reason) = (json["number"]?.int, json["id"]?.string, json["reason"]?.string)
        let price = json["price"]?.double.flatMap { Money($0) }
        let amount = json["amount"]?.int.map(Int64.init).flatMap { TerminalOrder.amounts.contains($0) ? $0 : nil }
        switch (json["event"]?.string, number, id, reason, amount, price) {
        case ("accepted", let number?, let id?, _, let amount?, let price?):
            guard let code = json["code"]?.string, let side = json["side"]?.string.flatMap(TradeSide.init(rawValue:)),
                let day = json["day"]?.string.flatMap({ Day($0) })
            else { return nil }
            self = .accepted(
                TerminalOrder(
                    number: number, id: id, security: Security(code), side: side, amount: amount, price: price,
                    isMarket: json["market"]?.bool ?? false, priceType: json["price_type"]?.string ?? "",
                    counterType: json["counter_type"]?.string ?? "",
                    day: day, entrustedAt: instant))
        case ("refused", _, let id?, let reason?, _, _): self = .refused(id: id, reason: reason)
        case ("rejected", let number?, _, let reason?, _, _): self = .rejected(number: number, reason: reason)
        case ("filled", let number?, _, _, let amount?, let price?):
            self = .filled(number: number, amount: amount, price: price)
        case ("cancel_taken", let number?, _, _, _, _): self = .cancelTaken(number: number)
        case ("cancel_refused", _, let id?, let reason?, _, _): self = .cancelRefused(id: id, reason: reason)
        case ("canceled", let number?, _, _, _, _): self = .canceled(number: number)
        default: return nil
        }
    }
}
