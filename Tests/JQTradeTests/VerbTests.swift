import Notation
import XCTest

@testable import JQTrade

/// What a strategy writes outside of `context`, and what its runtime is told.
final class VerbTests: XCTestCase {
    private let runtime = ScriptedRuntime()

    override func setUp() { StrategyHost.attach(runtime) }
    override func tearDown() { StrategyHost.attach(nil) }

    func testAJobIsRegisteredWithItsPlace() throws {
        var calls = 0
        run_daily({ _ in calls += 1 }, "open-30m", misfire_grace: 30)
        let line = #line - 1
        let (job, site) = try XCTUnwrap(runtime.jobs.first)
        try job.function(Context(runtime))
        XCTAssertEqual(calls, 1)
        XCTAssertEqual(job.time, "open-30m")
        XCTAssertEqual(job.days, .daily)
        XCTAssertNil(job.name)
        XCTAssertEqual(job.misfireGrace, 30)
        XCTAssertEqual(site.description, "VerbTests.swift:\(line)")
        XCTAssertEqual(site.path, #filePath)
    }

    func testWeeklyAndMonthlyJobsCountTradingDays() {
        func job(_ context: Context) {}
        run_weekly(job, -1, "close", name: "last")
        run_monthly(job, 3, "9:30")
        XCTAssertEqual(runtime.jobs.map(\.job.days), [.weekly(-1), .monthly(3)])
        XCTAssertEqual(runtime.jobs.map(\.job.name), ["last", nil])
    }

    func testAJobMayThrow() {
        struct Oops: Error {}
        run_daily({ _ in throw Oops() }, "open")
        XCTAssertThrowsError(try runtime.jobs[0].job.function(Context(runtime)))
    }

    func testOptionsComeInAnyOrderWithTheirPlace() {
        let site = CallSite(path: "/s/demo.swift", line: 7)
        StrategyHost.attach(
            runtime,
            optionSites: [
                OptionSite(labels: ["use_account"], site: CallSite(path: "/s/demo.swift", line: 3)),
                OptionSite(labels: ["sync_internal", "trade_gate"], site: site),
            ])
        set_options(sync_internal: 5, trade_gate: "paper")
        set_options(unheard: [("09:30:00", "11:30:00")])
        XCTAssertEqual(runtime.options[0].pairs.map(\.name), ["sync_internal", "trade_gate"])
        XCTAssertEqual(runtime.options[0].pairs[0].value as? Int, 5)
        XCTAssertEqual(runtime.options[0].pairs[1].value as? String, "paper")
        XCTAssertEqual(runtime.options[0].site, site)
        XCTAssertNil(runtime.options[1].site)
        XCTAssertEqual((runtime.options[1].pairs[0].value as? [(String, String)])?.first?.1, "11:30:00")
    }

    func testLogTakesSeveralValuesAndPrintIsAnInfoEntry() {
        log.debug("d")
        log.info("sum", 3, [1.5], Int?.none as Any)
        log.warn("w")
        log.error("e")
        print("a", 1, separator: "-")
        print("b", terminator: "")
        XCTAssertEqual(
            runtime.entries, ["debug d", "info sum 3 [1.5] nil", "warn w", "error e", "info a-1", "info b"])
    }

    func testAccountCallsSayThatThereIsNoAccountAndReturnNothing() {
        let line = #line + 1
        XCTAssertNil(order("000001.XSHE", -100, LimitOrderStyle(10)))
        XCTAssertNil(order_value("000001.XSHE", 5000))
        XCTAssertNil(order_target("000001.XSHE", 0))
        XCTAssertNil(order_target_value("000001.XSHE", 0))
        XCTAssertFalse(cancel_order("7"))
        XCTAssertEqual(batch_submit_orders([OrderRequest("000001.XSHE", 100)]), [nil])
        XCTAssertEqual(batch_order([OrderRequest("000001.XSHE", 100, BestPriceStyle())]), [nil])
        XCTAssertEqual(batch_cancel_orders(["1", "2"]), [false, false])
        XCTAssertEqual(batch_cancel_order(["1"]), [false])
        XCTAssertTrue(get_orders(status: "open").isEmpty)
        XCTAssertNil(get_orders()["1"])
        XCTAssertEqual(get_open_orders().count, 0)
        XCTAssertEqual(get_trades(), [])
        sync_balance()
        sync_orders()
        XCTAssertEqual(runtime.calls.count, 9)
        XCTAssertEqual(runtime.given.count, 6)
        XCTAssertEqual(runtime.given[0].call.name, "order()")
        XCTAssertEqual(runtime.given[0].call.site?.line, line)
        XCTAssertEqual(runtime.given.map(\.wishes[0].code), Array(repeating: "000001.XSHE", count: 6))
    }

    func testWhichOrdersAreWishedReachesTheRuntime() {
        _ = get_orders(order_id: "7", code: "000001.XSHE", status: "open")
        _ = get_open_orders()
        _ = get_open_orders(code: "000001.XSHE")
        XCTAssertEqual(
            runtime.ordersWishes,
            [
                OrdersWish(id: "7", code: "000001.XSHE", status: .open), OrdersWish(isOpen: true),
                OrdersWish(code: "000001.XSHE", isOpen: true),
            ])
    }

    func testWithoutARuntimeVerbsDoNothing() {
        StrategyHost.attach(nil)
        run_daily({ _ in }, "open")
        set_options(trade_gate: "paper")
        log.info("nobody hears this")
        XCTAssertNil(order("000001.XSHE", 100))
        XCTAssertEqual(OrderStatus(stringLiteral: "nonsense"), .unknown)
    }
}
