import Foundation
import Notation
import XCTest

/// The figures of a backtest, each held against a file that is made for it.
final class BacktestFiguresTests: WorkplaceTestCase {
    private func figures(_ strategy: String, _ more: [String] = []) throws -> JSON {
        let end = try place.run(["run_backtest", "-c", strategy, "--market-data", "csv:bars.csv", "--json"] + more)
        XCTAssertEqual(end.code, 0, end.errors)
        return try JSON(parsing: end.output)
    }

    /// Bars of one price each.
    private func write(_ bars: [(String, Double)]) throws {
        let rows = bars.map { "\($0),\($1),\($1),\($1),\($1),1000000\n" }.joined()
        try place.write("datetime,open,high,low,close,volume\n" + rows, to: "bars.csv")
    }

    /// A minute's fall to 8 is as deep in a run of two years as in one of a day.
    func testTheDeepestFallDoesNotDependOnTheLengthOfTheRun() throws {
        let day = [
            ("2024-01-02 09:31:00", 10.0), ("2024-01-02 09:32:00", 10), ("2024-01-02 10:10:00", 8),
            ("2024-01-02 10:11:00", 10),
        ]
        try write(day)
        let short = try figures(BacktestStrategies.holder)
        try write(day + [("2026-01-06 09:31:00", 10)])
        let long = try figures(BacktestStrategies.holder)
        for name in ["max_drawdown", "max_drawdown_from", "max_drawdown_to"] { XCTAssertEqual(long[name], short[name]) }
        XCTAssertEqual(try XCTUnwrap(long["max_drawdown"]?.double), 0.2, accuracy: 0.002)
        XCTAssertEqual(long["max_drawdown_to"]?.string, "2024-01-02 10:10:00")
    }

    /// A weekend in the middle of the data is as empty as a day outside of it.
    func testDaysWithoutDataAreSaidToBeSo() throws {
        try write([("2024-01-05 09:31:00", 10.0), ("2024-01-05 09:32:00", 10), ("2024-01-08 09:31:00", 10)])
        for days in [["2024-01-06", "2024-01-07"], ["2025-01-02", "2025-01-03"]] {
            let end = try place.run([
                "run_backtest", "-c", BacktestStrategies.holder, "--market-data", "csv:bars.csv", "--from", days[0],
                "--to", days[1],
            ])
            XCTAssertNotEqual(end.code, 0, end.output)
            XCTAssertTrue(end.errors.contains("no data of the days that were asked for"), end.errors)
            XCTAssertTrue(end.errors.contains("2024-01-05 to 2024-01-08"), end.errors)
        }
    }

    func testPastItsEndTheCalendarIsWarnedOf() throws {
        let run = ["run_backtest", "-c", BacktestStrategies.schedule, "--from", "2030-01-03"]
        let end = try place.run(run + ["--to", "2030-01-04"])
        XCTAssertEqual(end.code, 0, end.errors)
        XCTAssertTrue(end.errors.contains("knows weekends only since: add the closed days of"), end.errors)
        XCTAssertTrue(end.errors.contains("calendar/closed_days.txt"), end.errors)
        let known = try place.run(["run_backtest", "-c", BacktestStrategies.schedule, "--to", "2024-02-08"])
        XCTAssertFalse(known.errors.contains("knows weekends only"), known.errors)
    }

    func testFillsGoToStdoutAlone() throws {
        try write([("2024-01-02 09:31:00", 10.0), ("2024-01-02 09:32:00", 10), ("2024-01-02 09:33:00", 10)])
        let run = ["run_backtest", "-c", BacktestStrategies.holder, "--market-data", "csv:bars.csv"]
        try place.run(run + ["--trades", "t.csv"])
        let end = try place.run(run + ["--trades", "-"])
        XCTAssertEqual(end.code, 0, end.errors)
        XCTAssertEqual(end.output, place.read("t.csv"))
        XCTAssertEqual(end.output.split(separator: "\n").count, 2)
        XCTAssertTrue(end.errors.contains("max drawdown"), end.errors)
        for more in [["--json"], ["--sweep", "amount=1000..1001"]] {
            XCTAssertEqual(try place.run(run + ["--trades", "-"] + more).code, 2)
        }
    }

    /// The price falls by the dividend, and nothing is lost.
    func testATradeHasItsDividends() throws {
        try write([
            ("2024-01-02 09:31:00", 10.0), ("2024-01-02 09:32:00", 10), ("2024-01-03 09:31:00", 9),
            ("2024-01-03 09:32:00", 9.5), ("2024-01-03 09:33:00", 9.5),
        ])
        try place.write("code,ex_date,cash,ratio\n000001.XSHE,2024-01-03,1,1\n", to: "home/actions.csv")
        let figures = try figures(
            BacktestStrategies.holder, ["-p", "amount=1000", "-p", "sell=2024-01-03 09:32", "--trades", "t.csv"])
        XCTAssertEqual(figures["win_rate"]?.double, 1)
        let profit = try XCTUnwrap(place.read("t.csv").split(separator: "\n").last?.split(separator: ",").last)
        let gain = try XCTUnwrap(figures["final_value"]?.double) - 1_000_000
        XCTAssertEqual(try XCTUnwrap(Double(profit)), gain, accuracy: 0.0001)
        XCTAssertGreaterThan(gain, 480)
    }
}

extension BacktestStrategies {
    /// Buys once, for nearly all it has, and sells at a time if `sell` says when.
    static let holder = StrategyShelf.shared.path(
        "holder",
        """
        import JQTrade

        func process_initialize(_ context: Context) {
            var isDone = false
            subscribe("000001.XSHE", "1m") { bar in
                if !isDone { order("000001.XSHE", context.param("amount", 99000)) }
                isDone = true
                if "\\(bar.datetime)".contains(context.param("sell", "never")) { order_target("000001.XSHE", 0) }
            }
        }
        """)
}
