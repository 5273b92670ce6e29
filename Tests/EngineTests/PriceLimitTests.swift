import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// What a strategy sees of a day's limits is what the exchange on paper keeps to.
final class PriceLimitTests: XCTestCase {
    private func limits(_ facts: DayFacts, _ code: String, trades: Bool = true) throws -> [Double?] {
        let machine = try Machine(shanghai("2026-11-19 08:50"))
        machine.feed = ScriptedFeed(
            .minute, [code: [.facts(0, facts), .bar(0, bar(shanghai("2026-11-19 09:31"), 10))]])
        var seen: [Double?] = []
        machine.start { _ in
            set_options(use_account: trades)
            subscribe(code, "1m") { _ in
                let data = get_current_data(code)
                seen = [data.pre_close, data.high_limit, data.low_limit]
            }
        }
        machine.pass(until: shanghai("2026-11-19 09:32"))
        return seen
    }

    func testLimitsFollowFromTheCloseBefore() throws {
        let day = try XCTUnwrap(Day("2026-11-19"))
        let known = DayFacts(day: day, preClose: Money(10.05))
        XCTAssertEqual(try limits(known, "000001.XSHE"), [10.05, 11.06, 9.05])
        XCTAssertEqual(try limits(known, "588000.XSHG"), [10.05, 12.06, 8.04])
        let told = DayFacts(day: day, preClose: Money(10.05), highLimit: Money(10.55), lowLimit: Money(9.55))
        XCTAssertEqual(try limits(told, "000001.XSHE"), [10.05, 10.55, 9.55])
        XCTAssertEqual(try limits(known, "000001.XSHE", trades: false), [10.05, nil, nil])
    }
}
