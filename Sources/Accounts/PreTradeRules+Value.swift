import Gates
import Market

/// What an order may cost, and how many may go.
extension PreTradeRules {
    /// An order within the limits of value, and paid for; throws why it is not.
    func checkValue(
        of request: OrderRequest, at price: Money?, kind: TradingUnits.Kind?, _ scene: Scene
    ) throws(Refusal) {
        guard let price else { return try checkUnpriced(request, scene) }
        // A contract stands for many units of its price.
        let value = price.times(request.size)?.times(scene.holding.multiplier ?? 1) ?? Money(units: .max)
        if let largest = options.largestOrderValue, value > largest {
            throw Refusal(.orderValue, "it is worth \(value), and max_order_value is \(largest)")
        }
        if let largest = options.largestValuePerDay, value > largest - scene.valueToday {
            throw Refusal(
                .valuePerDay,
                "it is worth \(value); with the day's other orders, worth \(scene.valueToday), that is more"
                    + " than max_traded_value_per_day, \(largest)")
        }
        // What a contract costs is its margin, which its exchange reckons.
        guard request.tradeSide == .buy, options.hasAccountSide, !request.isForFuture else { return }
        let fees = options.fees.fees(of: value, .buy, kind: kind)
        if value <= scene.availableCash - fees { return }
        // Where nothing is estimated, only the other side knows what it takes.
        let estimate = options.fees == .none ? "" : " and about \(fees) in fees"
        throw Refusal(.cash, "it costs \(value)\(estimate), and \(scene.availableCash) is available")
    }

    /// Nobody can tell what an order will cost that is given at the market while no price is known. With real money it goes
    /// only if any cost will do.
    private func checkUnpriced(_ request: OrderRequest, _ scene: Scene) throws(Refusal) {
        let limits = [
            options.largestOrderValue.map { _ in "max_order_value" },
            options.largestValuePerDay.map { _ in "max_traded_value_per_day" },
        ].compactMap { $0 }
        if options.isLive, !limits.isEmpty {
            throw Refusal(
                .price,
                "no price of \(request.security) is known, so nobody can tell whether it is within"
                    + " \(limits.joined(separator: " and ")): name a limit price, or have prices come with market_data."
                    + " Without these limits (0) it goes at any price")
        }
        guard request.tradeSide == .buy, options.hasAccountSide, !request.isForFuture, scene.availableCash <= .zero
        else {
            return
        }
        throw Refusal(.cash, "there is no cash available")
    }

    /// Throws if as many have gone as may.
    func checkCounts(_ scene: Scene) throws(Refusal) {
        if scene.sentInMinute >= options.mostPerMinute {
            throw Refusal(
                .perMinute,
                "\(scene.sentInMinute) orders and cancels went out in the last minute, and"
                    + " max_orders_per_minute is \(options.mostPerMinute)")
        }
        if scene.sentToday >= options.mostPerDay {
            throw Refusal(
                .perDay,
                "\(scene.sentToday) orders and cancels went out today, and max_orders_per_day is"
                    + " \(options.mostPerDay)")
        }
    }
}
