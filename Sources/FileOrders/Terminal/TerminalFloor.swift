import Gates
import Market
import MarketData
import PaperTrading

/// The exchange behind a terminal, which keeps the account too. With a feed it fills orders as the market goes, under the
/// rules of the exchanges; without one nothing happens there but what the terminal decides, and trading costs nothing.
///
/// It follows from the ledger as the terminal does: what is written there is told to a new exchange as facts.
final class TerminalFloor {
    /// True if it fills orders by itself.
    var isMarket: Bool { feed != nil }

    private let exchange: PaperExchange
    private var happened: [TerminalLedger.Event] = []
    private let feed: (any MarketFeed)?
    private let hours: MarketHours
    private var day: Day?
    private var watched: Set<Security> = []

    init(_ settings: TerminalSettings, _ feed: (any MarketFeed)?, _ ledger: TerminalLedger) {
        var setting = PaperSetting()
        setting.initialCash = settings.opening.cash
        setting.hours = settings.hours
        if feed == nil {
            (setting.rules, setting.tPlus) = (.none, 1)
            setting.costs = .nothing
        } else {
            (setting.ruleBook, setting.actions) = (settings.ruleBook, settings.actions)
        }
        exchange = PaperExchange(setting)
        hours = settings.hours
        self.feed = feed
        for (security, held) in settings.opening.holdings.sorted(by: { $0.key < $1.key }) {
            exchange.noteHolding(
                security, held.amount, available: held.available, cost: held.cost, last: held.lastPrice)
        }
        for entry in ledger.entries { recall(entry) }
        exchange.onFill = { [unowned self] fill in
            if let number = Int(fill.id) {
                happened.append(.filled(number: number, amount: fill.amount, price: fill.price))
            }
        }
    }

    /// Cash and shares as they are now.
    var account: TerminalAccount { TerminalAccount(at: exchange) }

    /// What is wrong with the feed since the last call.
    func takeProblems() -> [String] { feed?.takeProblems() ?? [] }

    /// Makes trades smaller: the rest waits for what the market does next.
    func divide(_ portion: @escaping (Int64) -> Int64) { exchange.portion = portion }

    // MARK: Time

    /// Another trading day; open orders have ended with the last one.
    func begin(_ today: Day) {
        if today == day { return }
        if day != nil { exchange.noteDay(today) }
        day = today
    }

    /// Lets the market go on until now.
    func pass(to now: Instant) {
        while let feed, let event = feed.next(upTo: now) {
            switch event {
            case .facts(let number, let facts): exchange.take(facts, of: number)
            case .tick(let number, let tick): exchange.take(tick, of: number)
            case .bar(let number, let bar): exchange.take(bar, feed.unit ?? .minute, of: number)
            }
        }
        exchange.advance(to: now)
    }

    /// What happened next of which nothing stands in the ledger yet; it stays until it is finished with.
    func nextEvent() -> TerminalLedger.Event? {
        for update in exchange.takeUpdates() {
            guard let number = Int(update.id), case .state(let status) = update.news else { continue }
            switch status {
            case .canceled, .partly_canceled: happened.append(.canceled(number: number))
            case .rejected: happened.append(.rejected(number: number, reason: update.message))
            default: break
            }
        }
        return happened.first
    }

    func finishEvent() { happened.removeFirst() }

    /// Has the feed tell of a security from now on; throws why it cannot.
    func watch(_ security: Security, now: Instant) throws {
        guard let feed, !watched.contains(security) else { return }
        try feed.add(security, as: exchange.number(of: security), now: now)
        watched.insert(security)
    }

    /// What needs its prices, whether anybody orders it or not.
    var held: [Security] { exchange.holdings.map(\.security) }

    // MARK: Orders

    /// Takes an order, or throws why not; answers with the price that it holds cash for.
    func take(_ order: TerminalOrder, now: Instant) throws(PaperError) -> Money {
        try exchange.take(order.ticket, now: now)
    }

    /// Takes back what was taken a moment ago.
    func withdraw(_ order: TerminalOrder) { exchange.withdraw(order.ticket.id) }

    /// Fills an order with what the market gives now.
    func match(_ order: TerminalOrder, now: Instant) { exchange.match(order.ticket.id, now: now) }

    /// Fills an order at its price; answers how much of it was filled.
    func fill(_ order: TerminalOrder, now: Instant) -> Int64 {
        exchange.noteFill(of: order.ticket.id, order.open, at: order.price, now: now)
    }

    /// True if the exchange takes no cancel of an order now.
    func refusesCancel(of order: TerminalOrder, now: Instant) -> Bool {
        exchange.refusalOfCancel(order.ticket.id, now: now) != nil
    }

    /// Ends an order.
    func cancel(_ order: TerminalOrder) { exchange.noteCancel(of: order.ticket.id) }

    /// Sends an order back.
    func reject(_ order: TerminalOrder, _ reason: String) { exchange.noteRejection(of: order.ticket.id, reason) }

    private func recall(_ entry: TerminalLedger.Entry) {
        begin(hours.tradingDay(at: entry.at))
        switch entry.event {
        case .accepted(let order): exchange.noteOrder(order.ticket, holdPrice: order.price, now: entry.at)
        case .filled(let number, let amount, let price):
            exchange.noteFill(of: "\(number)", amount, at: price, now: entry.at)
        case .canceled(let number): exchange.noteCancel(of: "\(number)")
        case .rejected(let number, let reason): exchange.noteRejection(of: "\(number)", reason)
        case .refused, .cancelTaken, .cancelRefused: break
        }
    }
}

extension TerminalOrder {
    /// As the exchange is given it: by the counter's number, for a client's id may come twice.
    fileprivate var ticket: OrderTicket {
        OrderTicket(
            id: "\(number)", security: security, side: side, position: .long, amount: amount,
            pricing: isMarket ? .market : .limit(price), day: day, createdAt: entrustedAt)
    }
}

extension PaperError {
    /// The counter's words for it.
    var refusal: String {
        switch matter {
        case .cash: "可用资金不足"
        case .holding: "可用股份不足"
        case .amount: "委托数量错误"
        case .price: "价格错误"
        case .pause: "证券停牌"
        case .other: "委托无法受理"
        }
    }
}
