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
        case .snapshot(let snapshot):
            var line = FieldWriter("snapshot")
            line.snapshot(snapshot)
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
        case "snapshot": entry = .snapshot(line.snapshot())
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
