import Gates
import Market

extension JournalEntry {
    /// The entry as a line.
    func encode() -> [UInt8] {
        switch self {
        case .intent(let ticket, let priceThen):
            var line = FieldWriter("intent")
            line.ticket(ticket)
            line.number(priceThen?.units)
            return line.bytes
        case .refused(let ticket, let sentence):
            var line = FieldWriter("refused")
            line.ticket(ticket)
            line.text(sentence)
            return line.bytes
        case .outcome(let id, let submission, let number):
            var line = FieldWriter("outcome")
            line.submission(id, submission)
            line.number(number.map(Int64.init))
            return line.bytes
        case .cancel(let id): return Self.line("cancel", id)
        case .cancelOutcome(let id, let submission):
            var line = FieldWriter("cancel_outcome")
            line.submission(id, submission)
            return line.bytes
        case .heard(let update, let number):
            var line = FieldWriter("heard")
            line.update(update)
            line.number(Int64(number))
            return line.bytes
        case .notObeyed(let update, let reason):
            var line = FieldWriter("not_obeyed")
            line.update(update)
            line.text(reason)
            return line.bytes
        case .dayEnded(let id, let number):
            var line = FieldWriter("day_ended")
            line.text(id)
            line.number(Int64(number))
            return line.bytes
        case .told(let number):
            var line = FieldWriter("told")
            line.number(Int64(number))
            return line.bytes
        }
    }

    /// The entry that `encode` wrote; nil for any other bytes.
    init?(decoding bytes: [UInt8]) {
        var line = FieldReader(bytes)
        let entry: JournalEntry
        switch line.text() {
        case "intent":
            let ticket = line.ticket()
            entry = .intent(ticket, priceThen: line.number().map(Money.init(units:)))
        case "refused": entry = .refused(line.ticket(), line.text())
        case "outcome":
            let (id, submission) = line.submission()
            entry = .outcome(id, submission, number: line.number().map { Int($0) })
        case "cancel": entry = .cancel(line.text())
        case "cancel_outcome":
            let (id, submission) = line.submission()
            entry = .cancelOutcome(id, submission)
        case "heard": entry = .heard(line.update(), number: Int(line.needed()))
        case "not_obeyed": entry = .notObeyed(line.update(), line.text())
        case "day_ended": entry = .dayEnded(line.text(), number: Int(line.needed()))
        case "told": entry = .told(Int(line.needed()))
        default: return nil
        }
        guard line.isWhole else { return nil }
        self = entry
    }

    private static func line(_ word: StaticString, _ id: OrderID) -> [UInt8] {
        var line = FieldWriter(word)
        line.text(id)
        return line.bytes
    }
}

extension FieldWriter {
    fileprivate mutating func ticket(_ ticket: OrderTicket) {
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

    fileprivate mutating func submission(_ id: OrderID, _ submission: Submission) {
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

    fileprivate mutating func update(_ update: OrderUpdate) {
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
        text(update.source)
    }
}

extension FieldReader {
    fileprivate mutating func ticket() -> OrderTicket {
        OrderTicket(
            id: text(), security: Security(text()), side: word(or: TradeSide.buy), position: word(or: PositionSide.long),
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

    fileprivate mutating func submission() -> (OrderID, Submission) {
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

    fileprivate mutating func update() -> OrderUpdate {
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
}
