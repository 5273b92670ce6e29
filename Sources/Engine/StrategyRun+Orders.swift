import Accounts
import Gates
import JQTrade
import Logs
import Market

/// The strategy's account calls: its words in, its views out, and each refusal said at its place.
extension StrategyRun {
    /// Gives an order.
    public func give(_ wish: OrderWish, from call: AccountCall) -> String? {
        guard let account = accountForOrders(call) else { return nil }
        prepare(wish, call)
        if let target = wish.target { return reach(target, wish, account, call) }
        let result = account.submit(wish.request, now: loop.clock.now)
        tellAccount()
        return tell(result, of: wish, call)
    }

    /// Gives several orders of shares in one step.
    public func give(_ wishes: [OrderWish], from call: AccountCall) -> [String?] {
        guard let account = accountForOrders(call) else { return wishes.map { _ in nil } }
        for wish in wishes { prepare(wish, call) }
        let results = account.submit(wishes.map(\.request), now: loop.clock.now)
        tellAccount()
        return zip(wishes, results).map { tell($1, of: $0, call) }
    }

    /// The account that takes orders now. What the strategy remembers, and that it is about to send some, is written before
    /// any of them.
    private func accountForOrders(_ call: AccountCall) -> Account? {
        guard let account = account(for: call), mayOrder(call) else { return nil }
        saveState()
        noteCallback()
        return account
    }

    private func tell(_ result: Result<OrderID, Refusal>, of wish: OrderWish, _ call: AccountCall) -> String? {
        switch result {
        case .success(let id):
            logger.info("order \(id) \(wish.words) given")
            return id
        case .failure(let refusal):
            refuse("\(wish.words): \(refusal.sentence)", call)
            return nil
        }
    }

    /// What an order needs beside itself: on paper a price to be filled at, at a broker's market one to be measured by. And
    /// what is said of it.
    private func prepare(_ wish: OrderWish, _ call: AccountCall) {
        if exchange != nil || wantsPrice(wish), let desk = marketDesk(from: call.site) {
            _ = number(of: wish.code, on: desk, from: call.site)
        }
        guard case .limit(0) = wish.style, absencesTold.insert("LimitOrderStyle(0)").inserted else { return }
        let place = call.site.map { "\($0): " } ?? ""
        logger.warn(
            "\(place)LimitOrderStyle(0) is taken for BestPriceStyle(), as of old: write that. It is said once.")
    }

    /// True if a broker's market order has no price to be measured by but that of a feed.
    private func wantsPrice(_ wish: OrderWish) -> Bool {
        tradesLive && options.namedFeed != nil && !wish.isLimited
            && account?.position(Security(wish.code), wish.side).lastPrice == .zero
    }

    private func reach(
        _ target: OrderTarget, _ wish: OrderWish, _ account: Account, _ call: AccountCall
    ) -> String? {
        let outcome = account.reach(
            target, Security(wish.code), at: wish.price, side: wish.side, now: loop.clock.now)
        tellAccount()
        switch outcome {
        case .sent(let id, let note):
            logger.info("order \(id) \(wish.words) given\(note.map { "; \($0)" } ?? "")")
            return id
        case .nothing(let reason): logger.info("\(wish.words): nothing to do: \(reason)")
        case .waiting(let ids):
            logger.info("\(wish.words): waiting for the cancel of \(ids.joined(separator: ", "))")
        case .refused(let refusal): refuse("\(wish.words): \(refusal.sentence)", call)
        }
        return nil
    }

    /// Asks for cancels.
    public func cancel(_ ids: [String], from call: AccountCall) -> [Bool] {
        guard let account = account(for: call) else { return ids.map { _ in false } }
        noteCallback()
        let refusals = account.cancel(ids, now: loop.clock.now)
        return zip(ids, refusals).map { id, refusal in
            if let refusal { refuse("cancel of \(id): \(refusal.sentence)", call) }
            return refusal == nil
        }
    }

    /// Today's orders: only those that are wished are put into a strategy's words, for that takes longest.
    public func orders(_ wish: OrdersWish, from call: AccountCall) -> [Order] {
        guard let account = account(for: call) else { return [] }
        let security = wish.code.map(Security.init(_:))
        let states =
            wish.isOpen
            ? account.openOrders(security) : account.orders(id: wish.id, security: security, status: wish.status)
        return states.map { Order($0, zone: zone) }
    }

    /// Today's fills.
    public func trades(from call: AccountCall) -> [JQTrade.Trade] {
        account(for: call)?.trades.map { Trade($0, zone: zone) } ?? []
    }

    /// Cash and positions.
    public func portfolio(from call: AccountCall) -> JQTrade.Portfolio {
        guard let account = account(for: call) else { return Portfolio() }
        let portfolio = account.portfolio(now: loop.clock.now)
        if !account.hasAccountSide, absencesTold.insert("no account side").inserted {
            let place = call.site.map { "\($0): " } ?? currentJob.map { "job \($0): " } ?? ""
            logger.warn(
                "\(place)the gate \"\(options.gateName)\" tells nothing of cash and positions: what context.portfolio has is"
                    + " 0, or what this task has traded itself. It is said once.")
        }
        return Portfolio(portfolio, zone: zone)
    }

    /// Syncs on the strategy's demand. What changed is handed to it when the current activity has ended.
    public func sync(balance: Bool, orders: Bool, from call: AccountCall) {
        guard let account = account(for: call) else { return }
        heldChanges += account.sync(balance: balance, orders: orders, now: loop.clock.now)
        loop.post { [unowned self] in self.tellHeldChanges() }
    }

    /// Hands over the changes that came while the strategy could not be called.
    func tellHeldChanges() {
        guard phase == .running, !heldChanges.isEmpty else { return }
        let changes = heldChanges
        heldChanges = []
        tell(changes)
        tellAccount()
    }

    /// Warns of a position that does not exist, once for each code and day.
    public func missedPosition(_ code: String, _ side: PositionSide) {
        guard account != nil, phase == .running else { return }
        let today = zone.local(loop.clock.now).day
        if missedPositions?.day != today { missedPositions = (today, []) }
        guard missedPositions?.codes.insert("\(code) \(side)").inserted == true else { return }
        logger.warn(
            "\(currentJob.map { "\($0): " } ?? "")there is no \(side) position of \(code): an empty one is answered."
                + " positions.contains(\"\(code)\") asks without a warning. It is said once a day.")
    }

    private func mayOrder(_ call: AccountCall) -> Bool {
        if phase == .running { return true }
        report(
            "\(call.name): orders cannot be given in process_initialize or process_exit: no order was sent.",
            from: call.site)
        return false
    }

    private func refuse(_ sentence: String, _ call: AccountCall) {
        let place = call.site.map { "\($0): " } ?? ""
        logger.warn("\(place)refused: \(sentence)")
    }

    /// A call that needs an account: said once for each place, for a job may repeat it every minute.
    func refuseAccountCall(_ call: AccountCall) {
        // Why there is none has been said, and the start fails by it.
        if phase == .initializing, !problems.isEmpty { return }
        let place = call.site.map { "\($0.path):\($0.line): " } ?? currentJob.map { "job \($0): " } ?? ""
        guard absencesTold.insert(place + call.name).inserted else { return }
        let reason =
            options.usesAccount
            ? "the gate \"\(options.gateName)\" has no account here" : "this task has no account (use_account: false)"
        logger.error("\(place)\(call.name): \(reason), so the call has no effect. It is said once for each place.")
    }
}

extension OrderWish {
    /// What is asked for, if it is said in shares.
    fileprivate var request: Accounts.OrderRequest {
        Accounts.OrderRequest(Security(code), amount, price, side: side)
    }

    /// The shares that are asked for, if it is said in shares.
    fileprivate var amount: Int64 { if case .amount(let amount) = quantity { Int64(amount) } else { 0 } }

    /// The target, if it is not said in shares.
    fileprivate var target: OrderTarget? {
        switch quantity {
        case .amount: nil
        case .value(let yuan): .change(yuan)
        case .target(let amount): .amount(Int64(amount))
        case .targetValue(let yuan): .value(yuan)
        }
    }

    /// True if it names its price.
    fileprivate var isLimited: Bool { if case .limit(let yuan) = style { yuan != 0 } else { false } }

    fileprivate var price: Accounts.OrderRequest.Price {
        switch style {
        case .limit(let price): .limit(price)
        case .market: .market
        case .bestPrice: .best
        }
    }

    fileprivate var words: String {
        switch quantity {
        case .amount(let amount): "\(code) \(amount) \(style)"
        case .value(let yuan): "\(code) worth \(yuan) \(style)"
        case .target(let amount): "\(code) to \(amount) \(style)"
        case .targetValue(let yuan): "\(code) to a worth of \(yuan) \(style)"
        }
    }
}
