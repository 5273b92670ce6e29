import Gates
import Market
import Storage

/// The gate to an exchange on paper. With a disk, the account survives the end of the program at any instant: nothing
/// is told of an order before it is written down, and what is not written has not happened.
public final class PaperGate: TradeGate {
    /// The exchange.
    public let exchange: PaperExchange
    private let disk: (any FileStore)?
    private let boot: BootID
    private var memory: PaperMemory?
    private var now: () -> Instant = { Instant(nanoseconds: 0) }
    private var log: (GateLogLevel, String) -> Void = { _, _ in }
    private var lastNumber: Int64 = 0
    /// Numbers up to this one may be given out: more are asked for in time, and a restart goes on behind them.
    private var lastReserved: Int64 = 0
    /// Ends of orders that an earlier run may not have heard of.
    private var retold: [OrderUpdate] = []
    /// Why the disk does not take what has happened; nil if it does.
    private var trouble: String?

    /// A gate to an exchange that has seen nothing yet; without a disk, nothing is remembered.
    public init(_ exchange: PaperExchange, disk: (any FileStore)? = nil, boot: BootID = BootID("")) {
        self.exchange = exchange
        self.disk = disk
        self.boot = boot
        exchange.isRemembered = disk != nil
    }

    /// The exchange's settings are options of the run; the gate itself has none.
    public let optionNames: [String] = []
    /// After a start, ends of orders are told again.
    public var tellsOnce: Bool { disk == nil }

    /// Takes the clock, and the account as it was left in the desk's folder.
    public func setup(_ desk: GateDesk) throws {
        now = desk.now
        log = desk.log
        exchange.log = desk.log
        guard let disk else { return }
        let memory = PaperMemory(folder: desk.folder + "/paper", disk: disk, boot: boot)
        let facts = try memory.latest()
        exchange.remember(facts)
        lastNumber = facts.map(\.lastNumber).max() ?? 0
        lastReserved = lastNumber
        self.memory = memory
    }

    /// A number that no order had before.
    public func nextID() -> OrderID? {
        if memory != nil, lastNumber == lastReserved {
            lastReserved += Self.numbersReserved
            guard case .written = write(always: true) else {
                lastReserved -= Self.numbersReserved
                return nil
            }
        }
        lastNumber += 1
        return String(lastNumber)
    }

    private static let numbersReserved: Int64 = 1000

    /// Gives orders to the exchange: they are written down before any of them is matched.
    public func submit(_ tickets: [OrderTicket]) -> [Submission] {
        let now = now()
        guard memory != nil else { return tickets.map { exchange.submit($0, now: now) } }
        let answers = tickets.map { ticket in
            Result { () throws(PaperError) in try exchange.accept(ticket, now: now) }
        }
        let accepted = answers.compactMap { try? $0.get() }
        let failure: Submission?
        switch accepted.isEmpty ? .written : write() {
        case .written:
            failure = nil
            for order in accepted { exchange.matchAtOnce(order, now: now) }
        case .notWritten(let reason):
            failure = .refused(reason)
            for order in accepted.reversed() { exchange.withdraw(order) }
        case .inDoubt(let reason):
            failure = .unknown(reason)
        }
        return answers.map { answer in
            switch answer {
            case .success: failure ?? .sent
            case .failure(let error): .refused(error.description)
            }
        }
    }

    /// Gives one order to the exchange.
    public func submitOne(_ ticket: OrderTicket) -> Submission {
        memory == nil ? exchange.submit(ticket, now: now()) : submit([ticket])[0]
    }

    /// Cancels orders.
    public func cancel(_ ids: [OrderID]) -> [Submission] {
        let now = now()
        let answers = ids.map { exchange.cancel($0, now: now) }
        switch write() {
        case .written: return answers
        case .notWritten(let reason), .inDoubt(let reason):
            return answers.map { $0 == .sent ? .unknown(reason) : $0 }
        }
    }

    /// The account, if cash or amounts have changed, or the price of what is held.
    public func account() -> AccountSnapshot? {
        let now = now()
        exchange.advance(to: now)
        guard exchange.hasNews || exchange.pricesMoved, case .written = write() else { return nil }
        exchange.noteTold()
        return exchange.snapshot(now: now)
    }

    /// What has become of orders, once it is written down.
    public func updates() -> [OrderUpdate] { listOfUpdates() }

    /// The same, order by order.
    public func tellUpdates(to hear: (OrderUpdate) -> Void) {
        exchange.advance(to: now())
        guard case .written = write() else { return }
        retold.forEach(hear)
        retold = []
        exchange.tellUpdates(to: hear)
    }

    /// Tells of these orders again: of open ones as they stand, of others how they ended.
    public func adopt(_ tickets: [OrderTicket]) {
        var gone: Set<OrderID> = []
        for ticket in tickets where !exchange.tellAgain(ticket.id) { gone.insert(ticket.id) }
        do {
            let orders = try memory?.orders(gone) ?? [:]
            retold += tickets.compactMap { orders[$0.id]?.update }
        } catch {
            log(.error, "what became of earlier orders cannot be read: \(error)")
        }
    }

    /// Every order that was taken is written down, so what is not is known never to have been.
    public func find(_ tickets: [OrderTicket]) -> [Presence] {
        let missing = tickets.map(\.id).filter { !exchange.knows($0) }
        do {
            let written = try memory?.orders(Set(missing)) ?? [:]
            return tickets.map { ticket in
                if let trouble { return .inDoubt(trouble) }
                if exchange.knows(ticket.id) || written[ticket.id] != nil { return .found }
                let isForgotten = memory == nil && exchange.day.map { ticket.day < $0 } ?? false
                return isForgotten ? .inDoubt("this exchange does not remember the orders of other days") : .absent
            }
        } catch {
            return tickets.map { _ in .inDoubt("\(error)") }
        }
    }

    /// Writes down what has changed, if anything has and somebody remembers it.
    private func write(always: Bool = false) -> PaperMemory.Outcome {
        guard let memory else { return .written }
        exchange.advance(to: now())
        guard let day = exchange.day else { return .written }
        let changes = exchange.newFacts(lastNumber: lastReserved)
        guard always || changes != nil || trouble != nil else { return .written }
        let facts =
            memory.needsWhole(on: day) || changes == nil
            ? exchange.wholeFacts(lastNumber: lastReserved) : changes
        guard let facts else { return .written }
        let outcome = memory.write(facts, at: now())
        switch outcome {
        case .written:
            exchange.noteWritten()
            trouble = nil
        case .notWritten(let reason), .inDoubt(let reason):
            if trouble == nil {
                log(.error, "the paper account is not written down, and tells nothing until it is: \(reason)")
            }
            trouble = reason
        }
        return outcome
    }
}
