import Market
import Notation
import XCTest

@testable import JQTrade

/// What a strategy reads from and keeps in its context.
final class ContextTests: XCTestCase {
    private let runtime = ScriptedRuntime()
    private lazy var context = Context(runtime)

    override func setUp() { StrategyHost.attach(runtime) }
    override func tearDown() { StrategyHost.attach(nil) }

    func testTheTaskAndItsMode() {
        XCTAssertEqual(context.task_name, "demo")
        XCTAssertFalse(context.is_live)
        XCTAssertFalse(context.is_restart)
        runtime.mode = "live"
        XCTAssertTrue(context.is_live)
    }

    func testStrategyTimeIsTheSlotsHoweverLateItRuns() {
        XCTAssertEqual(context.strategy_dt, context.current_dt)
        runtime.slotTime = runtime.now - .seconds(5 as Int64)
        XCTAssertEqual(context.current_dt.description, "2026-11-20 09:31:05.000")
        XCTAssertEqual(context.strategy_dt.description, "2026-11-20 09:31:00.000")
        XCTAssertEqual(context.strategy_dt.hour, 9)
        XCTAssertEqual(context.strategy_dt.minute, 31)
        XCTAssertEqual(context.current_dt.second, 5)
        XCTAssertTrue(context.strategy_dt.time < TimeOfDay(14, 30))
    }

    func testParametersAreReadAsTheTypeOfTheirDefault() {
        runtime.parameters = ["fast": "10", "ratio": "0.25", "name": "x", "on": "true"]
        XCTAssertEqual(context.param("fast", 5), 10)
        XCTAssertEqual(context.param("slow", 20), 20)
        XCTAssertEqual(context.param("ratio", 0.5), 0.25)
        XCTAssertEqual(context.param("fast", 0.5), 10)
        XCTAssertEqual(context.param("name", "y"), "x")
        XCTAssertEqual(context.param("on", false), true)
        XCTAssertEqual(runtime.problems.count, 0)
    }

    /// As in set_options: 3.0 is three, and 3.5 is no whole number.
    func testAWholeNumberMayBeWrittenWithAPoint() {
        runtime.parameters = ["fast": "3.0", "slow": "3.5", "huge": "1e300"]
        XCTAssertEqual(context.param("fast", 5), 3)
        XCTAssertEqual(runtime.problems.count, 0)
        XCTAssertEqual(context.param("slow", 5), 5)
        XCTAssertEqual(context.param("huge", 5), 5)
        XCTAssertEqual(runtime.problems.count, 2)
    }

    func testAParameterOfAnotherTypeIsReportedAtItsPlace() {
        runtime.parameters = ["fast": "ten", "ratio": "inf", "on": "maybe"]
        let line = #line + 1
        XCTAssertEqual(context.param("fast", 5), 5)
        XCTAssertEqual(context.param("ratio", 0.5), 0.5)
        XCTAssertEqual(context.param("on", true), true)
        XCTAssertEqual(runtime.problems.count, 3)
        XCTAssertEqual(
            runtime.problems[0].text, "--param fast=ten: not a whole number. Give it a value like fast=5")
        XCTAssertEqual(runtime.problems[0].site?.line, line)
    }

    func testStateHoldsPlainValues() {
        context.state["count"] = 3
        context.state["count"] = (context.state["count"] ?? 0) + 1
        context.state["price"] = 2.5
        context.state["on"] = true
        context.state["codes"] = ["000001.XSHE", "000002.XSHE"]
        context.state["by code"] = ["b": 2, "a": 1]
        XCTAssertEqual(context.state["count"]?.int, 4)
        XCTAssertEqual(context.state["price"]?.double, 2.5)
        XCTAssertEqual(context.state["on"]?.bool, true)
        XCTAssertNil(context.state["count"]?.string)
        let codes: [String]? = context.state["codes"]
        XCTAssertEqual(codes, ["000001.XSHE", "000002.XSHE"])
        let byCode: [String: Int]? = context.state["by code"]
        XCTAssertEqual(byCode, ["a": 1, "b": 2])
        XCTAssertEqual(runtime.values["by code"], .object([.init("a", .integer(1)), .init("b", .integer(2))]))
        context.state["count"] = nil
        XCTAssertNil(context.state["count"]?.int)
    }

    func testStateOfAnotherTypeIsNil() {
        runtime.values = ["list": .list([.integer(1), .text("x")]), "huge": .number(1e300), "half": .number(1.5)]
        let list: [Int]? = context.state["list"]
        XCTAssertNil(list)
        XCTAssertNil(context.state["huge"]?.int)
        XCTAssertNil(context.state["half"]?.int)
        XCTAssertEqual(JSON.number(-3).int, -3)
        XCTAssertNil(JSON.number(.nan).int)
    }

    func testWhatJSONCannotHoldIsNotSaved() {
        context.state["x"] = 1.5
        context.state["x"] = Double.nan
        context.state["x"] = ["deep": [Double.infinity]]
        XCTAssertEqual(context.state["x"]?.double, 1.5)
        XCTAssertEqual(runtime.problems.count, 2)
    }

    func testAPortfolioWithoutAnAccountIsEmpty() {
        let portfolio = context.portfolio
        XCTAssertEqual(runtime.calls.map(\.call), ["context.portfolio"])
        XCTAssertEqual(portfolio.total_assert, 0)
        let position = portfolio.positions["000001.XSHE"]
        XCTAssertEqual(position.code, "000001.XSHE")
        XCTAssertEqual(position.closeable_amount, 0)
        XCTAssertFalse(portfolio.long_positions.contains("000001.XSHE"))
        XCTAssertEqual("\(portfolio.short_positions)", "[]")
    }
}
