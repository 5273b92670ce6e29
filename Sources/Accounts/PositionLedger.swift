import Gates
import Market

/// Cash and positions: the broker's last snapshot with every own order and fill laid over it.
///
/// What each order holds is kept in sums by security, so that neither a question nor an order costs more with the
/// number of orders of the day. It calls nobody while it changes.
final class PositionLedger {
    @exclusivity(unchecked) private(set) var snapshot: AccountSnapshot?
    private let fees: FeeEstimate
    private let tolerance: TimeSpan
    private let isLive: Bool
    private let rules: SameDayRules
    @exclusivity(unchecked) private var lines: LedgerLines
    /// The orders that the snapshot may not know in whole; some that are over are still among them.
    @exclusivity(unchecked) private var live: [BookedOrder] = []
    @exclusivity(unchecked) private var inAll = OrderHold()

    init(_ options: AccountOptions) {
        fees = options.fees
        tolerance = options.clockTolerance
        isLive = options.isLive
        rules = SameDayRules(options)
        lines = LedgerLines(options.futures)
    }

    // MARK: What happens

    /// An order is given: what is known of it is kept with it.
    func add(_ state: OrderState, at now: Instant) -> BookedOrder {
        let line = lines.place(of: state.ticket.key)
        let kind = lines[line].units(on: state.ticket.day)?.kind
        let order = BookedOrder(state, LiveOrder(state, line: line, kind, at: now))
        if state.status.isFinished { return order }
        add(order.live.recount(view), to: line)
        keep(order)
        return order
    }

    /// An order has changed; what was filled was filled after `after`.
    func note(_ order: BookedOrder, _ step: OrderStep, after: Instant, at now: Instant) {
        let view = view
        let difference = order.live.note(step, after: after, at: now, view)
        inAll += difference
        let line = order.live.line
        if step.filled == 0 {
            lines[line].hold += difference
        } else {
            let opens = order.state.opens
            let mustWait = opens && rules.mustWait(lines[line].key.security, order.live.kind)
            lines[line].note(
                opens ? step.filled : -step.filled, mustWait: mustWait, isNewer: view.isOlder(than: after), difference)
        }
        if !order.live.isOver { keep(order) }
    }

    private func keep(_ order: BookedOrder) {
        if order.live.isKept { return }
        order.live.isKept = true
        live.append(order)
    }

    /// The broker's newer word. What is not in it is not there: a true 0 is a 0.
    func replace(_ newer: AccountSnapshot) {
        let isFirst = snapshot == nil
        snapshot = newer
        lines.beginSnapshot()
        for (index, told) in newer.holdings.enumerated() {
            var holding = told
            // No account holds more than this; what claims to must not break the sums.
            holding.amount = min(max(holding.amount, 0), 1 << 50)
            holding.available = min(max(holding.available, 0), holding.amount)
            lines.tell(holding, at: index)
        }
        recountAll()
        lines.endSnapshot(isFirst: isFirst)
    }

    private func recountAll() {
        if live.isEmpty { return }
        let view = view
        var kept = 0
        for index in live.indices {
            let order = live[index]
            order.live.settle(view)
            add(order.live.recount(view), to: order.live.line)
            order.live.isKept = !order.live.isOver
            if !order.live.isKept { continue }
            if kept < index { live[kept] = order }
            kept += 1
        }
        live.removeLast(live.count - kept)
    }

    /// The day of an order is over, whatever became of it: nothing more of it can be filled.
    func release(_ order: BookedOrder) {
        order.live.release()
        add(order.live.recount(view), to: order.live.line)
    }

    /// A new trading day.
    func roll() { lines.roll() }

    private func add(_ difference: OrderHold, to line: Int) {
        if difference == .nothing { return }
        lines[line].hold += difference
        inAll += difference
    }

    /// How many units of the price a contract stands for; nil for what is paid in full.
    func multiplier(of key: PositionKey) -> Int64? { lines.multiplier(of: key) }

    /// In what units a security is traded on a day.
    func units(of security: Security, on day: Day) -> TradingUnits? {
        lines[lines.place(of: PositionKey(security: security, side: .long))].units(on: day)
    }

    /// How an order is looked at. A file of the future was written by a clock that is ahead.
    private var view: LiveOrder.View {
        LiveOrder.View(
            writtenAt: snapshot.map { min($0.writtenAt, $0.readAt) }, tolerance: tolerance, fees: fees)
    }

    // MARK: What there is

    /// True if the snapshot knows of every fill and no order is under way.
    var isSettled: Bool { live.allSatisfy(\.live.isOver) }

    /// Cash that may be spent.
    var availableCash: Money {
        guard let snapshot else { return .zero }
        // What is bought at an unknown price may take all of it, until the broker has frozen what it takes.
        if isLive, inAll.unpriced > 0 { return .zero }
        let unheld = snapshot.availableCash - inAll.buyingUnseen
        let whole = snapshot.availableCash + snapshot.lockedCash - inAll.buying - inAll.spent
        return max(min(unheld, whole), .zero)
    }

    /// Cash held by open orders.
    var lockedCash: Money { max(snapshot?.lockedCash ?? .zero, inAll.buying) }

    /// All positions, in order of code.
    var holdings: [Holding] { lines.holdings }

    /// A position; an empty one where there is none.
    func holding(_ key: PositionKey) -> Holding { lines.holding(key) }
}

/// Which securities may be sold on the day on which they were bought.
private struct SameDayRules {
    private let rules: MarketRules
    private let tPlus: Int?
    private let codes: Set<Security>

    init(_ options: AccountOptions) {
        rules = options.rules
        tPlus = options.tPlus
        codes = options.sellsSameDayCodes
    }

    /// True if what is bought today is sold tomorrow. Of funds the broker knows, unless it was said.
    func mustWait(_ security: Security, _ kind: TradingUnits.Kind?) -> Bool {
        if rules == .none || kind == .convertible || codes.contains(security) { return false }
        return tPlus.map { $0 > 0 } ?? (kind == .share)
    }
}
