import Gates
import Market

// The values of an account as fields of a line.

extension FieldWriter {
    mutating func ticket(_ ticket: OrderTicket) {
        text(ticket.id)
        text(ticket.security.code)
        text(ticket.side.rawValue)
        text(ticket.position.rawValue)
        number(ticket.amount)
        switch ticket.pricing {
        case .limit(let price): text("\(price.units)")
        case .market: text("market")
        case .best: text("best")
        }
        number(Int64(ticket.day.number))
        number(ticket.createdAt.nanoseconds)
        text(ticket.mark)
    }

    mutating func submission(_ id: OrderID, _ submission: Submission) {
        switch submission {
        case .sent: text("sent")
        case .refused: text("refused")
        case .unknown: text("unknown")
        }
        text(id)
        switch submission {
        case .sent: text("")
        case .refused(let reason), .unknown(let reason): text(reason)
        }
    }

    mutating func update(_ update: OrderUpdate) {
        text(update.id)
        switch update.news {
        case .state(let status):
            text(status.rawValue)
            text("")
        case .cancelRefused(let reason):
            text("cancel_refused")
            text(reason)
        }
        number(update.filledAmount)
        number(update.canceledAmount)
        number(update.averagePrice?.units)
        number(update.filledValue?.units)
        number(update.commission?.units)
        text(update.message)
        text(update.counterNumber)
        number(update.entrustedAt?.nanoseconds)
        text(update.source, offset: update.offset)
    }

    mutating func snapshot(_ snapshot: AccountSnapshot) {
        for amount in [snapshot.totalValue, snapshot.availableCash, snapshot.lockedCash] { number(amount.units) }
        number(Int64(snapshot.day.number))
        number(snapshot.writtenAt.nanoseconds)
        number(snapshot.readAt.nanoseconds)
        number(Int64(snapshot.holdings.count))
        for holding in snapshot.holdings {
            text(holding.security.code)
            text(holding.side.rawValue)
            number(holding.amount)
            number(holding.available)
            for amount in [holding.cost, holding.lastPrice, holding.value] { number(amount.units) }
        }
    }
}

extension FieldReader {
    mutating func ticket() -> OrderTicket {
        OrderTicket(
            id: text(), security: Security(text()), side: word(or: TradeSide.buy),
            position: word(or: PositionSide.long),
            amount: needed(), pricing: pricing(), day: Day(number: Int32(clamping: needed())),
            createdAt: Instant(nanoseconds: needed()), mark: text())
    }

    private mutating func pricing() -> Pricing {
        let word = text()
        switch word {
        case "market": return .market
        case "best": return .best
        default:
            guard let units = Int64(word) else {
                spoil()
                return .best
            }
            return .limit(Money(units: units))
        }
    }

    mutating func submission() -> (OrderID, Submission) {
        let word = text()
        let id = text()
        let reason = text()
        switch word {
        case "sent": return (id, .sent)
        case "refused": return (id, .refused(reason))
        case "unknown": return (id, .unknown(reason))
        default:
            spoil()
            return (id, .unknown(reason))
        }
    }

    mutating func update() -> OrderUpdate {
        OrderUpdate(
            id: text(), news: news(), filledAmount: number(), canceledAmount: number(),
            averagePrice: number().map(Money.init(units:)), filledValue: number().map(Money.init(units:)),
            commission: number().map(Money.init(units:)), message: text(), counterNumber: text(),
            entrustedAt: number().map(Instant.init(nanoseconds:)), source: text())
    }

    private mutating func news() -> OrderUpdate.News {
        let word = text()
        let reason = text()
        if word == "cancel_refused" { return .cancelRefused(reason) }
        guard let status = OrderStatus(rawValue: word) else {
            spoil()
            return .state(.unknown)
        }
        return .state(status)
    }

    mutating func snapshot() -> AccountSnapshot {
        var snapshot = AccountSnapshot(
            totalValue: money(), availableCash: money(), lockedCash: money(), holdings: [],
            day: Day(number: Int32(clamping: needed())), writtenAt: Instant(nanoseconds: needed()),
            readAt: Instant(nanoseconds: needed()))
        var left = needed()
        while left > 0, isSound {
            snapshot.holdings.append(
                AccountSnapshot.Holding(
                    security: Security(text()), side: word(or: PositionSide.long), amount: needed(),
                    available: needed(),
                    cost: money(), lastPrice: money(), value: money()))
            left -= 1
        }
        return snapshot
    }

    private mutating func money() -> Money { Money(units: needed()) }
}
