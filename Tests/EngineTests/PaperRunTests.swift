import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// A strategy that trades on paper, in virtual time, over a feed whose every word is known.
final class PaperRunTests: XCTestCase {
    private let code = "000001.XSHE"

    private func at(_ time: String, _ day: String = "2026-11-19") -> Instant { shanghai("\(day) \(time)") }

    /// A bar a minute from 09:31 on, opening at 10.00, 10.10, 10.20 … and closing 0.05 above.
    private func rising(_ count: Int, _ day: String = "2026-11-19") -> [MarketBar] {
        (0..<count).map {
            let open = 10 + Double($0) / 10
            return bar(at("09:31", day) + .seconds(Int64($0) * 60), open + 0.05, open: open)
        }
    }

    private func machine(_ bars: [MarketBar], start: String = "09:20") throws -> Machine {
        let machine = try Machine(at(start))
        machine.feed = ScriptedFeed(.minute, bars: [code: bars])
        return machine
    }

    func testAnOrderGivenOnABarIsFilledAtTheNextOneOpen() throws {
        let machine = try machine(rising(5))
        var told: [String] = []
        let strategy = StrategyEntry(
            initialize: { context in
                set_options(initial_cash: 100_000)
                subscribe(self.code, "1m") { bar in
                    told.append("bar \(bar.datetime.time) \(context.portfolio.long_positions.keys)")
                    if bar.datetime.minute == 31 { order(self.code, 100) }
                }
            },
            onOrder: { _, order in told.append("order \(order.status) \(order.filled_amount)") },
            onTrade: { context, trade in
                told.append("trade \(context.current_dt.time) \(trade.amount) at \(trade.price)")
            })
        XCTAssertEqual(machine.start(strategy), .ready)
        machine.pass(until: at("09:33"))
        XCTAssertEqual(
            told.filter { !$0.hasPrefix("order new") && !$0.hasPrefix("order open") },
            [
                "bar 09:31:00 []", "order filled 100", "trade 09:32:00 100 at 10.1",
                "bar 09:32:00 [\"000001.XSHE\"]", "bar 09:33:00 [\"000001.XSHE\"]",
            ])
        XCTAssertEqual(machine.counts.jobErrors, 0)
    }

    func testThisCloseFillsAtOnceAndTheNextLineSeesIt() throws {
        let machine = try machine(rising(3))
        var seen: [String] = []
        machine.start { context in
            set_options(fill: "this_close", initial_cash: 100_000)
            set_order_cost()
            subscribe(self.code, "1m") { bar in
                guard bar.datetime.minute == 32 else { return }
                let id = order(self.code, 100)
                let portfolio = context.portfolio
                seen = [
                    "\(get_orders(order_id: id)[id ?? ""]?.status.rawValue ?? "")",
                    "\(portfolio.long_positions[self.code].avg_cost)", "\(portfolio.available_cash)",
                ]
            }
        }
        machine.pass(until: at("09:33"))
        XCTAssertEqual(seen, ["filled", "10.15", "98985.0"])
    }

    func testWhatWasBoughtTodayIsSoldTomorrow() throws {
        let tomorrow = "2026-11-20"
        let machine = try machine(rising(10) + rising(10, tomorrow))
        var available: [String] = []
        machine.start { context in
            run_daily(
                { _ in if context.current_dt.day == Day("2026-11-19") { order(self.code, 200) } }, "9:31", name: "buy")
            run_daily(
                { _ in
                    let position = context.portfolio.long_positions[self.code]
                    available.append("\(position.available_amount) of \(position.total_amount)")
                    if order(self.code, -200) == nil { available.append("refused") }
                }, "9:35", name: "sell")
        }
        machine.pass(until: at("09:40", tomorrow))
        XCTAssertEqual(available, ["0 of 200", "refused", "200 of 200"])
        XCTAssertEqual(machine.run?.account?.portfolio(now: machine.clock.now).holdings.count, 0)
    }

    func testTheTotalFollowsTheMarket() throws {
        let machine = try machine(rising(10))
        var totals: [Double] = []
        machine.start { context in
            set_options(initial_cash: 10_000)
            set_order_cost()
            run_daily({ _ in order(self.code, 100) }, "9:31", name: "buy")
            subscribe(self.code, "1m") { _ in totals.append(context.portfolio.total_value) }
        }
        machine.pass(until: at("09:34"))
        XCTAssertEqual(totals, [10_000, 10_005, 10_015, 10_025])
    }

    func testAPaperTaskGoesOnWhereItWasAndTellsEveryChangeOnce() throws {
        let bars = rising(30)
        let machine = try machine(bars)
        var told: [String] = []
        var positions: [String] = []
        func strategy() -> StrategyEntry {
            StrategyEntry(
                initialize: { context in
                    set_options(initial_cash: 50_000)
                    positions.append("\(context.portfolio.long_positions[self.code].total_amount)")
                    subscribe(self.code, "1m") { bar in
                        if bar.datetime.minute == 31 {
                            order(self.code, 100)
                            order(self.code, 100, LimitOrderStyle(9.5))
                        }
                        if bar.datetime.minute == 40 { order(self.code, 100) }
                    }
                },
                onOrder: { _, order in if order.isFinished { told.append("\(order.order_id) \(order.status)") } },
                onTrade: { _, trade in told.append("trade \(trade.amount) at \(trade.price)") })
        }
        machine.start(strategy())
        machine.pass(until: at("09:35"))
        let cash = machine.run?.account?.availableCash
        machine.kill()
        machine.bury(restart: at("09:36"))
        machine.feed = ScriptedFeed(.minute, bars: [code: bars])
        XCTAssertEqual(machine.start(strategy()), .ready)
        XCTAssertEqual(machine.run?.account?.availableCash, cash)
        XCTAssertEqual(machine.run?.account?.openOrders().count, 1)
        machine.pass(until: at("15:10"))
        XCTAssertEqual(positions, ["0", "100"])
        XCTAssertEqual(told.filter { $0.hasPrefix("trade") }, ["trade 100 at 10.1", "trade 100 at 11.0"])
        XCTAssertEqual(Set(told).count, told.count, "nothing is told twice: \(told)")
        XCTAssertEqual(told.filter { $0.hasSuffix("canceled") }.count, 1, "the day's end ends a resting order")
        XCTAssertEqual(machine.run?.account?.position(Security(code)).amount, 200)
    }

    func testAnOrderForACodeThatNobodyAskedForFindsItsPrice() throws {
        let machine = try machine(rising(10))
        machine.start { _ in run_daily({ _ in order(self.code, 100) }, "9:33", name: "buy") }
        machine.pass(until: at("09:36"))
        XCTAssertEqual(machine.run?.account?.trades.map(\.price), [Money(units: 103_000)])
    }

    func testADailyStrategyOrdersAtTheCloseForTheNextOpen() throws {
        let machine = try Machine(at("09:00"))
        let days = ["2026-11-19", "2026-11-20", "2026-11-23"]
        machine.feed = ScriptedFeed(
            .day, bars: [code: days.enumerated().map { bar(at("15:00", $1), 10.5 + Double($0), open: 10 + Double($0)) }]
        )
        machine.start { _ in
            subscribe(self.code, "1d") { bar in if bar.date == Day("2026-11-19") { order(self.code, 100) } }
        }
        machine.pass(until: at("16:00", "2026-11-23"))
        XCTAssertEqual(machine.run?.account?.position(Security(code)).amount, 100)
        XCTAssertEqual(machine.run?.account?.position(Security(code)).cost, Money(units: 110_000))
        XCTAssertEqual(machine.counts.jobErrors, 0)
    }

    func testABacktestRemembersNothingAndPutsPaperInTheBrokersPlace() throws {
        let machine = try machine(rising(5))
        machine.folder = nil
        machine.mode = "backtest"
        var mode = ""
        var fills: [String] = []
        var closes: [String] = []
        machine.start { context in
            mode = context.mode
            run_daily({ _ in order(self.code, 100) }, "9:31", name: "buy")
        }
        machine.run?.exchange?.onFill = { fills.append("\($0.amount) at \($0.price)") }
        machine.run?.exchange?.onSettled = { closes.append("\($0.day) \($0.equity)") }
        machine.pass(until: at("16:00"))
        XCTAssertEqual(mode, "backtest")
        XCTAssertEqual(fills, ["100 at 10.1"])
        XCTAssertEqual(closes.count, 1)
        XCTAssertEqual(try machine.disk.list("/home/tasks/demo"), [])
    }
}
