import Gates
import Market

/// Cash and positions: the broker's last snapshot with every own order and fill laid over it.
///
/// What each order holds is kept in sums by security, so that neither a question nor an order costs more with the
/// number of orders of the day.
struct PositionLedger {
    private(set) var snapshot: AccountSnapshot?
    private let fees: FeeEstimate
    private let tolerance: TimeSpan
    private let sellsSameDay: Bool
    private var told: [PositionKey: AccountSnapshot.Holding] = [:]
    private var live: [OrderID: LiveOrder] = [:]
    private var holds: [PositionKey: OrderHold] = [:]
    private var inAll = OrderHold()
    private var boughtToday: [PositionKey: Int64] = [:]

    init(_ options: AccountOptions) {
        fees = options.fees
        tolerance = options.clockTolerance
        sellsSameDay = options.rules == .none || options.isAvailableExact
    }

    // MARK: What happens

    /// An order is given.
    mutating func add(_ state: OrderState, at now: Instant) {
        var order = LiveOrder(state, at: now)
        add(order.recount(view), to: order.key)
        live[state.id] = order
    }

    /// An order has changed; what was filled was filled after `after`.
    mutating func note(_ change: OrderBook.Change, after: Instant, at now: Instant) {
        let view = view
        let key = change.after.ticket.key
        let filled = change.after.filledAmount - change.before.filledAmount
        if filled > 0, change.after.opens { boughtToday[key, default: 0] += filled }
        guard let place = live.index(forKey: change.after.id) else {
            var order = LiveOrder(change.before, at: now)
            order.note(change, after: after, at: now)
            add(order.recount(view), to: key)
            if !order.isOver { live[change.after.id] = order }
            return
        }
        live.values[place].note(change, after: after, at: now)
        add(live.values[place].recount(view), to: key)
        if live.values[place].isOver { live.remove(at: place) }
    }

    /// The broker's newer word. What is not in it is not there: a true 0 is a 0.
    mutating func replace(_ newer: AccountSnapshot) {
        snapshot = newer
        told = [:]
        for var holding in newer.holdings {
            // No account holds more than this; what claims to must not break the sums.
            holding.amount = min(max(holding.amount, 0), 1 << 50)
            holding.available = min(max(holding.available, 0), holding.amount)
            told[PositionKey(security: holding.security, side: holding.side)] = holding
        }
        let view = view
        var orders = live
        live = [:]
        for place in orders.values.indices {
            orders.values[place].settle(view)
            add(orders.values[place].recount(view), to: orders.values[place].key)
        }
        for id in orders.filter(\.value.isOver).keys { orders[id] = nil }
        live = orders
    }

    /// The day of an order is over, whatever became of it: nothing more of it can be filled.
    mutating func release(_ id: OrderID) {
        guard var order = live.removeValue(forKey: id) else { return }
        order.release()
        add(order.recount(view), to: order.key)
        if !order.isOver { live[id] = order }
    }

    /// A new trading day.
    mutating func roll() { boughtToday = [:] }

    private mutating func add(_ difference: OrderHold, to key: PositionKey) {
        if difference == .nothing { return }
        holds[key, default: .nothing] += difference
        inAll += difference
    }

    /// How an order is looked at. A file of the future was written by a clock that is ahead.
    private var view: LiveOrder.View {
        LiveOrder.View(
            writtenAt: snapshot.map { min($0.writtenAt, $0.readAt) }, tolerance: tolerance, fees: fees)
    }

    // MARK: What there is

    /// True if the snapshot knows of every fill and no order is under way.
    var isSettled: Bool { live.isEmpty }

    /// Cash that may be spent.
    var availableCash: Money {
        guard let snapshot else { return .zero }
        let unheld = snapshot.availableCash - inAll.buyingUnseen
        let whole = snapshot.availableCash + snapshot.lockedCash - inAll.buying - inAll.spent
        return max(min(unheld, whole), .zero)
    }

    /// Cash held by open orders.
    var lockedCash: Money { max(snapshot?.lockedCash ?? .zero, inAll.buying) }

    /// The keys of all positions, in order.
    var keys: [PositionKey] { Set(told.keys).union(holds.keys).union(boughtToday.keys).sorted() }

    /// A position; an empty one where there is none.
    func holding(_ key: PositionKey) -> Holding {
        let hold = holds[key] ?? .nothing
        let told = told[key]
        let base = (told?.amount ?? 0) + hold.bought - hold.sold
        var holding = Holding(key)
        holding.amount = max(base + hold.perhapsBought - hold.perhapsSold, 0)
        let least = max(base - hold.perhapsSold, 0)
        holding.certain = least...max(base + hold.perhapsBought, least)
        holding.locked = hold.selling
        holding.boughtToday = boughtToday[key] ?? 0
        let unheld = (told?.available ?? 0) - hold.sellingUnseen
        var whole = (told?.amount ?? 0) - hold.sold - hold.perhapsSold - hold.selling
        if mustWait(key) { whole -= max(holding.boughtToday - hold.bought, 0) }
        holding.available = max(min(unheld, whole), 0)
        holding.cost = told?.cost ?? .zero
        holding.lastPrice = told?.lastPrice ?? .zero
        holding.value =
            holding.amount == told?.amount
            ? told?.value ?? .zero : holding.lastPrice.times(holding.amount) ?? .zero
        return holding
    }

    /// Shares that were bought today are sold tomorrow; of funds and bonds the broker knows.
    private func mustWait(_ key: PositionKey) -> Bool {
        guard !sellsSameDay, boughtToday[key] != nil, let snapshot else { return false }
        return TradingUnits(of: key.security, on: snapshot.day)?.kind == .share
    }
}
