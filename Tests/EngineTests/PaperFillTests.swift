import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// When and at what cost the orders of a strategy on paper are filled.
final class PaperFillTests: PaperTestCase {
    func testATradesCommissionIsWhatItAddsToItsOrders() throws {
        let bars = [1_000_000, 1_200, 1_000_000].enumerated().map {
            bar(at("09:31") + .seconds(Int64($0.offset) * 60), 10, volume: Int64($0.element))
        }
        let machine = try machine(bars)
        var told: [String] = []
        let strategy = StrategyEntry(
            initialize: { _ in
                subscribe(self.code, "1m") { bar in if bar.datetime.minute == 31 { order(self.code, 3000) } }
                run_daily({ _ in told += get_trades().map { "\($0.commission)" } }, "9:40", name: "look")
            },
            onTrade: { _, trade in told.append("\(trade.amount) \(trade.commission)") })
        XCTAssertEqual(machine.start(strategy), .ready)
        machine.pass(until: at("09:45"))
        // The least commission of 5 yuan for 3000, then 0.03 % of all 30,000 less that; 0.001 % are transferred.
        XCTAssertEqual(told, ["300 5.03", "2700 4.27", "5.03", "4.27"])
    }

    /// Where nobody listens the account need not be read at once: what was filled and when is the same.
    func testEachFillIsKnownWhenItHappensThoughNobodyListens() throws {
        let bars = [1_000_000, 1_200, 1_000_000].enumerated().map {
            bar(at("09:31") + .seconds(Int64($0.offset) * 60), 10, volume: Int64($0.element))
        }
        for listening in [true, false] {
            let machine = try machine(bars, listening: listening)
            var told: [String] = []
            machine.start { _ in
                subscribe(self.code, "1m") { bar in if bar.datetime.minute == 31 { order(self.code, 3000) } }
                run_daily({ _ in told += get_trades().map { "\($0.time.time) \($0.amount)" } }, "9:40", name: "look")
            }
            XCTAssertEqual(machine.run?.hearsNews, listening)
            machine.pass(until: at("09:45"))
            XCTAssertEqual(told, ["09:32:00 300", "09:33:00 2700"])
        }
    }

    func testWhatCannotBePaidIsRefusedWithoutAWordOfFeesThatNobodyKnows() throws {
        let machine = try machine(rising(3))
        machine.start { _ in
            set_options(initial_cash: 10_000)
            subscribe(self.code, "1m") { bar in
                if bar.datetime.minute == 31 { order(self.code, 1000, LimitOrderStyle(10.05)) }
                if bar.datetime.minute == 32 { order(self.code, 1000, LimitOrderStyle(10)) }
            }
        }
        machine.pass(until: at("09:34"))
        let refusals = machine.log.filter { $0.contains("refused: ") }
        XCTAssertEqual(
            refusals.map { $0.split(separator: ":").last },
            [" it costs 10050, and 10000 is available", " it costs 10005.1 with fees, and 10000 is available"])
    }

    func testOnDailyBarsAJobsOrderTradesAtAnOpenThatIsYetToCome() throws {
        let days = ["2026-11-19", "2026-11-20", "2026-11-23"]
        let machine = try Machine(at("09:00"))
        machine.feed = ScriptedFeed(
            .day, bars: [code: days.enumerated().map { bar(at("15:00", $1), 10.5 + Double($0), open: 10 + Double($0)) }]
        )
        var fills: [String] = []
        machine.start { context in
            for (time, amount) in [("9:20", 100), ("14:00", 200)] {
                run_daily(
                    { _ in if context.current_dt.day == Day(days[0]) { order(self.code, amount) } }, time, name: time)
            }
            run_daily(
                { _ in
                    fills += get_trades().map { "trade of \($0.amount)" }
                    fills += get_orders().map { "order of \($0.amount)" }
                }, "15:10", name: "look")
        }
        machine.run?.exchange?.onFill = { fills.append("\($0.amount) at \($0.price) \(Machine.text($0.time))") }
        machine.pass(until: at("16:00", "2026-11-23"))
        XCTAssertEqual(
            fills,
            [
                "100 at 10 09:30:00", "trade of 100", "order of 100", "order of 200", "200 at 11 09:30:00",
                "trade of 200", "order of 200",
            ])
        XCTAssertEqual(machine.counts.jobErrors, 0)
    }
}
