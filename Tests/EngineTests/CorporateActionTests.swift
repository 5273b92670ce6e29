import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// Dividends and splits as a strategy on paper meets them.
final class CorporateActionTests: XCTestCase {
    private let code = "000001.XSHE"
    private let (before, exDate) = ("2026-11-19", "2026-11-20")

    private func at(_ time: String, _ day: String) -> Instant { shanghai("\(day) \(time)") }

    /// A machine with three minutes of each day at one price.
    private func machine(_ prices: (Double, Double), actions: String = "") throws -> Machine {
        let machine = try Machine(at("09:20", before))
        try machine.put("code,ex_date,cash,ratio\n" + actions, "/home/actions.csv")
        let bars = [(before, prices.0), (exDate, prices.1)].flatMap { day, price in
            (31...33).map { bar(at("09:\($0)", day), price) }
        }
        machine.feed = ScriptedFeed(.minute, bars: [code: bars])
        return machine
    }

    /// Buys 1000 on the first day and looks at many times of both.
    private func strategy(_ look: @escaping (String) -> Void) -> (Context) -> Void {
        return { context in
            set_options(initial_cash: 20_000)
            set_order_cost(open_tax: 0, close_tax: 0, open_commission: 0, close_commission: 0, min_commission: 0)
            subscribe(self.code, "1m") { bar in
                if bar.date == Day(self.before), bar.datetime.minute == 31 { order(self.code, 1000) }
            }
            for time in ["9:20", "9:34", "close+30m"] {
                run_daily(
                    { context in
                        let (portfolio, data) = (context.portfolio, get_current_data(self.code))
                        let position = portfolio.long_positions[self.code]
                        look(
                            "\(position.total_amount) at \(position.last_price), cash \(portfolio.available_cash),"
                                + " total \(portfolio.total_value), price \(get_current_price(self.code) ?? 0),"
                                + " before \(data.pre_close ?? 0)")
                    }, time, name: time)
            }
        }
    }

    func testASplitAndADividendAreInForceFromTheDaysBeginning() throws {
        let machine = try machine((10, 4.95), actions: "\(code),\(exDate),0.1,2\n600000.XSHG,\(exDate),1,1\n")
        var seen: [String] = []
        machine.start(strategy { seen.append($0) })
        machine.pass(until: at("23:00", exDate))
        XCTAssertEqual(
            Array(seen.dropFirst()),
            [
                "1000 at 10.0, cash 10000.0, total 20000.0, price 10.0, before 0.0",
                "1000 at 10.0, cash 10000.0, total 20000.0, price 10.0, before 0.0",
                "2000 at 4.95, cash 10100.0, total 20000.0, price 4.95, before 4.95",
                "2000 at 4.95, cash 10100.0, total 20000.0, price 4.95, before 4.95",
                "2000 at 4.95, cash 10100.0, total 20000.0, price 4.95, before 4.95",
            ])
        XCTAssertEqual(
            machine.log.filter { $0.contains("ex-date") },
            [
                "INFO 000001.XSHE: ex-date 2026-11-20: 1000 held became 2000, 100 yuan were paid, and the last price, 10,"
                    + " counts as 4.95"
            ])
        XCTAssertFalse(machine.log.contains { $0.contains("actions.csv") })
    }

    func testAValueBeforeTheFirstPriceIsThatOfTheNewShares() throws {
        let machine = try machine((10, 5), actions: "\(code),\(exDate),0,2\n")
        machine.start { _ in
            run_daily({ _ in order_target_value(self.code, 10_000) }, "9:20", name: "target")
        }
        machine.pass(until: at("23:00", exDate))
        XCTAssertEqual(machine.run?.account?.position(Security(code)).amount, 2000, "bought once, and split")
    }

    func testARestartDoesNothingTwiceAndKnowsWhatTheLastPriceCounts() throws {
        let machine = try machine((10, 5), actions: "\(code),\(exDate),0,2\n")
        var seen: [String] = []
        machine.start(strategy { seen.append($0) })
        machine.pass(until: at("22:00", before))
        for time in ["08:00", "08:30"] {
            machine.kill()
            machine.bury(restart: at(time, exDate))
            machine.start(strategy { seen.append($0) })
            machine.pass(until: at(time, exDate) + .seconds(600))
        }
        machine.pass(until: at("09:25", exDate))
        XCTAssertEqual(seen.last, "2000 at 5.0, cash 10000.0, total 20000.0, price 5.0, before 5.0")
    }

    func testAGapThatNobodyExplainsIsWarnedOfOnceADay() throws {
        let machine = try machine((10, 5))
        machine.start(strategy { _ in })
        machine.pass(until: at("23:00", exDate))
        let warnings = machine.log.filter { $0.contains("actions.csv") }
        XCTAssertEqual(warnings.count, 1, "\(machine.log)")
        XCTAssertTrue(
            warnings.first?.hasPrefix(
                "WARN 000001.XSHE begins 2026-11-20 at 5 after a close of 10, which is beyond its price limit")
                ?? false,
            "\(warnings)")
        let near = try self.machine((10, 9.1))
        near.start(strategy { _ in })
        near.pass(until: at("23:00", exDate))
        XCTAssertFalse(near.log.contains { $0.contains("actions.csv") })
    }
}
