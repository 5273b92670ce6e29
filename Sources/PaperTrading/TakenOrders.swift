import Gates

/// The orders that an exchange has taken on a day, found by their ids.
struct TakenOrders {
    private(set) var all: [PaperOrder] = []
    private var table = PlaceTable()

    /// The order with this id; nil if none was taken.
    subscript(id: OrderID) -> PaperOrder? {
        table.place(PlaceKey(id).number) { all[$0].ticket.id == id }.map { all[$0] }
    }

    mutating func add(_ order: PaperOrder) {
        table.add(all.count, PlaceKey(order.ticket.id).number)
        all.append(order)
    }

    /// Forgets all but these.
    mutating func keep(where isKept: (PaperOrder) -> Bool) {
        let kept = all.filter(isKept)
        all.removeAll(keepingCapacity: true)
        table.removeAll()
        for order in kept { add(order) }
    }
}
