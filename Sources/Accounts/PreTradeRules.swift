import Gates
import Market

/// What is checked before an order is written anywhere. It adjusts nothing: what is wrong is refused with what is right.
struct PreTradeRules {
    /// What the rules look at.
    struct Scene {
        var now: Instant
        var day: Day
        /// The units of the order's security; nil if its code is none that the rules know.
        var units: TradingUnits?
        /// The account's position of the order's security.
        var holding: Holding
        var availableCash: Money
        /// The last price of the security, where it is known.
        var lastPrice: Money?
        /// The trading day of the last snapshot.
        var syncedDay: Day?
        /// How long ago that was read.
        var age: TimeSpan
        /// How long the broker's side has been silent.
        var silence: TimeSpan
        var sentInMinute: Int
        var sentToday: Int
        var valueToday: Money
    }

    /// An order that may go.
    struct Passed: Hashable {
        let pricing: Pricing
        /// What a share is worth, where that is known.
        let price: Money?
    }

    let options: AccountOptions
    let hours: MarketHours
    private let tradesLong: Bool
    private let tradesShort: Bool

    init(options: AccountOptions, hours: MarketHours) {
        self.options = options
        self.hours = hours
        tradesLong = options.sides.contains(.long)
        tradesShort = options.sides.contains(.short)
    }

    /// The order as it may go; throws why it may not.
    func check(_ request: OrderRequest, _ scene: Scene) throws(Refusal) -> Passed {
        try checkKind(of: request)
        let units = try units(of: request, scene)
        let pricing = try pricing(of: request, units)
        try checkTime(of: request, scene)
        try checkTerminal(scene)
        try checkHolding(of: request, scene)
        if let units { try checkLots(of: request, pricing, units, holding: scene.holding) }
        let price: Money? = if case .limit(let limit) = pricing { limit } else { scene.lastPrice }
        try checkValue(of: request, at: price, kind: units?.kind, scene)
        try checkCounts(scene)
        return Passed(pricing: pricing, price: price)
    }

    /// Why no cancel may go now; nil if it may.
    func refusalOfCancel(at now: Instant) -> Refusal? {
        guard options.rules == .aShare else { return nil }
        let local = hours.zone.local(now)
        if !hours.calendar.isTradingDay(local.day) || TradingWindow.takesCancels(local.time) { return nil }
        return Refusal(.session, "cancels are not taken from 09:20 to 09:25 and from 14:57 to 15:00")
    }

    // MARK: The order by itself

    private func checkKind(of request: OrderRequest) throws(Refusal) {
        if request.amount == 0 {
            throw Refusal(.amount, "an order of 0 does nothing: more than 0 buys, less than 0 sells")
        }
        if request.size > 1 << 40 { throw Refusal(.amount, "\(request.amount) is no amount that anybody can order") }
        if request.side == .long ? !tradesLong : !tradesShort {
            throw Refusal(.side, "this gate does not trade the \(request.side) side")
        }
    }

    private func units(of request: OrderRequest, _ scene: Scene) throws(Refusal) -> TradingUnits? {
        guard options.rules == .aShare, options.isLive || !request.isForFuture else { return nil }
        if let units = scene.units { return units }
        throw Refusal(
            .code,
            "\(request.security) is no code of a share, fund or convertible bond: "
                + "write six digits and .XSHE, .XSHG or .BJSE, like 000001.XSHE")
    }

    private func pricing(of request: OrderRequest, _ units: TradingUnits?) throws(Refusal) -> Pricing {
        guard case .limit(let yuan) = request.price, yuan != 0 else { return request.pricing }
        guard yuan.isFinite, yuan > 0, let price = Money(yuan), price > .zero else {
            throw Refusal(.price, "\(yuan) is no price: it must be a number above 0")
        }
        guard let units, let (below, above) = units.prices(around: yuan) else { return .limit(price) }
        if below == above { return .limit(below) }
        throw Refusal(
            .tick, "\(yuan) is between two prices of \(request.security): the nearest are \(below) and \(above)")
    }

    /// What is not there cannot be sold, in whatever lots.
    private func checkHolding(of request: OrderRequest, _ scene: Scene) throws(Refusal) {
        if request.opens || !options.hasAccountSide || request.size <= scene.holding.available { return }
        throw Refusal(
            .available,
            "\(request.size) cannot be sold: \(scene.holding.available) of \(scene.holding.amount) \(request.security) are"
                + " available")
    }

    private func checkLots(
        of request: OrderRequest, _ pricing: Pricing, _ units: TradingUnits, holding: Holding
    ) throws(Refusal) {
        let size = request.size
        let largest: Int64 = if case .limit = pricing { units.largestLimitOrder } else { units.largestMarketOrder }
        if size > largest {
            throw Refusal(.lot, "\(size) is more than the largest order of \(request.security), \(largest)")
        }
        // A buy has no odd rest to take along.
        let available = request.opens || !options.hasAccountSide ? 0 : holding.available
        let sale = SaleUnits(units: units, available: available)
        if sale.isWhole(size) { return }
        let lots =
            units.step == 1
            ? "\(units.least) or more" : "whole lots of \(units.step), at least \(units.least)"
        let (below, above) = (sale.roundedDown(size), sale.next(above: size))
        var right = below == 0 ? "\(above)" : "\(below) or \(above)"
        if available > 0, available != above { right += ", or all \(available)" }
        throw Refusal(
            .lot,
            "\(size) is no amount of \(request.security), which is ordered in \(lots): the nearest right amount is "
                + right)
    }

    // MARK: The time and the terminal

    private func checkTime(of request: OrderRequest, _ scene: Scene) throws(Refusal) {
        if options.isLive, !hours.calendar.covers(scene.day) {
            throw Refusal(
                .calendar,
                "the calendar does not cover \(scene.day), so nobody knows whether the market is open: "
                    + "add the closed days of \(scene.day.date.year) to the calendar's file")
        }
        // When futures trade depends on the product: their exchange says it.
        guard options.rules == .aShare, !options.takesOffSessionOrders, !request.isForFuture else { return }
        let local = hours.zone.local(scene.now)
        if !hours.calendar.isTradingDay(local.day) {
            throw Refusal(.session, "the market is closed on \(local.day); off_session_orders: true sends all the same")
        }
        if !TradingWindow.takesOrders(local.time) {
            throw Refusal(
                .session,
                "the market takes orders from 09:15 to 11:30 and from 13:00 to 15:00, and it is \(local.time);"
                    + " off_session_orders: true sends all the same")
        }
    }

    /// Why nothing may be reckoned with the account of a day, which was last read on another; nil if it may.
    func refusalOfAccount(of day: Day, synced: Day?) -> Refusal? {
        if !options.readsDaily || synced == day { return nil }
        let last = synced.map { "the last is of \($0)" } ?? "there is none"
        return Refusal(
            .notSynced,
            "the account of \(day) has not been read yet (\(last)): is the broker's terminal logged in?")
    }

    private func checkTerminal(_ scene: Scene) throws(Refusal) {
        if let refusal = refusalOfAccount(of: scene.day, synced: scene.syncedDay) { throw refusal }
        if options.isTooLong(scene.silence) {
            throw Refusal(
                .silence,
                "the broker's terminal has been silent for \(scene.silence): an order would lie there and go who"
                    + " knows when (max_gate_silence is \(options.longestSilence))")
        }
        if options.isTooOld(scene.age) {
            throw Refusal(
                .notSynced,
                "the account was last read whole \(scene.age) ago, and cash and positions may be others by now: the log says"
                    + " why its files cannot be read (max_gate_silence is \(options.longestSilence))")
        }
    }
}
