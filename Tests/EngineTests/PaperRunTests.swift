import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// A strategy that trades on paper, in virtual time, over a feed whose every word is known.
final class PaperRunTests: PaperTestCase {
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

    /// A program's rows turn out to be bars only when they come: they trade as they do in a backtest.
    func testBarsThatNobodyExpectedTradeAsBarsDo() throws {
        func trades(_ unit: BarUnit?) throws -> [String] {
            let machine = try Machine(at("09:20"))
            var falling = bar(at("09:33"), 9.8, open: 9.9)
            falling.low = try XCTUnwrap(Money(9))
            let bars = [bar(at("09:31"), 10), bar(at("09:32"), 10.2, open: 10.1), falling, bar(at("09:34"), 9.7)]
            machine.feed = ScriptedFeed(unit, [code: bars.map { .bar(0, $0) }])
            var told: [String] = []
            machine.start(
                StrategyEntry(
                    initialize: { _ in
                        set_options(initial_cash: 100_000)
                        subscribe(self.code, "1m") { bar in
                            told.append("\(bar.datetime.time) \(bar.open) \(bar.low) \(bar.close)")
                            guard bar.datetime.minute == 31 else { return }
                            order(self.code, 100)
                            order(self.code, 200, LimitOrderStyle(9.5))
                        }
                    },
                    onTrade: { context, trade in
                        told.append("\(context.current_dt.time) \(trade.amount) at \(trade.price)")
                    }))
            machine.pass(until: at("09:40"))
            return told
        }
        let known = try trades(.minute)
        XCTAssertEqual(known.filter { $0.contains(" at ") }, ["09:32:00 100 at 10.1", "09:33:00 200 at 9.5"])
        XCTAssertEqual(try trades(nil), known)
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

    func testAStrategyThatOnlyListensSaysToWhatAndIsNotWarned() throws {
        let machine = try machine(rising(2))
        machine.start { _ in
            subscribe(self.code, "1m") { _ in }
            subscribe(self.code, "15m") { _ in }
        }
        XCTAssertEqual(machine.log.last, "INFO ready; listens to 000001.XSHE 1m, 000001.XSHE 15m")
        XCTAssertFalse(machine.log.contains { $0.contains("no job has a slot") }, "\(machine.log)")
    }

    func testTheAccountOnPaperIsNotStaleBetweenTwoDays() throws {
        let tomorrow = "2026-11-20"
        let machine = try machine(rising(10) + rising(10, tomorrow))
        var isStale: [Bool] = []
        machine.start { context in
            run_daily({ _ in order(self.code, 200) }, "9:31", name: "buy")
            for time in ["close+1m", "close+10m", "23:59", "open-9h", "open"] {
                run_daily({ _ in isStale.append(context.portfolio.is_stale) }, time, name: time)
            }
        }
        machine.pass(until: at("16:00", tomorrow))
        XCTAssertEqual(isStale, Array(repeating: false, count: 8))
        XCTAssertEqual(machine.log.filter { $0.contains("stale") || $0.contains("is that of") }, [])
    }

    func testOrdersAreFoundByEachFilterInTheOrderInWhichTheyWereGiven() throws {
        let machine = try machine(rising(5))
        var found: [[String]] = []
        machine.start { _ in
            run_daily(
                { _ in
                    let ids = (0..<11).map { _ in order(self.code, 100, LimitOrderStyle(9.5)) ?? "" }
                    cancel_order(ids[3])
                    sync_orders()
                    found = [
                        ids, get_orders().map(\.order_id), get_open_orders(code: self.code).map(\.order_id),
                        get_open_orders(code: "000002.XSHE").map(\.order_id),
                        get_orders(status: .canceled).map(\.order_id),
                        get_orders(order_id: ids[5], code: self.code).map(\.order_id),
                    ]
                }, "9:32", name: "give")
        }
        machine.pass(until: at("09:33"))
        let ids = try XCTUnwrap(found.first)
        XCTAssertEqual(Set(ids).count, 11)
        XCTAssertEqual(found.dropFirst(), [ids, ids.filter { $0 != ids[3] }, [], [ids[3]], [ids[5]]])
    }

    func testEachOrderForACodeWithoutMarketDataIsRefusedWithTheReason() throws {
        let machine = try machine(rising(5))
        var ids: [String?] = []
        var told: [String] = []
        machine.start { _ in
            run_daily(
                { _ in
                    ids += batch_submit_orders([OrderRequest("000009.XSHE", 100), OrderRequest(self.code, 100)])
                    ids.append(order("000009.XSHE", 100, LimitOrderStyle(5)))
                    told = get_orders(code: "000009.XSHE").map { "\($0.status) \($0.err_msg)" }
                }, "9:32", name: "give")
        }
        machine.pass(until: at("09:35"))
        XCTAssertEqual(ids.map { $0 != nil }, [false, true, false])
        XCTAssertEqual(told.count, 2)
        XCTAssertTrue(told.allSatisfy { $0.contains("there is no market data of 000009.XSHE") }, "\(told)")
        XCTAssertEqual(machine.log.filter { $0.contains("refused: 000009.XSHE") }.count, 2, "\(machine.log)")
        XCTAssertEqual(machine.run?.account?.openOrders().count, 0)
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
