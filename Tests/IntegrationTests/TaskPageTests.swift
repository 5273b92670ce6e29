import CSupport
import Foundation
import Notation
import XCTest

/// The page in a task's folder tells what the task did, whatever has ended its worker meanwhile.
final class TaskPageTests: LiveTestCase {
    /// Buys so often, at the market, once in the life of the task; the market is open all day and every day.
    private static let buyer = StrategyShelf.shared.path(
        "buyer",
        """
        import JQTrade
        func process_initialize(_ context: Context) {
            set_options(calendar: "every_day", market_period: [("00:00:00", "23:59:59")], market_rules: "none")
            subscribe("000001.XSHE", "tick") { _ in
                let bought = context.state["bought"] ?? 0
                if bought >= context.param("buys", 1) { return }
                context.state["bought"] = bought + 1
                order("000001.XSHE", 100)
            }
        }
        """)

    private let folder = "home/tasks/demo/"
    private var page: String { place.read(folder + "report.html") }

    /// Starts the buyer and waits until so many fills are remembered.
    @discardableResult
    private func buy(_ count: Int) throws -> RunningProgram {
        let program = try place.startTask(
            Self.buyer, ["--param", "buys=\(count)", "--set", "restart_delay=0.02", "--set", "initial_cash=50000"])
        try waitForFills(count)
        return program
    }

    private func waitForFills(_ count: Int, file: StaticString = #filePath, line: UInt = #line) throws {
        var fills = 0
        let came = eventually {
            let memory = FileManager.default.contents(atPath: self.place.folder + "/" + self.folder + "report.journal")
            fills = String(decoding: memory ?? Data(), as: UTF8.self).components(separatedBy: "fill ").count - 1
            return fills >= count
        }
        XCTAssertTrue(came, "\(fills) fills are remembered", file: file, line: line)
    }

    private func waitForPage(_ text: String, file: StaticString = #filePath, line: UInt = #line) {
        XCTAssertTrue(eventually { self.page.contains(text) }, "no \(text) in \(page)", file: file, line: line)
    }

    func testThePageGoesOnAfterKillsAndAgreesWithTheAccount() throws {
        let first = try buy(1)
        waitForPage("paper(random)")
        let pids = try place.pids()
        _ = kill(pids.worker, SIGKILL)
        try place.waitForTask { $0["restarts"]?.int == 1 && $0["state"]?.string == "running" }
        waitForPage("<small>1 fills</small>")

        // The worker leaves when its supervisor is gone.
        first.send(SIGKILL)
        try first.waitForExit()
        XCTAssertTrue(eventually { (try? self.place.task()?["state"]?.string) != "running" })
        try buy(3)
        let account = try JSON(parsing: place.run(["get_account", "-n", "demo", "--json"]).output)
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        XCTAssertTrue(page.contains("<small>3 fills</small>"), page)
        XCTAssertTrue(page.contains("50,000.00 →"), page)
        XCTAssertEqual(page.components(separatedBy: "<td class=\"up\">buy</td>").count, 4)
        let total = try XCTUnwrap(account["total_value"]?.double)
        let cash = total - (try XCTUnwrap(account["position_value"]?.double))
        XCTAssertEqual(account["available_cash"]?.double ?? 0, cash, accuracy: 0.0001, account.compact)
        for (value, words) in [(total, "→ %d,%03d.%02d"), (cash, "<dd>%d,%03d.%02d</dd>")] {
            let fen = Int((value * 100).rounded())
            let text = String(format: words, fen / 100_000, fen / 100 % 1000, fen % 100)
            XCTAssertTrue(page.contains(text), "\(text): \(account.compact)\n\(page)")
        }
    }

    func testAMemoryThatCannotBeReadIsBegunAnewAndThatIsSaid() throws {
        try place.write("no journal of ours, and longer than its first line", to: folder + "report.journal")
        let task = try buy(1)
        try task.waitFor("the page of the task begins anew")
        XCTAssertFalse(task.said("no job has a slot: run_daily"), "it subscribes, and needs no job")
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        XCTAssertTrue(page.contains("<small>1 fills</small>"), page)
    }

    func testAPageThatCannotBeWrittenIsSaidOnceAndHoldsNothingUp() throws {
        try place.write("", to: folder + "report.html/there.txt")
        let task = try buy(1)
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        let said = try task.waitForExit()
        XCTAssertEqual(said.output.components(separatedBy: "the page of the task cannot be written").count, 2)
    }

    func testALiveTaskHasAPageOfWhatTheBrokerTells() throws {
        try startTerminal()
        _ = try place.startTask(Live.strategy, live("trade"))
        try waitForEndOfOrders(1)
        try waitForFills(1)
        _ = kill(try place.pids().worker, SIGKILL)
        try place.waitForTask { $0["restarts"]?.int == 1 }
        waitForPage("LIVE ***234")
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        XCTAssertTrue(page.contains("the broker tells no fill's"), page)
        XCTAssertTrue(page.contains("<td>000001.XSHE</td><td class=\"up\">buy</td>"), page)
        XCTAssertFalse(page.contains(Self.account), "the account's number is nobody's business")
    }
}
