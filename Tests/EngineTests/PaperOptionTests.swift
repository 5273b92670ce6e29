import JQTrade
import Market
import Notation
import TestSupport
import XCTest

@testable import Engine

/// What options do on paper, and what of them never reaches a broker.
final class PaperOptionTests: XCTestCase {
    private let code = "000001.XSHE"

    private func at(_ time: String) -> Instant { shanghai("2026-11-19 \(time)") }

    private func machine(live: Bool = false) throws -> Machine {
        let machine = try Machine(at("09:20"))
        machine.mayTrade = live
        let bars = (1...60).map { bar(at("09:30") + .seconds(Int64($0) * 60), 10 + Double($0) / 100) }
        machine.feed = ScriptedFeed(.minute, bars: [code: bars, "ABC": bars])
        return machine
    }

    func testARandomMarketNeverFeedsABroker() throws {
        for (named, asks) in [("random:seed=7", false), ("random:seed=7", true), (nil, true)] {
            let result = try machine(live: true).start { _ in
                if let named {
                    set_options(market_data: named, trade_gate: SilentGate())
                } else {
                    set_options(trade_gate: SilentGate())
                }
                if asks { subscribe(self.code, "1m", file: "/s.swift", line: 5) { _ in } }
            }
            guard case .failed(let problems) = result else { return XCTFail("\(named ?? "nothing") \(asks)") }
            XCTAssertEqual(problems.count, 1, "\(problems)")
            XCTAssertTrue(problems[0].contains(named == nil ? "it names none" : "its prices are made up"), problems[0])
        }
        XCTAssertEqual(try machine(live: true).start { _ in set_options(trade_gate: SilentGate()) }, .ready)
    }

    func testARealFeedServesALiveTaskWhoseCostsAreTheBrokers() throws {
        let machine = try machine(live: true)
        var closes: [Double] = []
        let result = machine.start { context in
            set_options(trade_gate: SilentGate(), market_data: "csv:bars.csv")
            set_order_cost(open_commission: 0.001, file: "/s.swift", line: 3)
            set_slippage(FixedSlippage(0.1), file: "/s.swift", line: 4)
            subscribe(self.code, "1m") { closes.append($0.close) }
            XCTAssertEqual(context.mode, "live")
        }
        XCTAssertEqual(result, .ready)
        machine.pass(until: at("09:33"))
        XCTAssertEqual(closes, [10.01, 10.02, 10.03])
        XCTAssertTrue(
            machine.log.contains(
                "INFO s.swift:3: set_order_cost has no effect here: what a broker takes is nobody's to set"),
            "\(machine.log)")
        // What an order is worth is reckoned with a young price only.
        let account = try XCTUnwrap(machine.run?.account)
        XCTAssertEqual(account.lastPrice(Security(code)), Money(units: 100_300))
        machine.pass(until: at("10:32"))
        XCTAssertEqual(account.lastPrice(Security(code)), nil)
    }

    func testAnUnreadableFeedFailsTheStartWhetherOrNotItIsUsed() throws {
        guard case .failed(let problems) = try machine().start({ _ in set_options(market_data: "cvs:x") }) else {
            return XCTFail("it started")
        }
        XCTAssertTrue(problems.first?.contains("did you mean \"csv\"") ?? false, "\(problems)")
    }

    func testOptionsAreSetBeforeTheAccountOrTheMarketIsAskedFor() throws {
        let first = try machine().start { context in
            set_options(initial_cash: 5000)
            XCTAssertEqual(context.portfolio.available_cash, 5000)
            set_options(initial_cash: 6000)
            set_order_cost(file: "/s.swift", line: 7)
        }
        guard case .failed(let problems) = first else { return XCTFail("it started") }
        XCTAssertEqual(problems.count, 2)
        XCTAssertTrue(problems[0].contains("initial_cash cannot be set any more: the account is open"), problems[0])
        XCTAssertTrue(problems[1].hasPrefix("/s.swift:7: set_order_cost: the account is open already"), problems[1])
        let second = try machine().start { _ in
            _ = get_current_price(self.code)
            set_options(market_data: "csv:x")
        }
        XCTAssertEqual(
            second,
            .failed([
                "set_options: market_data cannot be set any more: market data has been asked for. Set options first."
            ]))
    }

    func testCostsAndSlippageReachTheExchange() throws {
        let machine = try machine()
        var trade: String?
        let strategy = StrategyEntry(
            initialize: { _ in
                set_options(initial_cash: 100_000)
                set_order_cost(open_commission: 0.001, min_commission: 0)
                set_slippage(FixedSlippage(0.02))
                run_daily({ _ in order(self.code, 1000) }, "9:31", name: "buy")
            }, onTrade: { _, fill in trade = "\(fill.price)" })
        XCTAssertEqual(machine.start(strategy), .ready)
        machine.pass(until: at("09:33"))
        XCTAssertEqual(trade, "10.03", "half of the spread above the open of 10.02")
        XCTAssertEqual(machine.run?.account?.orders().first?.commission, Money(units: 100_300))
        XCTAssertEqual(machine.run?.account?.availableCash, Money(units: 1_000_000_000 - 100_300_000 - 100_300))
    }

    func testWithoutRulesAnyCodeTradesInAnyAmountTheSameDay() throws {
        let machine = try machine()
        machine.start { _ in
            set_options(market_rules: "none")
            run_daily({ _ in order("ABC", 7) }, "9:31", name: "buy")
            run_daily({ _ in order("ABC", -3) }, "9:35", name: "sell")
        }
        machine.pass(until: at("09:40"))
        XCTAssertEqual(machine.run?.account?.position(Security("ABC")).amount, 4)
        let strict = try self.machine()
        strict.start { _ in
            set_options(t_plus: 0)
            run_daily({ _ in order(self.code, 200) }, "9:31", name: "buy")
            run_daily({ _ in order(self.code, -100) }, "9:35", name: "sell")
            run_daily({ _ in XCTAssertNil(order(self.code, 7), "no lot") }, "9:36", name: "odd")
        }
        strict.pass(until: at("09:40"))
        XCTAssertEqual(strict.run?.account?.position(Security(code)).amount, 100)
    }

    func testTheUsersRulesAndActionsAreReadFromTheHome() throws {
        let machine = try machine()
        try machine.put("{\"t0_codes\": 5}", "/home/rules.json")
        guard case .failed(let problems) = machine.start({ _ in }) else { return XCTFail("it started") }
        XCTAssertTrue(problems.first?.contains("/home/rules.json") ?? false, "\(problems)")
    }

    func testWhatDoesNotExistIsWarnedOfOnce() throws {
        let machine = try machine()
        machine.start { context in
            run_daily(
                { _ in
                    XCTAssertEqual(context.portfolio.long_positions[self.code].total_amount, 0)
                    XCTAssertFalse(context.portfolio.long_positions.contains(self.code))
                    order(self.code, -100, LimitOrderStyle(0), file: "/s.swift", line: 9)
                }, "every_minute", name: "job")
        }
        machine.pass(until: at("09:31"))
        let warnings = machine.log.filter { $0.hasPrefix("WARN") && !$0.contains("refused") }
        XCTAssertEqual(
            warnings.filter { $0.contains("position") },
            [
                "WARN job: there is no long position of 000001.XSHE: an empty one is answered."
                    + " positions.contains(\"000001.XSHE\") asks without a warning. It is said once a day."
            ])
        XCTAssertEqual(
            warnings.filter { $0.contains("LimitOrderStyle") },
            [
                "WARN s.swift:9: LimitOrderStyle(0) is taken for BestPriceStyle(), as of old: write that. It is said once."
            ])
    }
}
