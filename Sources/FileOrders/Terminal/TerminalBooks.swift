import Gates
import Market

/// What a terminal knows of its orders: what follows from the entries of its ledger, and from nothing else.
public struct TerminalBooks: Sendable, Hashable {
    /// The trading day of the last entry.
    public private(set) var day: Day
    /// Every order that was ever taken; its counter's number is its place here, from 1.
    public private(set) var orders: [TerminalOrder] = []

    private var unfinished: [OrderID: [Int]] = [:]

    init(day: Day) { self.day = day }

    /// The number of the next order.
    var nextNumber: Int { orders.count + 1 }

    func order(_ number: Int) -> TerminalOrder? { orders.indices.contains(number - 1) ? orders[number - 1] : nil }

    /// The orders with this id that something may still happen to: more than one, if it was sent twice.
    func unfinishedOrders(_ id: OrderID) -> [TerminalOrder] { (unfinished[id] ?? []).compactMap(order) }

    /// The orders that something may still happen to.
    var openOrders: [TerminalOrder] { unfinished.values.joined().sorted().compactMap(order) }

    /// A day roll: what is still open has expired.
    mutating func begin(_ day: Day) {
        if day == self.day { return }
        self.day = day
        unfinished = [:]
    }

    /// What an entry changes.
    mutating func apply(_ event: TerminalLedger.Event) {
        switch event {
        case .accepted(let order):
            orders.append(order)
            unfinished[order.id, default: []].append(order.number)
        case .filled(let number, let amount, let price):
            change(number) { $0.fill(min(amount, $0.open), at: price) }
        case .cancelTaken(let number): change(number) { $0.isCanceling = true }
        case .canceled(let number): change(number) { $0.cancel() }
        case .rejected(let number, let reason): change(number) { $0.reject(reason) }
        case .refused, .cancelRefused: break
        }
    }

    private mutating func change(_ number: Int, _ change: (inout TerminalOrder) -> Void) {
        guard let before = order(number) else { return }
        var order = before
        change(&order)
        orders[number - 1] = order
        if order.isFinished, let left = unfinished[order.id]?.filter({ $0 != number }) {
            unfinished[order.id] = left.isEmpty ? nil : left
        }
    }
}
