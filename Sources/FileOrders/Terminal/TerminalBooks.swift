import Gates
import Market

/// What a terminal knows: the orders and the account that follow from the entries of its ledger, and from nothing else.
public struct TerminalBooks: Sendable, Hashable {
    /// The trading day of the last entry.
    public private(set) var day: Day
    /// Every order that was ever taken; its counter's number is its place here, from 1.
    public private(set) var orders: [TerminalOrder] = []
    /// Cash and shares.
    public private(set) var account: TerminalAccount

    private var unfinished: [OrderID: [Int]] = [:]

    init(opening: TerminalAccount, day: Day) {
        account = opening
        self.day = day
    }

    /// The number of the next order.
    var nextNumber: Int { orders.count + 1 }

    func order(_ number: Int) -> TerminalOrder? { orders.indices.contains(number - 1) ? orders[number - 1] : nil }

    /// The orders with this id that something may still happen to: more than one, if it was sent twice.
    func unfinishedOrders(_ id: OrderID) -> [TerminalOrder] { (unfinished[id] ?? []).compactMap(order) }

    /// A day roll: what is still open has expired.
    mutating func begin(_ day: Day) {
        if day == self.day { return }
        self.day = day
        unfinished = [:]
        account.beginDay()
    }

    /// Whether an order could be taken now, and if not, why.
    func refusal(of order: TerminalOrder) -> String? {
        var account = account
        return account.reserve(order)
    }

    /// What an entry changes.
    mutating func apply(_ event: TerminalLedger.Event) {
        switch event {
        case .accepted(let order):
            _ = account.reserve(order)
            orders.append(order)
            unfinished[order.id, default: []].append(order.number)
        case .filled(let number, let amount, let price):
            change(number) { order, account in
                let count = min(amount, order.open)
                account.fill(count, of: order)
                order.fill(count, at: price)
            }
        case .cancelTaken(let number): change(number) { order, _ in order.isCanceling = true }
        case .canceled(let number):
            change(number) { order, account in
                account.release(order.open, of: order)
                order.cancel()
            }
        case .rejected(let number, let reason):
            change(number) { order, account in
                account.release(order.open, of: order)
                order.reject(reason)
            }
        case .refused, .cancelRefused: break
        }
    }

    private mutating func change(_ number: Int, _ change: (inout TerminalOrder, inout TerminalAccount) -> Void) {
        guard let before = order(number) else { return }
        var order = before
        change(&order, &account)
        orders[number - 1] = order
        if order.isFinished, let left = unfinished[order.id]?.filter({ $0 != number }) {
            unfinished[order.id] = left.isEmpty ? nil : left
        }
    }
}
