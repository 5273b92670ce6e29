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
    /// An order that has changed, and how.
    struct Change {
        let order: BookedOrder
        let step: OrderStep
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
    @exclusivity(unchecked) private var places = PlaceTable()
    /// The places of those that are not finished, in order; some that are finished are still among them.
    @exclusivity(unchecked) private var unfinished: [Int] = []
    @exclusivity(unchecked) private var finishedAmongThem = 0
    @exclusivity(unchecked) private var heard = HeardUpdates()
    /// False if nothing is ever told twice: then nobody needs to know what was heard.
    @exclusivity(unchecked) var remembersNews = true

    /// All, as they stand.
    var states: [OrderState] { orders.map(\.state) }

    /// Those that are not finished.
    var open: [OrderState] { unfinished.compactMap { orders[$0].state.status.isFinished ? nil : orders[$0].state } }

    subscript(id: OrderID) -> BookedOrder? { place(of: id).map { orders[$0] } }

    func contains(_ id: OrderID) -> Bool { place(of: id) != nil }

    func add(_ order: BookedOrder) {
        places.add(orders.count, PlaceKey(order.state.id).number)
        if !order.state.status.isFinished { unfinished.append(orders.count) }
        orders.append(order)
    }

    func hear(_ update: OrderUpdate, at now: Instant) -> Hearing {
        let key = PlaceKey(update.id)
        guard let place = place(of: update.id, key) else { return .known }
        let order = orders[place]
        if remembersNews, !heard.isNew(update, key, of: order.state.ticket.day) { return .known }
        switch order.state.hear(update, at: now) {
        case .obeyed(let step):
            noteStatus(at: place, before: step.was)
            return .obeyed(Change(order: order, step: step))
        case .nothingNew: return .nothingNew
        case .notObeyed(let reason): return .notObeyed(reason)
        }
    }

    /// Changes an order; nil if there is none with this id or it stays as it is.
    func change(_ id: OrderID, _ change: (inout OrderState) -> Void) -> Change? {
        guard let place = place(of: id) else { return nil }
        let order = orders[place]
        let before = order.state
        change(&order.state)
        if order.state == before { return nil }
        noteStatus(at: place, before: before.status)
        return Change(order: order, step: OrderStep(from: before, to: order.state))
    }

    /// A cancel goes out: the next refusal of a cancel is of this one, though it may be in the same words.
    func forgetRefusedCancels(of id: OrderID) {
        guard let order = self[id] else { return }
        heard.noteCancel(of: id, given: order.state.ticket.day)
    }

    /// Forgets the orders of days before this one, but not those that are still at work: where no market's rules hold, an
    /// order is good until it is canceled.
    func prune(before day: Day) {
        let kept = orders.filter { $0.state.ticket.day >= day || $0.state.isAtWork }
        orders.removeAll(keepingCapacity: true)
        (unfinished, finishedAmongThem) = ([], 0)
        places.removeAll()
        for order in kept { add(order) }
        heard.forget(before: orders.first.map { min($0.state.ticket.day, day) } ?? day)
    }

    private func place(of id: OrderID) -> Int? { place(of: id, PlaceKey(id)) }

    private func place(of id: OrderID, _ key: PlaceKey) -> Int? {
        places.place(key.number) { orders[$0].state.id == id }
    }

    /// Keeps the list of those that are not finished, where an order has changed.
    private func noteStatus(at place: Int, before: OrderStatus) {
        if orders[place].state.status.isFinished == before.isFinished { return }
        if before.isFinished { reopen(place) } else { finishedAmongThem += 1 }
        if finishedAmongThem > 16, finishedAmongThem > unfinished.count / 2 {
            unfinished.removeAll { orders[$0].state.status.isFinished }
            finishedAmongThem = 0
        }
    }

    /// An order that was finished is not.
    private func reopen(_ place: Int) {
        let index = unfinished.firstIndex { $0 >= place } ?? unfinished.count
        if index < unfinished.count, unfinished[index] == place {
            finishedAmongThem -= 1
        } else {
            unfinished.insert(place, at: index)
        }
    }
}
