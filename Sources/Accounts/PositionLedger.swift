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
        sellsSameDay = options.rules == .none
    }

    // MARK: What happens

    /// An order is given.
    mutating func add(_ state: OrderState) {
        live[state.id] = LiveOrder(state: state)
        count(live[state.id], 1)
    }

    /// An order has changed; what was filled was filled after `after`.
    mutating func note(_ change: OrderBook.Change, after: Instant, at now: Instant) {
        let state = change.after
        var order = live[state.id] ?? LiveOrder(state: change.before, answeredAt: change.before.isAnswered ? now : nil)
        if live[state.id] != nil { count(order, -1) }
        order.state = state
        if order.answeredAt == nil, state.isAnswered { order.answeredAt = now }
        if let trade = Trade(from: change.before, to: state) {
            order.fills.append(
                LiveOrder.Fill(amount: trade.amount, value: trade.value, after: after, heardAt: now))
            if state.opens { boughtToday[state.ticket.key, default: 0] += trade.amount }
        }
        keep(order)
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
        let orders = live
        live = [:]
        holds = [:]
        inAll = OrderHold()
        for order in orders.values {
            var order = order
            order.settle(with: writtenAt(newer), tolerance: tolerance)
            keep(order)
        }
    }

    /// The day of an order is over, whatever became of it: nothing more of it can be filled.
    mutating func release(_ state: OrderState) {
        guard var order = live[state.id] else { return }
        count(order, -1)
        order.isReleased = true
        keep(order)
    }

    /// A new trading day.
    mutating func roll() { boughtToday = [:] }

    private mutating func keep(_ order: LiveOrder) {
        let isOver = order.rest == 0 && order.fills.isEmpty
        live[order.state.id] = isOver ? nil : order
        if !isOver { count(order, 1) }
    }

    private mutating func count(_ order: LiveOrder?, _ sign: Int) {
        guard let order else { return }
        let ticket = order.state.ticket
        let hold = order.hold(
            beyond: snapshot.map(writtenAt), tolerance: tolerance, fees: fees, kind: kind(ticket.security, ticket.day))
        let before = holds[ticket.key] ?? OrderHold()
        let after = sign > 0 ? before + hold : before - hold
        holds[ticket.key] = after.isNothing ? nil : after
        inAll = sign > 0 ? inAll + hold : inAll - hold
    }

    private func kind(_ security: Security, _ day: Day) -> TradingUnits.Kind? {
        TradingUnits(of: security, on: day)?.kind
    }

    /// A file of the future was written by a clock that is ahead.
    private func writtenAt(_ snapshot: AccountSnapshot) -> Instant { min(snapshot.writtenAt, snapshot.readAt) }

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
        let hold = holds[key] ?? OrderHold()
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
        return kind(key.security, snapshot.day) == .share
    }
}
