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

/// The orders of a task, in the order in which they were given.
struct OrderBook {
    /// What hearing an update came to.
    enum Hearing {
        case obeyed(BookedOrder, before: OrderState)
        case notObeyed(String)
        /// It says what is known, in words not heard before.
        case nothingNew
        /// Heard already, or of an order that is not ours.
        case known
    }

    private(set) var orders: [BookedOrder] = []
    /// The places of those that are not finished, in order; some that are finished are still among them.
    private var listed: [Int] = []
    /// How many of these are finished.
    private var listedInVain = 0
    private var places = PlaceTable()
    private var heard = HeardUpdates()

    /// All, as they stand.
    var states: [OrderState] { orders.map(\.state) }

    /// Those that are not finished.
    var open: [OrderState] { listed.compactMap { orders[$0].state.status.isFinished ? nil : orders[$0].state } }

    subscript(id: OrderID) -> BookedOrder? { place(of: id).map { orders[$0] } }

    func contains(_ id: OrderID) -> Bool { place(of: id) != nil }

    mutating func add(_ order: BookedOrder) {
        places.add(orders.count, PlaceKey(order.state.id).number)
        if !order.state.status.isFinished { listed.append(orders.count) }
        orders.append(order)
    }

    mutating func hear(_ update: OrderUpdate, at now: Instant) -> Hearing {
        guard let place = place(of: update.id), heard.isNew(update, of: orders[place].state.ticket.day) else {
            return .known
        }
        let before = orders[place].state
        switch before.hearing(update, at: now) {
        case .obeyed(let after):
            put(after, at: place)
            return .obeyed(orders[place], before: before)
        case .nothingNew: return .nothingNew
        case .notObeyed(let reason): return .notObeyed(reason)
        }
    }

    /// Changes an order: what it was before; nil if there is none with this id or it stays as it is.
    mutating func change(_ id: OrderID, _ change: (inout OrderState) -> Void) -> (
        order: BookedOrder, before: OrderState
    )? {
        guard let place = place(of: id) else { return nil }
        let before = orders[place].state
        var after = before
        change(&after)
        if after == before { return nil }
        put(after, at: place)
        return (orders[place], before)
    }

    /// A cancel goes out: the next refusal of a cancel is of this one, though it may be in the same words.
    mutating func forgetRefusedCancels(of id: OrderID) {
        guard let order = self[id] else { return }
        heard.noteCancel(of: id, given: order.state.ticket.day)
    }

    /// Forgets the orders of days before this one, but not those that are still at work: where no market's rules hold, an
    /// order is good until it is canceled.
    mutating func prune(before day: Day) {
        func isKept(_ state: OrderState) -> Bool { state.ticket.day >= day || state.isAtWork }
        guard !orders.allSatisfy({ isKept($0.state) }) else { return }
        let kept = orders.filter { isKept($0.state) }
        orders.removeAll(keepingCapacity: true)
        listed.removeAll(keepingCapacity: true)
        listedInVain = 0
        places.removeAll()
        for order in kept { add(order) }
        heard.forget(before: kept.map(\.state.ticket.day).min() ?? day)
    }

    private func place(of id: OrderID) -> Int? {
        places.place(PlaceKey(id).number) { orders[$0].state.id == id }
    }

    private mutating func put(_ after: OrderState, at place: Int) {
        let wasFinished = orders[place].state.status.isFinished
        orders[place].state = after
        if after.status.isFinished == wasFinished { return }
        if wasFinished { list(place) } else { listedInVain += 1 }
        if listedInVain > 16, listedInVain > listed.count / 2 {
            listed.removeAll { orders[$0].state.status.isFinished }
            listedInVain = 0
        }
    }

    /// An order that was finished is not.
    private mutating func list(_ place: Int) {
        let index = listed.firstIndex { $0 >= place } ?? listed.count
        if index < listed.count, listed[index] == place {
            listedInVain -= 1
        } else {
            listed.insert(place, at: index)
        }
    }
}
