import Accounts
import Gates
import JQTrade
import Logs
import Market
import MarketData
import PaperTrading
import Storage
import Time

/// The account on paper: the same account as a live one, over an exchange that fills from the market's data.
extension StrategyRun {
    /// True if orders go to a broker. Who only looks, or runs a backtest, trades on paper whatever the strategy names.
    var tradesLive: Bool { options.isLive && setting.gates.mayTrade }

    /// Sets up the account on paper, when the strategy first asks for it or else at the end of `process_initialize`: until
    /// then it may set options and costs.
    func openPaperAccount(from site: CallSite?) {
        guard account == nil, options.usesAccount, !tradesLive, phase == .initializing, problems.isEmpty else { return }
        if options.isLive {
            logger.info("the gate \"\(options.gateName)\" is not set up here: the paper gate takes its place")
        }
        do { try openPaper() } catch { report("the account on paper cannot be opened: \(error)", from: site) }
    }

    private func openPaper() throws {
        // In a backtest the feed decides what time it is.
        if mode == "backtest" { _ = marketDesk(from: nil) }
        let hours = try marketHours()
        let clock = loop.clock
        let folder = runFolder
        let paper = try paperSetting(hours)
        let exchange = PaperExchange(paper)
        exchange.onFill = observer.fill
        exchange.onDividend = observer.dividend
        exchange.onSettled = observer.dayClose
        let gate = PaperGate(exchange, disk: folder == nil ? nil : setting.disk, boot: BootID(setting.bootID))
        if let folder {
            try setting.disk.makeFolder(folder + "/paper")
            if let problem = bindToPaper().first { throw Misfit(description: problem) }
        }
        try gate.setup(
            GateDesk(
                options: [:], taskName: taskName, folder: folder ?? "", now: { clock.now },
                day: { hours.tradingDay(at: clock.now) }, zone: zone, log: { [logger] in logger.log($0.level, $1) }))
        self.exchange = exchange
        var rules = options.paperAccountOptions(takesOrdersAtClose: try feedIsDaily())
        rules.futures = paper.ruleBook.futures
        account = try Account.open(
            Account.Parts(
                gate: gate, folder: folder, disk: setting.disk, boot: BootID(setting.bootID), hours: hours,
                options: rules), now: clock.now)
        if let desk { join(exchange, desk) }
        heldChanges += account?.sync(now: clock.now) ?? []
    }

    /// The exchange hears what the market says, and both it and the account ask the market for prices.
    func join(_ exchange: PaperExchange, _ desk: MarketDesk) {
        desk.use(exchange, now: loop.clock.now)
        exchange.whyUnpriced = { [unowned desk] in desk.absence(of: $0) }
        account?.lastPrice = { [unowned desk] in desk.lastPrice($0) }
    }

    private func paperSetting(_ hours: MarketHours) throws -> PaperSetting {
        var paper = PaperSetting()
        paper.initialCash = options.initialCash
        paper.rules = options.marketRules
        paper.fill = options.fill
        paper.tPlus = options.daysToSale
        paper.hours = hours
        paper.costs = orderCosts
        if let slippage { paper.slippage = slippage }
        if let files = setting.paperFiles {
            paper.ruleBook = try files.ruleBook(in: setting.disk)
            paper.actions = try files.corporateActions(in: setting.disk)
        }
        return paper
    }

    /// On daily bars a strategy decides at the close for the next day: its orders are taken then.
    private func feedIsDaily() throws -> Bool { marketDesk(from: nil)?.isDaily ?? false }

    /// Positions and resting orders of an earlier run need their prices, whether or not the strategy asks for them.
    func watchWhatIsHeld() {
        guard exchange != nil, let account else { return }
        let held = account.portfolio(now: loop.clock.now).holdings.map(\.security)
        let ordered = account.openOrders().map(\.ticket.security)
        for security in Set(held + ordered).sorted() {
            guard let desk = marketDesk(from: nil) else { return }
            _ = number(of: security.code, on: desk, from: nil)
        }
    }

    /// The strategy's mode as the task list shows it.
    func tellPaperMode() {
        guard !tradesLive, let tell = observer.mode else { return }
        let isRandom = (try? FeedSpec(options.namedFeed ?? Options.standardFeed))?.isRandom ?? false
        tell(isRandom && (account != nil || desk != nil) ? "paper(random)" : "paper")
    }

    // MARK: News

    /// Tells the strategy what became of its orders, after whatever it was doing. What it orders in answer may be filled at
    /// once, and is told as well.
    func tellNews() {
        // After nearly every bar there is nothing.
        if !mayHaveNews { return }
        guard !isTellingNews, phase == .running else { return }
        isTellingNews = true
        defer { isTellingNews = false }
        for _ in 0..<1000 {
            if exchangeHasNews { takePaperNews() }
            guard !heldChanges.isEmpty else { return }
            let changes = heldChanges
            heldChanges = []
            tell(changes)
            flushAccount()
            tellAccount()
        }
        countError("on_order and on_trade give orders that are filled at once, again and again: the rest waits")
    }

    /// True if there may be anything to tell; looked at after each bar.
    @inline(__always)
    var mayHaveNews: Bool { exchangeHasNews || !heldChanges.isEmpty }

    /// Where nobody hears of news as it comes, that an order was taken may wait for what becomes of it: the account reads
    /// both at once.
    @inline(__always)
    private var exchangeHasNews: Bool { (hearsNews ? exchange?.hasNews : exchange?.hasOutcome) ?? false }

    /// Whether anybody hears of news as it comes; in most backtests nobody does.
    func listensToNews() -> Bool {
        entry.onOrder != nil || entry.onTrade != nil || logger.minimum <= .info || observer.account != nil
            || account?.isRemembered ?? false
    }

    /// A part of the day has begun. Who looks into a remembered account sees it as each part leaves it; of any other only
    /// the days count.
    func passTimeOfAccount(_ now: Instant) {
        guard let account else { return }
        heldChanges += account.isRemembered ? account.sync(now: now) : account.advance(to: now)
    }

    /// Has the account read what the paper exchange has to say.
    @inline(__always)
    func takePaperNews() {
        guard let exchange, exchange.hasNews, let account else { return }
        let changes = account.sync(now: loop.clock.now)
        if heldChanges.isEmpty { heldChanges = changes } else { heldChanges += changes }
    }

    /// Lets the paper exchange do what is due by time alone: auctions, the close, settlement.
    func advancePaper() { exchange?.advance(to: loop.clock.now) }

    // MARK: What trading costs

    /// Sets what trading costs.
    public func setOrderCost(_ cost: OrderCost, from site: CallSite) {
        guard maySetCosts("set_order_cost", site) else { return }
        do throws(PaperError) {
            orderCosts = try OrderCosts(
                openTax: cost.open_tax, closeTax: cost.close_tax, openCommission: cost.open_commission,
                closeCommission: cost.close_commission, minCommission: cost.min_commission)
        } catch { report("set_order_cost: \(error)", from: site) }
    }

    /// Sets how much worse than the market's price an order is filled.
    public func setSlippage(_ style: SlippageStyle, from site: CallSite) {
        guard maySetCosts("set_slippage", site) else { return }
        switch style {
        case .fixed(let yuan):
            if yuan >= 0, let money = Money(yuan) { return slippage = .fixed(money) }
        case .related(let share):
            if share >= 0, share < 1 { return slippage = .relative(millionths: Int64(share * 1_000_000 + 0.5)) }
        case .steps(let steps):
            if (0...1_000_000).contains(steps) { return slippage = .steps(steps) }
        }
        report(
            "set_slippage: \(style) is none: yuan and steps are 0 or more, a share of the price is below 1.", from: site
        )
    }

    private func maySetCosts(_ call: String, _ site: CallSite) -> Bool {
        guard mustInitialize(call, site) else { return false }
        if tradesLive {
            if absencesTold.insert(call).inserted {
                logger.info("\(site): \(call) has no effect here: what a broker takes is nobody's to set")
            }
            return false
        }
        if account == nil { return true }
        report("\(call): the account is open already: call it before the account is first asked for.", from: site)
        return false
    }

    private struct Misfit: Error, CustomStringConvertible { let description: String }
}
