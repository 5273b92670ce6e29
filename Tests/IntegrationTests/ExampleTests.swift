import Foundation
import Market
import Notation
import XCTest

/// The strategies that the project shows run, trade, and end with figures that add up.
final class ExampleTests: WorkplaceTestCase {
    private static let project = (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }

    /// A line of the file of trades.
    private struct Fill {
        let time: String, code: String, side: String, position: String
        let amount: Int64
        let price: Money, fees: Money

        init?(_ line: Substring) {
            let words = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard words.count == 8, let amount = Int64(words[4]), let price = Double(words[5]).flatMap(Money.init),
                let fees = Double(words[6]).flatMap(Money.init)
            else { return nil }
            (time, code, side, position) = (words[0], words[1], words[2], words[3])
            (self.amount, self.price, self.fees) = (amount, price, fees)
        }

        func paid(_ multiplier: Int64) -> Money {
            let value = price.times(amount)?.times(multiplier) ?? .zero
            return fees + (side == "buy" ? value : .zero - value)
        }
    }

    /// Runs an example and holds its figures against the trades that it wrote down.
    private func run(
        _ strategy: String, _ days: ClosedRange<String>, _ more: [String] = [], multiplier: Int64 = 1,
        line: UInt = #line
    ) throws -> (figures: JSON, fills: [Fill]) {
        let path = Self.project + "/strategies/" + strategy
        let finished = try place.run(
            [
                "run_backtest", "-c", path, "--from", days.lowerBound, "--to", days.upperBound, "--json", "--trades",
                "t.csv",
            ]
                + ["--report", "r.html"] + more)
        XCTAssertEqual(finished.code, 0, finished.errors, line: line)
        XCTAssertFalse(finished.errors.contains("ERROR"), finished.errors, line: line)
        XCTAssertFalse(finished.errors.contains("refused"), finished.errors, line: line)
        let figures = try JSON(parsing: finished.output)
        let lines = place.read("t.csv").split(separator: "\n").dropFirst()
        let fills = lines.compactMap(Fill.init)
        XCTAssertEqual(fills.count, lines.count, line: line)
        XCTAssertGreaterThan(fills.count, 0, finished.errors, line: line)
        XCTAssertEqual(figures["fills"]?.int, fills.count, line: line)
        XCTAssertEqual(figures["fees"]?.double, fills.reduce(.zero) { $0 + $1.fees }.yuan, line: line)
        let start = figures["start_value"]?.double.flatMap(Money.init) ?? .zero
        let cash = fills.reduce(start) { $0 - $1.paid(multiplier) }
        XCTAssertEqual(figures["final_cash"]?.double, cash.yuan, line: line)
        XCTAssertTrue(place.read("r.html").contains("Prices and trades"), line: line)
        return (figures, fills)
    }

    func testTheAveragesThatCrossTradeAndSellNoSooner() throws {
        let (_, fills) = try run(
            "sma_cross.swift", "2024-01-02"..."2024-01-04", ["--market-data", "random:seed=7,price=10,interval=10"])
        let sold = try XCTUnwrap(fills.first { $0.side == "sell" }, "nothing was sold")
        let bought = try XCTUnwrap(fills.first { $0.side == "buy" })
        XCTAssertLessThan(bought.time.prefix(10), sold.time.prefix(10), "T+1")
    }

    func testATargetIsReachedAtOnceOrInParts() throws {
        let market = ["--market-data", "random:seed=7,price=10,interval=5"]
        let whole = try run("target_position.swift", "2024-01-02"..."2024-01-02", market)
        XCTAssertEqual(whole.fills.reduce(0) { $0 + $1.amount }, 20_000)
        XCTAssertLessThan(whole.fills.last?.time ?? "", "2024-01-02 09:31:00")
        let sliced = try run("target_position.swift", "2024-01-02"..."2024-01-02", market + ["-p", "slices=6"])
        XCTAssertEqual(sliced.fills.reduce(0) { $0 + $1.amount }, 20_000)
        XCTAssertEqual(
            Set(sliced.fills.map { $0.time.prefix(15) }).sorted(),
            ["2024-01-02 09:3", "2024-01-02 09:4", "2024-01-02 09:5"]
                + ["2024-01-02 10:0", "2024-01-02 10:1", "2024-01-02 10:2"])
    }

    func testTheRestOfATargetIsPricedAgainOnceItsCancelIsConfirmed() throws {
        var ticks = "datetime,price,volume,bid1,bid1_volume,ask1,ask1_volume\n"
        for second in 0..<30 {
            let isDear = second > 2
            ticks += "2024-01-02 09:30:\(second < 10 ? "0" : "")\(second),\(isDear ? "10.09" : "9.99"),"
            ticks += "\(1_000 * (second + 1)),\(isDear ? "10.08,500,10.10,9000" : "9.98,500,10.00,300")\n"
        }
        try place.write(ticks, to: "ticks.csv")
        let (figures, fills) = try run(
            "target_position.swift", "2024-01-02"..."2024-01-02",
            ["--market-data", "csv:\(place.folder)/ticks.csv", "-p", "target=10000"])
        XCTAssertEqual(figures["orders"]?.int, 2)
        XCTAssertEqual(fills.reduce(0) { $0 + $1.amount }, 10_000)
        XCTAssertEqual(fills.first?.price, Money(units: 100_000))
        let rest = try XCTUnwrap(fills.first { $0.price == Money(units: 101_000) }, "the rest was never priced again")
        XCTAssertGreaterThanOrEqual(rest.time, "2024-01-02 09:30:05")
    }

    func testFuturesGoLongAndShortAndEndTheDayWithNothing() throws {
        let (figures, fills) = try run("futures_rb.swift", "2019-10-08"..."2019-10-08", multiplier: 10)
        XCTAssertEqual(Set(fills.map { "\($0.side) \($0.position)" }).count, 4, "bought and sold, long and short")
        XCTAssertEqual(figures["final_value"]?.double, figures["final_cash"]?.double)
        XCTAssertNotNil(figures["win_rate"]?.double)
    }

    func testTheRotationBuysWhatRoseAndSellsWhatFell() throws {
        let (figures, fills) = try run("etf_rotation", "2023-01-03"..."2023-02-10")
        XCTAssertEqual(Set(fills.map(\.side)), ["buy", "sell"])
        // Sold at 09:35, bought from 09:40 on, on the first trading day of a week.
        XCTAssertTrue(fills.allSatisfy { ($0.side == "sell" ? "09:35" : "09:40") <= $0.time.dropFirst(11) })
        XCTAssertGreaterThan(figures["final_cash"]?.double ?? -1, 0)
    }

    func testTheShadowGateFillsOrdersInItsBookAndRemembersThem() throws {
        let gate = try String(
            contentsOfFile: Self.project + "/strategies/etf_rotation/ShadowGate.swift", encoding: .utf8)
        try place.write(gate, to: "shadow/ShadowGate.swift")
        try place.write(
            """
            import JQTrade
            func process_initialize(_ context: Context) {
                set_options(
                    trade_gate: ShadowGate(), shadow_cash: 10_000, calendar: "every_day", off_session_orders: true)
                log.info("holds \\(context.portfolio.positions.keys)")
                run_daily(buy, context.param("at", "10:00"))
            }
            func buy(_ context: Context) { order("510300.XSHG", 1000, LimitOrderStyle(3.5)) }
            """, to: "shadow/try.swift")
        XCTAssertEqual(try place.run(["get_schedule", "-c", "shadow"]).code, 0)
        let clock = DateFormatter()
        clock.timeZone = TimeZone(identifier: "Asia/Shanghai")
        clock.dateFormat = "HH:mm:ss"
        let soon = clock.string(from: Date(timeIntervalSinceNow: 3))
        let first = try place.startTask("shadow", ["--param", "at=\(soon)"])
        XCTAssertTrue(first.said("holds []"), first.output)
        try first.waitFor("new → filled, filled 1000 at 3.5")
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        let second = try place.startTask("shadow")
        XCTAssertTrue(second.said("holds [\"510300.XSHG\"]"), second.output)
    }
}
