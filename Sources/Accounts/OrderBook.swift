import Gates
import Market

/// An order in the books: where it stands, and what it still holds of shares and cash. One object from its being given to
/// its being forgotten, so that who has found it need not look for it again.
final class BookedOrder {
    @exclusivity(unchecked) var state: OrderState
    /// What a snapshot may not know of it; kept by the ledger.
    @exclusivity(unchecked) var live: LiveOrder

    init(_ state: OrderState, _ live: LiveOrder) {
        self.state = state
        self.live = live
    }
}

/// The orders of a task, in the order in which they were given. It calls nobody while it changes.
final class OrderBook {
    /// What an order was before and is now.
    struct Change {
        let order: BookedOrder
        let before: OrderState
        let after: OrderState
    }

    /// What hearing an update came to.
    enum Hearing {
        case obeyed(Change)
        case notObeyed(String)
        /// It says what is known, in words not heard before.
        case nothingNew
        /// Heard already, or of an order that is not ours.
        case known
    }

    @exclusivity(unchecked) private(set) var orders: [BookedOrder] = []
    /// The number of the first of them: each order keeps its number, whatever was forgotten before it.
    @exclusivity(unchecked) private var first = 0
    /// The numbers of those that are not finished, in order; some that are finished are still among them.
    @exclusivity(unchecked) private var listed: [Int] = []
    /// How many of these are finished.
    @exclusivity(unchecked) private var listedInVain = 0
    @exclusivity(unchecked) private var numbers = PlaceTable()
    @exclusivity(unchecked) private var heard = HeardUpdates()

    /// All, as they stand.
    var states: [OrderState] { orders.map(\.state) }

    /// Those that are not finished.
    var open: [OrderState] { listed.compactMap { self[$0].state.status.isFinished ? nil : self[$0].state } }

    subscript(id: OrderID) -> BookedOrder? { number(of: id).map { self[$0] } }

    func contains(_ id: OrderID) -> Bool { number(of: id) != nil }

    private subscript(number: Int) -> BookedOrder { orders[number - first] }

    func add(_ order: BookedOrder) {
        let number = first + orders.count
        numbers.add(number, PlaceKey(order.state.id).number)
        if !order.state.status.isFinished { listed.append(number) }
        orders.append(order)
    }

    func hear(_ update: OrderUpdate, at now: Instant) -> Hearing {
        let key = PlaceKey(update.id)
        guard let number = number(of: update.id, key) else { return .known }
        let order = self[number]
        guard heard.isNew(update, key, of: order.state.ticket.day) else { return .known }
        let before = order.state
        switch before.hearing(update, at: now) {
        case .obeyed(let after):
            put(after, number)
            return .obeyed(Change(order: order, before: before, after: after))
        case .nothingNew: return .nothingNew
        case .notObeyed(let reason): return .notObeyed(reason)
        }
    }

    /// Changes an order; nil if there is none with this id or it stays as it is.
    func change(_ id: OrderID, _ change: (inout OrderState) -> Void) -> Change? {
        guard let number = number(of: id) else { return nil }
        let before = self[number].state
        var after = before
        change(&after)
        if after == before { return nil }
        put(after, number)
        return Change(order: self[number], before: before, after: after)
    }

    /// A cancel goes out: the next refusal of a cancel is of this one, though it may be in the same words.
    func forgetRefusedCancels(of id: OrderID) {
        guard let order = self[id] else { return }
        heard.noteCancel(of: id, given: order.state.ticket.day)
    }

    /// Forgets the orders of days before this one, but not those that are still at work: where no market's rules hold, an
    /// order is good until it is canceled.
    func prune(before day: Day) {
        func isKept(_ order: BookedOrder) -> Bool { order.state.ticket.day >= day || order.state.isAtWork }
        let over = orders.prefix { !isKept($0) }.count
        if orders.dropFirst(over).allSatisfy(isKept) {
            orders.removeFirst(over)
            first += over
            listed = listed.filter { $0 >= first }
            listedInVain = listed.count { self[$0].state.status.isFinished }
        } else {
            let kept = orders.filter(isKept)
            (orders, listed, listedInVain) = ([], [], 0)
            first += over
            numbers.removeAll()
            for order in kept { add(order) }
        }
        // Of numbers that are gone it may be full.
        if numbers.count > 64, numbers.count > 2 * orders.count {
            numbers.removeAll()
            for (place, order) in orders.enumerated() { numbers.add(first + place, PlaceKey(order.state.id).number) }
        }
        heard.forget(before: orders.first.map { min($0.state.ticket.day, day) } ?? day)
    }

    private func number(of id: OrderID) -> Int? { number(of: id, PlaceKey(id)) }

    private func number(of id: OrderID, _ key: PlaceKey) -> Int? {
        numbers.place(key.number) { $0 >= first && orders[$0 - first].state.id == id }
    }

    private func put(_ after: OrderState, _ number: Int) {
        let order = self[number]
        let wasFinished = order.state.status.isFinished
        order.state = after
        if after.status.isFinished == wasFinished { return }
        if wasFinished { list(number) } else { listedInVain += 1 }
        if listedInVain > 16, listedInVain > listed.count / 2 {
            listed = listed.filter { !self[$0].state.status.isFinished }
            listedInVain = 0
        }
    }

    /// An order that was finished is not.
    private func list(_ number: Int) {
        let index = listed.firstIndex { $0 >= number } ?? listed.count
        if index < listed.count, listed[index] == number {
            listedInVain -= 1
        } else {
            listed.insert(number, at: index)
        }
    }
}
