import Accounts
import Gates
import JQTrade
import Logs
import Market
import MarketData

/// The strategy's questions to the market, and what it subscribes to.
extension StrategyRun {
    /// A subscription as the strategy made it; its place in the list is its number on the desk.
    struct Subscription {
        let code: String
        /// Nil for ticks.
        let unit: BarUnit?
        let isPartial: Bool
        let site: CallSite

        var words: String { "\(code) \(unit?.rawValue ?? "tick")" }
    }

    /// What a subscription calls. A function that lies in a list by itself is wrapped, and copies each bar once more.
    struct BarHandler { let call: (Bar) throws -> Void }

    /// Takes a subscription. Its data begins to come when process_initialize has ended, for only then is the feed known.
    public func subscribe(_ wish: SubscriptionWish, from site: CallSite) {
        guard mustInitialize("subscribe", site) else { return }
        let unit = BarUnit(rawValue: wish.unit)
        guard unit != nil || wish.unit == "tick" else { return report("subscribe: \(noUnit(wish.unit))", from: site) }
        subscriptions.append(
            Subscription(code: wish.code, unit: unit, isPartial: wish.isPartial, site: site))
        handlers.append(BarHandler(call: wish.handler))
    }

    private func noUnit(_ word: String) -> String {
        let units = BarUnit.allCases.map { "\"\($0)\"" }.joined(separator: ", ")
        return "there is no unit \"\(word)\": bars are \(units), and \"tick\" is for subscribe."
    }

    /// Has the data of all subscriptions come; what cannot is a problem of the start.
    func openSubscriptions() {
        guard let first = subscriptions.first, let desk = marketDesk(from: first.site) else { return }
        let now = loop.clock.now
        for (index, wish) in subscriptions.enumerated() {
            let call = "subscribe(\"\(wish.code)\", \"\(wish.unit?.rawValue ?? "tick")\")"
            if let problem = wish.unit.flatMap(desk.problem) ?? (wish.unit == nil ? desk.problemWithTicks : nil) {
                report("\(call): \(problem).", from: wish.site)
            } else if let number = number(of: wish.code, on: desk, from: wish.site) {
                if let unit = wish.unit {
                    desk.subscribe(index, to: unit, of: number, isPartial: wish.isPartial, now: now)
                } else {
                    desk.subscribeToTicks(index, of: number)
                }
            }
        }
    }

    /// The bars that a strategy asks for.
    public func bars(_ wish: BarsWish, from site: CallSite) -> [Bar] {
        guard let unit = BarUnit(rawValue: wish.unit) else {
            report("get_bars: \(noUnit(wish.unit))", from: site)
            return []
        }
        guard (1...100_000).contains(wish.count) else {
            report("get_bars: \(wish.count) is no number of bars: ask for 1 to 100000.", from: site)
            return []
        }
        guard let desk = marketDesk(from: site), let number = number(of: wish.code, on: desk, from: site) else {
            return []
        }
        if let problem = desk.problem(with: unit) {
            report("get_bars(\"\(wish.code)\", \(wish.count), \"\(wish.unit)\"): \(problem).", from: site)
            return []
        }
        let found = desk.bars(
            wish.count, unit, of: number, includingGrowing: wish.includesNow, now: loop.clock.now)
        let teller = BarTeller(code: wish.code, zone: zone)
        var bars: [Bar] = []
        bars.reserveCapacity(found.closed.count + 1)
        for bar in found.closed { bars.append(teller.bar(bar, isClosed: true)) }
        if let growing = found.growing { bars.append(teller.bar(growing, isClosed: false)) }
        return bars
    }

    /// What is known of a security now.
    public func currentData(_ code: String, from site: CallSite) -> CurrentData {
        guard let desk = marketDesk(from: site), let number = number(of: code, on: desk, from: site) else {
            return CurrentData()
        }
        return desk.data(of: number, at: loop.clock.now)
    }

    /// The last price of a security.
    public func lastPrice(_ code: String, from site: CallSite) -> Double? {
        guard let desk = marketDesk(from: site), let number = number(of: code, on: desk, from: site) else { return nil }
        return desk.lastPrice(of: number)?.yuan
    }

    /// The number of a security on the desk; its data begins to come if nobody has asked for it before.
    func number(of code: String, on desk: MarketDesk, from site: CallSite?) -> Int? {
        desk.number(of: code, now: loop.clock.now) { asked in
            switch asked {
            case .success:
                feedHasEnded = false
                if phase == .running { armMarket() }
            case .failure(let problem): report("\(problem)", from: site)
            }
        }
    }

    /// Says how many ticks were not believed, at the end of the day and of the run. Many a vendor goes on after the close:
    /// that alone is no fault.
    func tellDroppedTicks() {
        for (security, ticks) in desk?.takeDropped() ?? [] {
            let counts = TickFilter.Reason.allCases.compactMap { reason in ticks[reason].map { "\($0) \(reason)" } }
            let isFault = ticks.keys.contains { $0 != .outsideSessions }
            logger.log(
                isFault ? .warn : .info,
                "market data: ticks of \(security) were left out: \(counts.joined(separator: ", "))")
        }
    }

    // MARK: The feed

    /// The market desk, opened when it is first needed; nil after saying that there is none.
    func marketDesk(from site: CallSite?) -> MarketDesk? {
        if let desk { return desk }
        guard setting.readsMarket, !hasNoMarket, phase == .initializing || phase == .running else { return nil }
        do { desk = try openDesk() } catch {
            hasNoMarket = true
            report("there is no market data: \(error)", from: site)
        }
        return desk
    }

    private func openDesk() throws -> MarketDesk {
        let spec = try feedSpec()
        let hours = try marketHours()
        let now = loop.clock.now
        let isVirtual = mode == "backtest"
        let feed = try setting.makeFeed(
            spec,
            FeedDesk(
                hours: hours, disk: setting.disk, absolutePath: setting.absolutePath, now: now, span: setting.days,
                isVirtual: isVirtual))
        logger.info("market data: \(feed.summary)")
        let desk = MarketDesk(
            feed: feed, hours: hours, patience: isVirtual || spec.isRandom ? .zero : .seconds(3))
        desk.sample = observer.price
        desk.sampleEvery = observer.priceEvery
        if let exchange { join(exchange, desk) }
        // A broker is not to be given values reckoned with an old price.
        if tradesLive {
            account?.lastPrice = { [unowned desk, loop] in desk.lastPrice($0, since: loop.clock.now - .seconds(60)) }
        }
        if let descriptor = feed.descriptor {
            feedWatch = loop.watch(descriptor, .read) { [unowned self] in self.hearMarket() }
        }
        return desk
    }

    /// The feed that was named, or the one that needs no name on paper.
    private func feedSpec() throws -> FeedSpec {
        if let named = options.namedFeed { return try FeedSpec(named) }
        guard !tradesLive else { throw NoFeed(gate: options.gateName) }
        return try FeedSpec(Options.standardFeed)
    }

    /// What is wrong with the feed that was named, whether anybody asks for data or not.
    func feedProblems() -> [String] {
        guard let named = options.namedFeed else { return [] }
        do throws(FeedError) {
            guard try FeedSpec(named).isRandom, tradesLive else { return [] }
        } catch { return ["\(error)"] }
        return [
            "market_data \"\(named)\" cannot feed a task that trades through the gate \"\(options.gateName)\": its prices"
                + " are made up. Name a real feed, or trade_gate: \"paper\"."
        ]
    }

    private struct NoFeed: Error, CustomStringConvertible {
        let gate: String
        var description: String {
            "a task that trades through the gate \"\(gate)\" has the feed that it names, with market_data in set_options,"
                + " and it names none."
        }
    }
}
