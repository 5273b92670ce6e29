import JQTrade
import Market
import Notation

/// A runtime that writes down what a strategy's calls told it.
final class ScriptedRuntime: StrategyRuntime {
    var now = MarketZone.shanghai.instant(Day(year: 2026, month: 11, day: 20)!, TimeOfDay(9, 31, 5))
    var slotTime: Instant?
    var zone = MarketZone.shanghai
    var taskName = "demo"
    var mode = "paper"
    var isRestart = false
    var parameters: [String: String] = [:]
    var values: [String: JSON] = [:]

    private(set) var options: [(pairs: [(name: String, value: Any)], site: CallSite?)] = []
    private(set) var jobs: [(job: JobRegistration, site: CallSite)] = []
    private(set) var entries: [String] = []
    private(set) var problems: [(text: String, site: CallSite?)] = []
    /// The account's calls that gave no order.
    private(set) var calls: [(call: String, site: CallSite?)] = []
    private(set) var given: [(wishes: [OrderWish], call: AccountCall)] = []
    private(set) var ordersWishes: [OrdersWish] = []
    var todaysOrders: [Order] = []

    func setOptions(_ pairs: [(name: String, value: Any)], from site: CallSite?) { options.append((pairs, site)) }
    func register(_ job: JobRegistration, from site: CallSite) { jobs.append((job, site)) }
    func write(_ level: StrategyLogLevel, _ message: String) { entries.append("\(level) \(message)") }
    func parameter(_ name: String) -> String? { parameters[name] }
    func state(_ name: String) -> JSON? { values[name] }
    func setState(_ name: String, _ value: JSON?) { values[name] = value }
    func report(_ problem: String, from site: CallSite?) { problems.append((problem, site)) }

    func give(_ wish: OrderWish, from call: AccountCall) -> String? {
        given.append(([wish], call))
        return nil
    }
    func give(_ wishes: [OrderWish], from call: AccountCall) -> [String?] {
        given.append((wishes, call))
        return wishes.map { _ in nil }
    }
    func cancel(_ ids: [String], from call: AccountCall) -> [Bool] {
        calls.append((call.name, call.site))
        return ids.map { _ in false }
    }
    func orders(_ wish: OrdersWish, from call: AccountCall) -> [Order] {
        calls.append((call.name, call.site))
        ordersWishes.append(wish)
        return todaysOrders
    }
    func trades(from call: AccountCall) -> [Trade] {
        calls.append((call.name, call.site))
        return []
    }
    func portfolio(from call: AccountCall) -> Portfolio {
        calls.append((call.name, call.site))
        return Portfolio()
    }
    func sync(balance: Bool, orders: Bool, from call: AccountCall) { calls.append((call.name, call.site)) }
    func missedPosition(_ code: String, _ side: PositionSide) { missed.append("\(code) \(side)") }

    private(set) var missed: [String] = []
    private(set) var subscriptions: [(wish: SubscriptionWish, site: CallSite)] = []
    private(set) var barsWishes: [(wish: BarsWish, site: CallSite)] = []
    private(set) var costs: [(text: String, site: CallSite)] = []
    var barsToGive: [Bar] = []
    var dataToGive = CurrentData()

    func subscribe(_ wish: SubscriptionWish, from site: CallSite) { subscriptions.append((wish, site)) }
    func bars(_ wish: BarsWish, from site: CallSite) -> [Bar] {
        barsWishes.append((wish, site))
        return barsToGive
    }
    func lastPrice(_ code: String, from site: CallSite) -> Double? { dataToGive.last_price }
    func currentData(_ code: String, from site: CallSite) -> CurrentData {
        calls.append(("current data of \(code)", site))
        return dataToGive
    }
    func setOrderCost(_ cost: OrderCost, from site: CallSite) { costs.append(("\(cost)", site)) }
    func setSlippage(_ slippage: SlippageStyle, from site: CallSite) { costs.append(("\(slippage)", site)) }
}
