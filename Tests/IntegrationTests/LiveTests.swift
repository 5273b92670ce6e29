import CSupport
import Notation
import XCTest

/// The whole path: a strategy's order, the terminal's folder, the fill, the account.
final class LiveTests: LiveTestCase {
    func testAnOrderIsFilledAndTheAccountFollows() throws {
        let terminal = try startTerminal()
        let task = try place.startTask(Live.strategy, live("trade", ["-o", "demo.log"]))
        place.waitForText("on_trade 200 at 10.5 now 200", in: "demo.log")
        let log = place.read("demo.log")
        XCTAssertTrue(log.contains("LIVE: orders of this task go to the gate onequant, account ***234"), log)
        XCTAssertTrue(log.contains("mode live cash 1000000"), log)
        XCTAssertTrue(log.contains("on_order 000001.XSHE filled 200 of 200"), log)
        XCTAssertTrue(log.contains("refused gives nil"), log)
        XCTAssertTrue(terminal.output.contains("200 of 200 000001.XSHE"), terminal.output)

        let listed = try place.waitForTask { $0["open_orders"]?.int == 0 && $0["account_synced_at"]?.string != nil }
        XCTAssertEqual(listed["mode"]?.string, "LIVE ***234")
        XCTAssertTrue(try place.run(["get_tasks"]).output.inOrder("LIVE ***234", "account "))
        try checkWhatIsTold()
        let stopped = try place.run(["stop_task", "-n", "demo"])
        XCTAssertEqual(stopped.code, 0, stopped.errors)
        XCTAssertFalse(stopped.output.contains("still open"), stopped.output)
        XCTAssertEqual(try task.waitForExit().code, 0)
        try checkWhatIsTold()
    }

    func testAStopOnPaperSaysThatItIsPaper() throws {
        let rules = ["--set", "market_rules=none", "--param", "until=\(place.folder)/go", "--paper"]
        let task = try place.startTask(Live.strategy, live("leave", rules))
        try place.write("", to: "go")
        try task.waitFor("order")
        _ = try place.waitForTask { $0["open_orders"]?.int == 1 }
        XCTAssertEqual(try taskOrders()[0]["unanswered_seconds"], .null, "the exchange on paper answers at once")
        let stopped = try place.run(["stop_task", "-n", "demo"])
        XCTAssertTrue(stopped.output.contains("1 order still open on paper"), stopped.output)
    }

    /// A gate that tells nothing of cash and positions has none, and no zeros either.
    func testWhatNobodyTellsIsNotKnown() throws {
        let task = try place.startTask(Live.strategy, live("look", ["--set", "trade_gate=cats"]))
        XCTAssertTrue(task.output.contains("the gate \"cats\" tells nothing of cash and positions"), task.output)
        let account = try JSON(parsing: place.run(["get_account", "-n", "demo", "--json"]).output)
        for name in ["total_value", "available_cash", "locked_cash", "position_value", "synced_at", "positions"] {
            XCTAssertEqual(account[name], .null, name)
        }
        let text = try place.run(["get_account", "-n", "demo"]).output
        XCTAssertTrue(text.contains("cash and positions are not known"), text)
    }

    /// An account that does not change is read all the same, and which is which is told.
    func testWhenTheAccountWasReadAndWhenItChanged() throws {
        try startTerminal()
        _ = try place.startTask(Live.strategy, live("look"))
        func account() throws -> JSON { try JSON(parsing: place.run(["get_account", "-n", "demo", "--json"]).output) }
        let first = try account()
        let isRead = try eventually { try account()["synced_at"] != first["synced_at"] }
        XCTAssertTrue(isRead, place.read("demo.log"))
        XCTAssertEqual(try account()["changed_at"], first["changed_at"])
        let text = try place.run(["get_account", "-n", "demo"]).output
        XCTAssertTrue(text.inOrder("last read: 2", ", unchanged since 2"), text)
    }

    func testATaskThatNeverStartedHasNoOrders() throws {
        let start = ["start_task", "-c", Live.strategy, "-n", "demo"] + live("look", ["--set", "x=1"])
        XCTAssertEqual(try place.run(start).code, 5)
        for command in ["get_orders", "get_account"] {
            let said = try place.run([command, "-n", "demo"])
            XCTAssertEqual(said.code, 1)
            XCTAssertTrue(
                said.errors.contains("the task demo has no orders and no account: it has never been READY"), said.errors
            )
        }
    }

    /// The commands tell the same whether the task runs or not.
    private func checkWhatIsTold() throws {
        let orders = try taskOrders()
        XCTAssertEqual(orders.map { $0["status"]?.string }, ["filled", "rejected"])
        let filled = try XCTUnwrap(orders.first)
        XCTAssertEqual(filled["filled_amount"]?.int, 200)
        XCTAssertEqual(filled["avg_price"]?.double, 10.5)
        XCTAssertEqual(filled["order_id"]?.string, orderRows().first?[1])
        XCTAssertTrue(orders.last?["err_msg"]?.string?.contains("10.5") ?? false, orders.last?.compact ?? "")
        XCTAssertEqual(orderRows().count, 1, "what was refused has left")
        let table = try place.run(["get_orders", "-n", "demo"]).output
        XCTAssertTrue(table.inOrder("STATUS", "000001.XSHE", "filled", "rejected"), table)

        let said = try place.run(["get_account", "-n", "demo", "--json"])
        let account = try JSON(parsing: said.output)
        let position = try XCTUnwrap(account["positions"]?.list?.first, said.output)
        XCTAssertEqual(position["code"]?.string, "000001.XSHE")
        XCTAssertEqual(position["total_amount"]?.int, 200)
        let cash = try XCTUnwrap(account["available_cash"]?.double)
        XCTAssertLessThanOrEqual(cash, 997_900)
        XCTAssertGreaterThan(cash, 997_800)
        let text = try place.run(["get_account", "-n", "demo"]).output
        XCTAssertTrue(text.inOrder("total", "last read: 2", "CODE", "000001.XSHE"), text)
    }

    func testACancelTakesAnOrderBack() throws {
        try startTerminal()
        _ = try place.startTask(Live.strategy, live("cancel", ["-o", "demo.log"]))
        try waitForEndOfOrders(1)
        let order = try XCTUnwrap(taskOrders().first)
        XCTAssertTrue(place.read("demo.log").contains("cancel true"), place.read("demo.log"))
        // The terminal may have filled it before it saw the cancel.
        let wasCanceled = order["status"]?.string == "canceled"
        XCTAssertEqual(order[wasCanceled ? "canceled_amount" : "filled_amount"]?.int, 100, order.compact)
        XCTAssertEqual(try ledger().contains { $0["event"]?.string == "canceled" }, wasCanceled)
    }

    func testAStopSaysWhatItLeavesWithTheBroker() throws {
        let terminal = try startTerminal()
        _ = try place.startTask(Live.strategy, live("leave", ["--param", "until=\(place.folder)/go"]))
        terminal.send(SIGSTOP)
        defer { terminal.send(SIGCONT) }
        try place.write("", to: "go")
        let task = try place.waitForTask { $0["open_orders"]?.int == 1 }
        XCTAssertEqual(task["mode"]?.string, "LIVE ***234")
        let table = try place.run(["get_tasks"]).output
        XCTAssertTrue(table.inOrder("LIVE ***234", "1 open order", "account "), table)
        let stopped = try place.run(["stop_task", "-n", "demo"])
        XCTAssertTrue(stopped.output.contains("1 order still open at the broker"), stopped.output)
        XCTAssertEqual(try taskOrders().map { $0["status"]?.string }, ["new"])
        // The broker has not said a word of it, and that is shown.
        XCTAssertTrue(try eventually { try self.taskOrders()[0]["unanswered_seconds"]?.int ?? 0 > 0 })
        XCTAssertEqual(try taskOrders()[0]["err_msg"]?.string, "")
        let shown = try place.run(["get_orders", "-n", "demo"]).output
        XCTAssertTrue(shown.inOrder("new", "no answer from the broker for "), shown)

        // What is open is known from the start on.
        _ = try place.startTask(Live.strategy, live("look"))
        XCTAssertEqual(try place.task()?["open_orders"]?.int, 1)
        XCTAssertNotNil(try place.task()?["account_synced_at"]?.string)
        let again = try place.run(["stop_task", "-n", "demo"])
        XCTAssertTrue(again.output.contains("1 order still open at the broker"), again.output)

        terminal.send(SIGCONT)
        let last = try place.startTask(Live.strategy, live("look"))
        try last.waitFor("on_order 000001.XSHE filled 100 of 100")
        XCTAssertEqual(orderRows().count, 1)
    }

    /// A callback that has sent an order before it ended the worker sends it once, however often the worker is started.
    func testACallbackThatCrashesSendsItsOrderOnce() throws {
        try startTerminal()
        let task = try place.startTask(Live.strategy, live("trap"))
        try task.waitFor("on_trade is suspended for 2")
        XCTAssertTrue(task.output.contains("the worker ended while on_trade was told of order"), task.output)
        XCTAssertEqual(task.output.components(separatedBy: "the trap follows").count, 2, task.output)
        let worker = try XCTUnwrap(place.waitForTask { $0["state"]?.string == "running" }["pid"]?.int)
        _ = kill(Int32(worker), SIGKILL)
        _ = try place.waitForTask { $0["restarts"]?.int == 2 && $0["state"]?.string == "running" }
        XCTAssertGreaterThanOrEqual(try XCTUnwrap(place.task()?["job_errors"]?.int), 1)
        XCTAssertEqual(orderRows().count, 2)
        XCTAssertEqual(task.output.components(separatedBy: "the trap follows").count, 2, task.output)
    }

    /// A job that may have sent orders before it ended the worker does not send them once more.
    func testAJobThatCrashesIsSuspendedForTheDay() throws {
        try startTerminal()
        let task = try place.startTask(Live.strategy, live("crash"))
        try task.waitFor("skipped: crash")
        XCTAssertTrue(task.output.contains("crash is suspended for 2"), task.output)
        XCTAssertTrue(task.output.contains("its job is suspended for the day: the worker ended while it ran"))
        XCTAssertEqual(task.output.components(separatedBy: "the trap follows").count, 2, task.output)
        XCTAssertEqual(orderRows().count, 1)
        let schedule = try place.run(["get_schedule", "-n", "demo"]).output
        XCTAssertTrue(schedule.contains("its job is suspended for the day"), schedule)
    }
}
