import JQTrade
import Market
import Simulation

/// A strategy that gives and cancels orders at random, and what it asked for: nothing of that lies on the disk that
/// crashes. No two of its orders have the same amount, so that each is known by it wherever it turns up.
final class CrashStrategy {
    /// An order that was asked for.
    struct Wish {
        let code: String
        let amount: Int
        let price: Double
        /// The orders and cancels that were asked for on that day before it.
        let askedBefore: Int
        /// The fill that it was an answer to.
        var cause: String?
        var answer = Answer.none
        /// What it is worth.
        var value: Double { price * Double(abs(amount)) }
    }

    /// What the strategy was told of it.
    enum Answer: Equatable {
        /// The program died before it could say anything.
        case none
        case given(String)
        case refused
    }

    static let codes = ["000001.XSHE", "600000.XSHG", "600519.XSHG", "000333.XSHE"]

    private(set) var wishes: [Wish] = []
    /// Whether the program is dead, so that what it is told counts for nothing.
    var isDead: () -> Bool = { false }
    /// True when it shall give no more orders.
    var isQuiet = false
    /// The trading day, by which orders are counted.
    var today: () -> Day = { Day(number: 0) }
    /// What was asked for so far, orders and cancels, by day.
    private var asked: [Day: Int] = [:]
    private let story: CrashStory
    private let times: [String]
    private let script: [String]
    private let mostWishes = 60
    private var random: SeededRandom

    /// With a script, the job at each time does what the script says; without one, what the seed says.
    init(_ story: CrashStory, times: [String], script: [String] = [], random: SeededRandom) {
        self.story = story
        self.times = times
        self.script = script
        self.random = random
    }

    /// The wish that an amount belongs to.
    func wish(_ amount: Int64) -> Wish? {
        amount % 100 == 0 && wishes.indices.contains(Int(amount / 100) - 1) ? wishes[Int(amount / 100) - 1] : nil
    }

    /// The strategy as the engine runs it.
    var entry: StrategyEntry {
        StrategyEntry(
            initialize: { [self] _ in
                if story.course == .midnight {
                    set_options(
                        calendar: "every_day", market_period: [CrashStory.allDay], off_session_orders: true)
                }
                set_options(
                    max_orders_per_day: story.mostOrders, max_traded_value_per_day: story.largestValue,
                    max_order_value: 0, sync_internal: story.course == .overnight && !isQuiet ? 600 : 4)
                set_options(
                    trade_gate: story.format.name, account_no: CrashMachine.account, order_dir: CrashMachine.orders)
                for (place, time) in times.enumerated() {
                    run_daily({ [self] _ in act(place) }, time, name: "job \(place)")
                }
            },
            onOrder: { [self] _, order in
                if !script.isEmpty { return }
                if random.oneIn(6), !order.isFinished { cancel([order.order_id]) }
                if random.oneIn(6) { give(1) }
            },
            onTrade: { [self] _, trade in
                if script.isEmpty, random.oneIn(4) { give(1, inAnswerTo: trade.trade_id) }
            })
    }

    private func act(_ place: Int) {
        if script.indices.contains(place) { return act(script[place]) }
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            act(["order", "order", "batch", "cancel", "cancel all", "sync"].randomElement(using: &random) ?? "order")
        }
    }

    private func act(_ word: String) {
        switch word {
        case "order": give(1)
        case "batch": give(Int.random(in: 2...6, using: &random))
        case "cancel":
            if let order = Array(get_open_orders()).randomElement(using: &random) { cancel([order.order_id]) }
        case "cancel all": cancel(get_open_orders().map(\.order_id))
        case "sync":
            sync_orders()
            sync_balance()
        default: break
        }
    }

    private func cancel(_ ids: [String]) {
        asked[today(), default: 0] += ids.count
        if ids.count == 1 { cancel_order(ids[0]) } else { batch_cancel_orders(ids) }
    }

    private func give(_ count: Int, inAnswerTo cause: String? = nil) {
        if isQuiet || isDead() || wishes.count + count > mostWishes { return }
        let first = wishes.count
        for _ in 0..<count {
            let size = (wishes.count + 1) * 100
            wishes.append(
                Wish(
                    code: Self.codes.randomElement(using: &random) ?? "", amount: random.oneIn(3) ? -size : size,
                    price: Double(Int.random(in: 950...1050, using: &random)) / 100,
                    askedBefore: asked[today()] ?? 0, cause: cause))
            asked[today(), default: 0] += 1
        }
        let given = wishes[first...]
        let ids =
            count == 1
            ? [order(given[first].code, given[first].amount, .limit(given[first].price))]
            : batch_submit_orders(given.map { OrderRequest($0.code, $0.amount, .limit($0.price)) })
        if isDead() { return }
        for (place, id) in ids.enumerated() { wishes[first + place].answer = id.map { .given($0) } ?? .refused }
    }
}
