import CSupport
import Foundation
import Notation
import XCTest

/// A test of a live task: an order folder, the simulated terminal at it, and strategies that trade there.
class LiveTestCase: WorkplaceTestCase {
    static let account = "88901234"
    var orders: String { place.folder + "/orders" }

    override func setUpWithError() throws {
        try super.setUpWithError()
        try FileManager.default.createDirectory(atPath: orders, withIntermediateDirectories: true)
    }

    /// Starts the terminal and waits until the account can be read.
    @discardableResult
    func startTerminal(_ more: [String] = []) throws -> RunningProgram {
        let terminal = try place.start(
            [
                "run_terminal", "--dir", orders, "--account", Self.account, "--every-day", "--ledger", "ledger",
                "--market-data", "limit", "--seed", "7",
            ] + more)
        let isReady = eventually { self.file("assetInfo_") != nil && self.file("positionInfo_") != nil }
        XCTAssertTrue(isReady, "the terminal wrote no account: \(terminal.errors)")
        return terminal
    }

    /// What a live task of `Live.strategy` is started with.
    func live(_ deed: String, _ more: [String] = []) -> [String] {
        ["--param", "dir=\(orders)", "--param", "do=\(deed)", "--set", "restart_delay=0.02"] + more
    }

    /// The newest file of the order folder whose name begins like this.
    func file(_ stem: String) -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: orders)) ?? []
        return names.filter { $0.hasPrefix(stem) }.max().map { "orders/" + $0 }
    }

    /// The rows of the order file below its header, by their columns.
    func orderRows() -> [[String]] {
        let lines = file("algoOrder_").map { place.read($0) }?.split(separator: "\n") ?? []
        return lines.dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    /// The terminal's ledger: one object an event.
    func ledger() throws -> [JSON] {
        try place.read("ledger").split(separator: "\n").map { try JSON(parsing: String($0)) }
    }

    /// `get_orders --json`.
    func taskOrders(_ name: String = "demo") throws -> [JSON] {
        let said = try place.run(["get_orders", "-n", name, "--json"])
        XCTAssertEqual(said.code, 0, said.errors)
        return try JSON(parsing: said.output).list ?? []
    }

    /// Waits until every order of a task has come to its end.
    func waitForEndOfOrders(_ count: Int, within seconds: Double = 30) throws {
        let ends = ["filled", "canceled", "rejected", "partly_canceled"]
        var orders: [JSON] = []
        let ended = try eventually(within: seconds) {
            orders = try self.taskOrders()
            return orders.count >= count && orders.allSatisfy { ends.contains($0["status"]?.string ?? "") }
        }
        XCTAssertTrue(ended, "\(orders.map(\.compact).joined(separator: "\n"))\n\(place.read("demo.log"))")
    }
}

/// A strategy that trades with the simulated terminal; `--param do=` names what.
enum Live {
    static let strategy = StrategyShelf.shared.path("live", Strategies.tools + text)

    /// The market is open all day, so that a day's orders end at midnight only.
    private static let text = """
        func next_second(_ context: Context, _ seconds: Int = 1) -> String {
            let at = Int(context.current_dt.time.seconds) + seconds
            if at < 43200 { return "open+\\(at)s" }
            return at <= 86399 ? "close-\\(86399 - at)s" : "close+\\(at - 86399)s"
        }

        func process_initialize(_ context: Context) {
            set_options(
                trade_gate: "onequant", account_no: "\(LiveTestCase.account)", order_dir: context.param("dir", ""),
                calendar: "every_day", off_session_orders: true, market_period: [("00:00:00", "23:59:59")],
                sync_internal: 1)
            log.info("mode", context.mode, "cash", context.portfolio.available_cash)
            switch context.param("do", "") {
            case "trade": run_daily(trade, next_second(context))
            case "cancel": run_daily(cancel, next_second(context))
            case "leave": run_daily(leave, next_second(context))
            case "many": for second in 1...40 { run_daily(many, next_second(context, second), name: "many \\(second)") }
            case "trap": run_daily(trade_once, next_second(context))
            case "crash": for second in 1...40 { run_daily(crash, next_second(context, second)) }
            default: run_daily(look, "close")
            }
        }

        func look(_ context: Context) {}

        func trade(_ context: Context) {
            order("000001.XSHE", 200, LimitOrderStyle(10.5))
            let refused = order("000001.XSHE", 100, LimitOrderStyle(10.505))
            log.info("refused gives", refused as Any)
        }

        /// The next second of a worker that was started again is another slot.
        func trade_once(_ context: Context) {
            if get_orders().isEmpty { trade(context) }
        }

        func cancel(_ context: Context) {
            if let id = order("000001.XSHE", 100, LimitOrderStyle(9.5)) { log.info("cancel", cancel_order(id)) }
        }

        func leave(_ context: Context) {
            hold(context)
            order("000001.XSHE", 100, LimitOrderStyle(9.5))
        }

        /// Each order has a price of its own, and its number is kept before it is given.
        func many(_ context: Context) {
            for _ in 0..<40 {
                let number = context.state["given"] ?? 0
                if number >= 200 { return }
                context.state["given"] = number + 1
                order("000001.XSHE", 100, LimitOrderStyle(Double(1000 + number) / 100))
                poll(nil, 0, 10)
            }
        }

        func crash(_ context: Context) {
            if let id = order("000001.XSHE", 100, LimitOrderStyle(9.5)) { log.info("the trap follows", id) }
            let prices: [Int] = []
            log.info(prices[context.task_name.count])
        }

        func on_order(_ context: Context, _ order: Order) {
            log.info("on_order", order.code, order.status, order.filled_amount, "of", order.amount)
        }
        func on_trade(_ context: Context, _ trade: Trade) {
            if context.param("do", "") == "trap" { crash(context) }
            let position = context.portfolio.positions["000001.XSHE"]
            log.info("on_trade", trade.amount, "at", trade.price, "now", position.total_amount)
        }
        """
}
