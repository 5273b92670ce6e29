import Foundation
import Notation
import XCTest

/// What a backtest trades, held against a calculation of a few lines over the same file.
final class BacktestTradingTests: WorkplaceTestCase {
    /// Closes and opens in fen, and the CSV file that says them.
    private func bars(_ count: Int) throws -> (opens: [Int], closes: [Int]) {
        var text = "datetime,open,high,low,close,volume\n"
        var (opens, closes): ([Int], [Int]) = ([], [])
        var price = 1000
        var state: UInt64 = 7
        for index in 0..<count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let next = max(300, price + Int(state >> 33) % 7 - 3)
            let minute = index % 240 + 1
            let clock = minute <= 120 ? 570 + minute : 660 + minute
            // Days 2 to 26 of January 2024 that are no weekends; the first of the month was a holiday.
            let day = [2, 3, 4, 5, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19, 22, 23, 24, 25, 26][index / 240]
            text += String(format: "2024-01-%02d %02d:%02d:00,", day, clock / 60, clock % 60)
            text +=
                [price, max(price, next) + 1, min(price, next) - 1, next].map {
                    String(format: "%d.%02d", $0 / 100, $0 % 100)
                }.joined(separator: ",") + ",100000\n"
            opens.append(price)
            closes.append(next)
            price = next
        }
        try place.write(text, to: "bars.csv")
        return (opens, closes)
    }

    /// The same strategy in plain arithmetic: money in ten-thousandths of a yuan.
    private func expected(_ opens: [Int], _ closes: [Int], _ fast: Int, _ slow: Int) -> (fills: Int, cash: Int) {
        var (cash, fills, wish, isLong) = (10_000_000_000, 0, 0, false)
        for index in closes.indices {
            if wish != 0 {
                let value = opens[index] * 100 * 1000
                cash -= wish * value + value * 3 / 10_000
                fills += 1
                wish = 0
            }
            guard index >= slow - 1 else { continue }
            func mean(_ n: Int) -> Double {
                closes[(index - n + 1)...index].reduce(0.0) { $0 + Double($1 * 100) / 10_000 } / Double(n)
            }
            let (a, b) = (mean(fast), mean(slow))
            if a != b, (a > b) != isLong {
                isLong = a > b
                wish = isLong ? 1 : -1
            }
        }
        return (fills, cash)
    }

    func testFillsAndCashAreExact() throws {
        let (opens, closes) = try bars(19 * 240)
        for (fast, slow) in [(10, 30), (3, 8)] {
            let finished = try place.run(
                backtest + ["-p", "fast=\(fast)", "-p", "slow=\(slow)", "--json", "--trades", "trades.csv"])
            XCTAssertEqual(finished.code, 0, finished.errors)
            let figures = try JSON(parsing: finished.output)
            let (fills, cash) = expected(opens, closes, fast, slow)
            XCTAssertGreaterThan(fills, 50)
            XCTAssertEqual(figures["fills"]?.int, fills)
            XCTAssertEqual(figures["final_cash"]?.double, Double(cash) / 10_000)
            XCTAssertEqual(figures["days"]?.int, 19)
            XCTAssertEqual(figures["bars"]?.int, closes.count)
            XCTAssertEqual(place.read("trades.csv").split(separator: "\n").count, fills + 1)
        }
    }

    func testJSONHasExactlyTheNamesOfTheManual() throws {
        _ = try bars(240)
        let figures = try JSON(parsing: try place.run(backtest + ["--json"]).output)
        XCTAssertEqual(
            figures.members?.map(\.name).joined(separator: " "),
            "start_value final_value final_cash total_return annual_return max_drawdown max_drawdown_from"
                + " max_drawdown_to sharpe volatility win_rate profit_factor turnover orders fills fees days bars"
                + " seconds bars_per_second")
    }

    func testTheSameInputsGiveTheSameBytes() throws {
        _ = try bars(5 * 240)
        for name in ["one.csv", "two.csv"] { try place.run(backtest + ["--trades", name, "--report", name + ".html"]) }
        let swept = try place.run(backtest + ["--sweep", "fast=10..10", "--trades", "three.csv"])
        XCTAssertEqual(swept.code, 0, swept.errors)
        let trades = place.read("one.csv")
        XCTAssertGreaterThan(trades.split(separator: "\n").count, 10)
        XCTAssertEqual(place.read("two.csv"), trades)
        XCTAssertEqual(place.read("three.fast=10.csv"), trades)
        XCTAssertTrue(place.read("one.csv.html").contains("<svg"))
    }

    func testTheRandomMarketIsTheSameEachTime() throws {
        let run = [
            "run_backtest", "-c", BacktestStrategies.cross, "--from", "2024-01-02", "--to", "2024-01-02",
            "--market-data", "random:seed=3,interval=10", "--trades",
        ]
        for name in ["one.csv", "two.csv"] {
            let finished = try place.run(run + [name])
            XCTAssertEqual(finished.code, 0, finished.errors)
        }
        XCTAssertGreaterThan(place.read("one.csv").split(separator: "\n").count, 2)
        XCTAssertEqual(place.read("one.csv"), place.read("two.csv"))
    }

    func testDaysBoundTheRun() throws {
        _ = try bars(5 * 240)
        let some = try place.run(backtest + ["--from", "2024-01-03", "--to", "2024-01-04", "--json"])
        XCTAssertEqual(try JSON(parsing: some.output)["bars"]?.int, 480, some.errors)
        let none = try place.run(backtest + ["--from", "2025-01-03"])
        XCTAssertNotEqual(none.code, 0)
        XCTAssertTrue(none.errors.contains("2024-01-02 to 2024-01-08"), none.errors)
    }

    func testALiveGateIsNeverSetUp() throws {
        _ = try bars(240)
        try place.write("", to: "orders/keep")
        let live = backtest + ["-p", "gate=onequant", "-p", "orders=\(place.folder)/orders", "--log", "info"]
        let finished = try place.run(live)
        XCTAssertEqual(finished.code, 0, finished.errors)
        XCTAssertEqual(
            finished.errors.split(separator: "\n").filter { $0.contains("\"onequant\" is not set up") }.count, 1)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: place.folder + "/orders"), ["keep"])
        XCTAssertTrue(finished.output.contains("fills"), finished.output)
    }

    private var backtest: [String] {
        ["run_backtest", "-c", BacktestStrategies.cross, "--market-data", "csv:bars.csv"]
    }
}

extension BacktestStrategies {
    /// Two moving averages that cross, with 1,000 shares; through a live gate, if `--param gate=` says so.
    static let cross = StrategyShelf.shared.path(
        "cross",
        """
        import JQTrade

        var isLong = false
        func process_initialize(_ context: Context) {
            var fast = MovingAverage(context.param("fast", 10))
            var slow = MovingAverage(context.param("slow", 30))
            if context.param("gate", "") != "" {
                set_options(trade_gate: context.param("gate", ""), account_no: "1234567", order_dir: context.param("orders", ""))
            }
            set_options(market_rules: "none")
            set_order_cost(open_tax: 0, close_tax: 0, open_commission: 0.0003, close_commission: 0.0003, min_commission: 0)
            subscribe("000001.XSHE", "1m") { bar in
                let (a, b) = (fast.add(bar.close), slow.add(bar.close))
                guard let a, let b, a != b, (a > b) != isLong else { return }
                isLong = a > b
                order("000001.XSHE", isLong ? 1000 : -1000)
            }
        }
        """)
}
