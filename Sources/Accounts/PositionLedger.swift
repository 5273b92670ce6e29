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
    private let rules: SameDayRules
    private var lines: [PositionKey: LedgerLine] = [:]
    private var live: [OrderID: LiveOrder] = [:]
    private var inAll = OrderHold()
    private var units = UnitsOfDay()

    init(_ options: AccountOptions) {
        fees = options.fees
        tolerance = options.clockTolerance
        rules = SameDayRules(options)
    }

    // MARK: What happens

    /// An order is given.
    mutating func add(_ state: OrderState, at now: Instant) {
        var order = LiveOrder(state, kind(of: state), at: now)
        add(order.recount(view), to: order.key)
        live[state.id] = order
    }

    /// An order has changed; what was filled was filled after `after`.
    mutating func note(_ change: OrderBook.Change, after: Instant, at now: Instant) {
        let view = view
        let id = change.after.id
        guard let place = live.index(forKey: id) else {
            var order = LiveOrder(change.before, kind(of: change.before), at: now)
            let effect = order.note(change, after: after, at: now, view)
            add(effect, of: change, isNewer: view.isOlder(than: after))
            if !effect.isOver { live[id] = order }
            return
        }
        let effect = live.values[place].note(change, after: after, at: now, view)
        add(effect, of: change, isNewer: view.isOlder(than: after))
        if effect.isOver { live.remove(at: place) }
    }

    private mutating func add(_ effect: LiveOrder.Effect, of change: OrderBook.Change, isNewer: Bool) {
        let ticket = change.after.ticket
        let filled = change.after.filledAmount - change.before.filledAmount
        if filled == 0 { return add(effect.difference, to: ticket.key) }
        let opens = change.after.opens
        let mustWait = opens && rules.mustWait(ticket.security, effect.kind)
        lines[ticket.key, default: LedgerLine()].note(
            opens ? filled : -filled, mustWait: mustWait, isNewer: isNewer, effect.difference)
        inAll += effect.difference
    }

    /// The broker's newer word. What is not in it is not there: a true 0 is a 0.
    mutating func replace(_ newer: AccountSnapshot) {
        let isFirst = snapshot == nil
        snapshot = newer
        lines.forEachValue { $0.beginSnapshot() }
        for var holding in newer.holdings {
            // No account holds more than this; what claims to must not break the sums.
            holding.amount = min(max(holding.amount, 0), 1 << 50)
            holding.available = min(max(holding.available, 0), holding.amount)
            lines[PositionKey(security: holding.security, side: holding.side), default: LedgerLine()].told = holding
        }
        recountAll()
        lines.forEachValue { $0.endSnapshot(isFirst: isFirst) }
    }

    private mutating func recountAll() {
        if live.isEmpty { return }
        let view = view
        var over: [OrderID] = []
        var place = live.startIndex
        while place != live.endIndex {
            live.values[place].settle(view)
            let effect = live.values[place].effect(view)
            add(effect.difference, to: effect.key)
            if effect.isOver { over.append(live[place].key) }
            live.formIndex(after: &place)
        }
        for id in over { live[id] = nil }
    }

    /// The day of an order is over, whatever became of it: nothing more of it can be filled.
    mutating func release(_ id: OrderID) {
        guard var order = live.removeValue(forKey: id) else { return }
        order.release()
        add(order.recount(view), to: order.key)
        if !order.isOver { live[id] = order }
    }

    /// A new trading day.
    mutating func roll() {
        lines.forEachValue { $0.roll() }
        lines = lines.filter { !$0.value.isEmpty }
    }

    private mutating func add(_ difference: OrderHold, to key: PositionKey) {
        if difference == .nothing { return }
        lines[key, default: LedgerLine()].hold += difference
        inAll += difference
    }

    private mutating func kind(of state: OrderState) -> TradingUnits.Kind? {
        units(of: state.ticket.security, on: state.ticket.day)?.kind
    }

    /// In what units a security is traded on a day.
    mutating func units(of security: Security, on day: Day) -> TradingUnits? { units.of(security, on: day) }

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
    var keys: [PositionKey] { lines.keys.sorted() }

    /// A position; an empty one where there is none.
    func holding(_ key: PositionKey) -> Holding { (lines[key] ?? LedgerLine()).holding(key) }
}

/// Which securities may be sold on the day on which they were bought.
private struct SameDayRules {
    private let rules: AccountOptions.MarketRules
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

/// The units of securities on one day; to find those of a code takes longer than everything else that an order takes.
private struct UnitsOfDay {
    private var day: Day?
    private var known: [Security: TradingUnits?] = [:]

    mutating func of(_ security: Security, on day: Day) -> TradingUnits? {
        if day != self.day {
            self.day = day
            known = [:]
        }
        if let units = known[security] { return units }
        let units = TradingUnits(of: security, on: day)
        known[security] = .some(units)
        return units
    }
}

extension Dictionary {
    /// Changes each value where it is.
    fileprivate mutating func forEachValue(_ change: (inout Value) -> Void) {
        var place = startIndex
        while place != endIndex {
            change(&values[place])
            formIndex(after: &place)
        }
    }
}
