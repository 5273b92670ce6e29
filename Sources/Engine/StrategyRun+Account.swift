import Accounts
import Gates
import JQTrade
import Logs
import Market
import Notation
import Scheduling
import Storage
import Time

/// The account of a run: set up inside `set_options`, synced by the clock, asked by the strategy.
extension StrategyRun {
    /// Sets up the account once a gate to a broker is named, so that the next line may read the portfolio.
    func openAccountIfNamed(from site: CallSite?) {
        guard account == nil, tradesLive, phase == .initializing else { return }
        let strays = options.strayGateOptions()
        guard strays.isEmpty, problems.isEmpty else { return strays.forEach { report($0, from: site) } }
        do {
            account = try openAccount()
        } catch {
            report("the account cannot be opened: \(error)", from: site)
        }
    }

    private func openAccount() throws -> Account {
        let kind = setting.gates.kind(options.gateName)
        guard let gate = options.ownGate ?? kind?.make(), let folder = runFolder else {
            throw NoGate(name: options.gateName)
        }
        let hours = try marketHours()
        let gateOptions = options.gateOptions(named: kind?.optionNames ?? gate.optionNames)
        let binding = TradingBinding(
            gate: options.gateName,
            account: gateOptions["account_no"]?.string ?? gateOptions["account_no"]?.compact ?? "",
            folder: gateOptions["order_dir"]?.string ?? "")
        let bound = try TradingBinding.read(in: folder, setting.disk)
        if let problem = binding.misfit(bound) { throw Misfit(description: problem) }
        if let problem = try problemOfMemory(binding, hours) { throw Misfit(description: problem) }
        try setting.disk.makeFolder(folder + "/gate")
        let clock = loop.clock
        try gate.setup(
            GateDesk(
                options: gateOptions, taskName: taskName, folder: folder + "/gate", now: { clock.now },
                day: { hours.tradingDay(at: clock.now) }, zone: zone, log: { [logger] in logger.log($0.level, $1) }))
        if let bound, binding.hasMoved(from: bound, setting.disk) {
            try checkNothingIsLeft(in: bound.folder, for: binding.folder, gate, folder, hours)
        }
        // Only now: a start that fails before leaves the name free.
        try bind(binding, folder)
        let account = try Account.open(
            Account.Parts(
                gate: gate, folder: folder, disk: setting.disk, boot: BootID(setting.bootID), hours: hours,
                options: options.accountOptions(hasAccountSide: gate.hasAccountSide)), now: loop.clock.now)
        let place = binding.folder.isEmpty ? "" : ", folder \(binding.folder)"
        logger.warn("LIVE: orders of this task go to \(binding.words)\(place)")
        for other in setting.livingTasks() {
            guard try binding.tradesBeside(TradingBinding.read(in: other.folder, setting.disk), setting.disk) else {
                continue
            }
            logger.warn(
                "the task \(other.name) trades with the same account and folder: each knows its own orders only, and both"
                    + " spend the same cash")
        }
        warnOfPaperOptions()
        observer.mode?(binding.account.isEmpty ? "LIVE" : "LIVE \(binding.masked)")
        heldChanges = account.sync(now: loop.clock.now)
        if options.ownGate != nil, gate.hasAccountSide, account.portfolio(now: loop.clock.now).syncedAt == nil {
            logger.warn(
                "the gate has not told its account yet: orders are refused until it does. One that knows no cash and no"
                    + " positions says so with `let hasAccountSide = false`")
        }
        return account
    }

    /// Of orders in another folder nobody would hear any more. If they are in the new one as well, it is the old one under
    /// another name.
    private func checkNothingIsLeft(
        in old: String, for new: String, _ gate: any TradeGate, _ folder: String, _ hours: MarketHours
    ) throws {
        let left = try OrderHistory.maybeOpen(
            taskFolder: folder, disk: setting.disk, hours: hours, now: loop.clock.now)
        if left.isEmpty || gate.find(left.map(\.ticket)).allSatisfy({ $0 == .found }) { return }
        let orders = left.count == 1 ? "1 order" : "\(left.count) orders"
        throw Misfit(
            description: "order_dir is \(new) now, and \(orders) of this task may still be open in \(old):"
                + " \(left.map(\.id).joined(separator: ", ")). Start it there until they are done or canceled. To trade in the"
                + " new folder at once, use another name, or --fresh, which forgets them.")
    }

    /// Who sets what an account on paper begins with may take this one for an account on paper.
    private func warnOfPaperOptions() {
        let set = options.setPaperOptions
        guard !set.isEmpty else { return }
        logger.warn(
            "\(set.joined(separator: ", ")): without effect here, for the account is the broker's; on paper alone"
                + " \(set.count == 1 ? "it means" : "they mean") anything")
    }

    /// A task that trades with no broker says so in its folder, lest it be started live there one day.
    func bindToPaper() -> [String] {
        guard let folder = runFolder else { return [] }
        do {
            let binding = TradingBinding(gate: GateRack.paper, account: "", folder: "")
            if let problem = binding.misfit(try TradingBinding.read(in: folder, setting.disk)) { return [problem] }
            if let problem = try problemOfMemory(binding, try marketHours()) { return [problem] }
            try bind(binding, folder)
            return []
        } catch {
            return ["what the task is bound to cannot be read or written: \(error)"]
        }
    }

    /// Says what the task leaves with the broker, and makes sure that it is remembered.
    func leaveAccount() {
        takePaperNews()
        guard let account else { return }
        flushAccount()
        let open = account.openOrders()
        if !open.isEmpty {
            let orders = open.count == 1 ? "1 order" : "\(open.count) orders"
            let place = tradesLive ? "at the broker" : "on paper"
            logger.warn("\(orders) still open \(place): \(open.map(\.id).joined(separator: ", "))")
        }
    }

    private struct NoGate: Error, CustomStringConvertible {
        let name: String
        var description: String { "there is no gate \(name), or no folder to keep its orders in." }
    }

    private struct Misfit: Error, CustomStringConvertible { let description: String }

    /// The account, or nil after saying that there is none.
    func account(for call: AccountCall) -> Account? {
        if phase == .initializing {
            openAccountIfNamed(from: call.site)
            openPaperAccount(from: call.site)
        } else if let exchange {
            exchange.advance(to: loop.clock.now)
            if exchange.hasNews { takePaperNews() }
        }
        guard let account else {
            refuseAccountCall(call)
            return nil
        }
        return account
    }

    // MARK: Syncing

    /// Sets the timer of the next sync.
    func armSync() {
        guard account != nil, tradesLive, phase == .running, options.syncsBalance || options.syncsOrders else { return }
        syncTimer = loop.after(options.syncInterval) { [unowned self] in self.syncByTheClock() }
    }

    /// A sync takes its time, so none begins just before a slot: it waits for it. Were it left out, slots in step with the
    /// syncs would leave out every one of them.
    private func syncByTheClock() {
        let now = loop.clock.now
        let next = slots.flatMap { slots in remembering { try slots.next() } ?? nil }
        if let next, next.at > now, next.at - now < .milliseconds(50), phase == .running {
            syncTimer = loop.at(next.at + .milliseconds(1), rank: LoopRank.sync) { [unowned self] in
                self.syncByTheClock()
            }
            return
        }
        if isInSyncPeriod(now) { sync(balance: options.syncsBalance, orders: options.syncsOrders) }
        armSync()
    }

    private func isInSyncPeriod(_ now: Instant) -> Bool {
        guard let periods = options.syncPeriods else { return true }
        let hours = MarketHours(calendar: .everyDay, periods: periods, zone: zone)
        return hours.day(zone.local(now).day).sessions.contains { $0.contains(now) || $0.end == now }
    }

    /// Asks the gate for news, and tells the strategy what has changed.
    func sync(balance: Bool, orders: Bool) {
        guard let account else { return }
        var changes: [AccountChange] = []
        activity("sync") {
            changes = account.sync(balance: balance, orders: orders, now: loop.clock.now)
            for late in account.unanswered(now: loop.clock.now) {
                logger.warn(
                    "order \(late.id) has had no answer for \(loop.clock.now - late.ticket.createdAt): ask the broker")
            }
        }
        tell(changes)
        if !changes.isEmpty { flushAccount() }
        tellAccount()
    }

    func flushAccount() {
        do { try account?.flushPending(now: loop.clock.now) } catch {
            countError("what is known of the orders could not be flushed: \(error)")
        }
    }

    /// How many orders are open and when the account was last read, for the task list.
    func tellAccount() {
        guard let tell = observer.account, let account else { return }
        let portfolio = account.portfolio(now: loop.clock.now)
        tell(account.openOrders().count, portfolio.syncedAt)
    }
}

extension GateLogLevel {
    var level: LogLevel {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warn: .warn
        case .error: .error
        }
    }
}
