import Gates
import Market

extension JournalEntry {
    /// Adds the entry to these bytes as a line.
    func encode(into bytes: inout [UInt8]) { Self.addLine(to: &bytes) { write(to: &$0) } }

    /// Adds the entry of what was heard, which is made for each row of a long file, and so not made at all.
    static func encode(_ update: OrderUpdate, _ heard: AccountBooks.Heard, into bytes: inout [UInt8]) {
        addLine(to: &bytes) { line in
            switch heard {
            case .obeyed(let number, _):
                line.word("heard")
                line.update(update)
                line.number(Int64(number))
            case .notObeyed(let reason):
                line.word("not_obeyed")
                line.update(update)
                line.text(reason)
            }
        }
    }

    @inline(__always)
    private static func addLine(to bytes: inout [UInt8], _ write: (inout FieldWriter) -> Void) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 512) { room in
            var line = FieldWriter(through: room)
            swap(&line.bytes, &bytes)
            write(&line)
            line.finish()
            swap(&line.bytes, &bytes)
        }
    }

    private func write(to line: inout FieldWriter) {
        line.word(word)
        switch self {
        case .intent(let ticket, let priceThen):
            line.ticket(ticket)
            line.number(priceThen?.units)
        case .refused(let ticket, let sentence):
            line.ticket(ticket)
            line.text(sentence)
        case .outcome(let id, let submission, let number):
            line.submission(id, submission)
            line.number(number.map(Int64.init))
        case .cancel(let id): line.text(id)
        case .cancelOutcome(let id, let submission): line.submission(id, submission)
        case .heard(let update, let number):
            line.update(update)
            line.number(Int64(number))
        case .notObeyed(let update, let reason):
            line.update(update)
            line.text(reason)
        case .dayEnded(let id, let number):
            line.text(id)
            line.number(Int64(number))
        case .snapshot(let snapshot): line.snapshot(snapshot)
        case .told(let number): line.number(Int64(number))
        case .calling(let name, let order, let number):
            line.text(name)
            line.text(order ?? "")
            line.number(number.map(Int64.init))
        case .called, .callBroken: break
        }
    }

    private var word: StaticString {
        switch self {
        case .intent: "intent"
        case .refused: "refused"
        case .outcome: "outcome"
        case .cancel: "cancel"
        case .cancelOutcome: "cancel_outcome"
        case .heard: "heard"
        case .notObeyed: "not_obeyed"
        case .dayEnded: "day_ended"
        case .snapshot: "snapshot"
        case .told: "told"
        case .calling: "calling"
        case .called: "called"
        case .callBroken: "call_broken"
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
        case "calling":
            let (name, order) = (line.text(), line.text())
            entry = .calling(name, order: order.isEmpty ? nil : order, number: line.number().map { Int($0) })
        case "called": entry = .called
        case "call_broken": entry = .callBroken
        default: return nil
        }
        guard line.isWhole else { return nil }
        self = entry
    }
}
