import Gates
import Market
import Storage

/// A gate for tests: its way to a `ScriptedBroker` is a file on a simulated disk, so that it can die at any operation.
///
/// An order has left when its line was appended; the broker reads along.
public final class ScriptedGate: TradeGate {
    /// The other side.
    public let broker: ScriptedBroker
    /// What `account` answers next.
    public var snapshot: AccountSnapshot?
    /// What the next calls of `submit` answer, without anything being sent; each is used once.
    public var answers: [[Submission]] = []
    /// What the next calls of `cancel` answer.
    public var cancelAnswers: [[Submission]] = []
    /// What `find` answers of an id, whatever is in the file.
    public var presences: [OrderID: Presence] = [:]
    /// What `lastSign` answers.
    public var lastSign: Instant?
    /// What `watchesSilence` answers.
    public var watchesSilence = false
    /// What `hasAccountSide` answers.
    public var hasAccountSide = true
    /// What `nextID` answers; nil lets the account make its own.
    public var ids: (() -> OrderID?)?
    /// The orders that were adopted.
    public private(set) var adopted: [OrderTicket] = []
    /// How often each method was called.
    public private(set) var calls: [String: Int] = [:]

    private let disk: any FileStore
    private let path = "/orders.txt"
    private var heard = 0

    /// A gate to this broker through this disk.
    public init(_ broker: ScriptedBroker, disk: any FileStore) {
        self.broker = broker
        self.disk = disk
    }

    /// None.
    public var optionNames: [String] { [] }
    /// Nothing is to be done.
    public func setup(_ desk: GateDesk) throws {}
    /// As told.
    public func nextID() -> OrderID? { ids?() }
    /// Remembered.
    public func adopt(_ tickets: [OrderTicket]) { adopted += tickets }
    /// A word.
    public func mark() -> String { "mark" }

    /// Appends the ids, then flushes; an error after the append leaves all in doubt.
    public func submit(_ tickets: [OrderTicket]) -> [Submission] {
        count("submit")
        if !answers.isEmpty { return answers.removeFirst() }
        do {
            let file = try disk.open(path, .appendOrCreate)
            defer { disk.close(file) }
            try disk.appendWhole(Array(tickets.map { $0.id + "\n" }.joined().utf8), to: file)
            for ticket in tickets { broker.take(ticket) }
            try disk.flush(file)
            return tickets.map { _ in .sent }
        } catch {
            return tickets.map { _ in .unknown("\(error)") }
        }
    }

    /// Appends the ids.
    public func cancel(_ ids: [OrderID]) -> [Submission] {
        count("cancel")
        if !cancelAnswers.isEmpty { return cancelAnswers.removeFirst() }
        do {
            let file = try disk.open("/cancels.txt", .appendOrCreate)
            defer { disk.close(file) }
            try disk.appendWhole(Array(ids.map { $0 + "\n" }.joined().utf8), to: file)
            for id in ids { broker.takeCancel(id) }
            return ids.map { _ in .sent }
        } catch {
            return ids.map { _ in .unknown("\(error)") }
        }
    }

    /// What was put there, once.
    public func account() -> AccountSnapshot? {
        count("account")
        defer { snapshot = nil }
        return snapshot
    }

    /// All that was said since the last call; from the start for a new gate.
    public func updates() -> [OrderUpdate] {
        count("updates")
        defer { heard = broker.said.count }
        return Array(broker.said[heard...])
    }

    /// Reads the file, and what the broker said.
    public func find(_ tickets: [OrderTicket]) -> [Presence] {
        count("find")
        let bytes = (try? disk.readFile(path)) ?? nil
        let ids = String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
        return tickets.map { ticket in
            if let presence = presences[ticket.id] { return presence }
            return ids.contains(ticket.id) || broker.said.contains { $0.id == ticket.id } ? .found : .absent
        }
    }

    private func count(_ call: String) { calls[call, default: 0] += 1 }
}
