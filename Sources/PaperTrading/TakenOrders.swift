import Gates

/// The orders that an exchange has taken on a day, by their ids; what is over may have left its place to another.
struct TakenOrders {
    private var orders: [(id: OrderID, place: Int)] = []
    private var table = PlaceTable()

    /// The place that an order was given; nil if none with this id was taken.
    func place(of id: OrderID) -> Int? { index(of: id).map { orders[$0].place } }

    func contains(_ id: OrderID) -> Bool { index(of: id) != nil }

    mutating func add(_ id: OrderID, at place: Int) {
        table.add(orders.count, PlaceKey(id).number)
        orders.append((id, place))
    }

    /// Forgets all but these.
    mutating func keep(where isKept: (_ id: OrderID, _ place: Int) -> Bool) {
        let kept = orders.filter { isKept($0.id, $0.place) }
        orders.removeAll(keepingCapacity: true)
        table.removeAll()
        for order in kept { add(order.id, at: order.place) }
    }

    private func index(of id: OrderID) -> Int? { table.place(PlaceKey(id).number) { orders[$0].id == id } }
}
