import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// A strategy that counts its calls over a month and a year gets exactly as many as there are slots.
final class CountingTests: XCTestCase {
    private final class Counts { var calls: [String: Int] = [:] }

    /// A strategy with five daily jobs and one for every minute.
    private func count(
        from start: String, through end: String, everyDay: Bool, remembers: Bool
    ) throws -> (calls: [String: Int], machine: Machine) {
        let machine = try Machine(shanghai(start), listening: false)
        if !remembers { machine.folder = nil }
        let counts = Counts()
        XCTAssertEqual(
            machine.start { _ in
                if everyDay { set_options(calendar: "every_day") }
                for time in ["open-30m", "open", "11:45", "close", "close+30m", "every_minute"] {
                    run_daily({ _ in counts.calls[time, default: 0] += 1 }, time, name: time)
                }
            }, .ready)
        machine.pass(until: end)
        return (counts.calls, machine)
    }

    private func expected(days: Int) -> [String: Int] {
        ["open-30m": days, "open": days, "11:45": days, "close": days, "close+30m": days, "every_minute": 242 * days]
    }

    func testThirtyOneDaysOfEveryDay() throws {
        let (calls, machine) = try count(
            from: "2026-10-01 00:00", through: "2026-10-31 23:59:59", everyDay: true, remembers: true)
        XCTAssertEqual(calls, expected(days: 31))
        let fates = try machine.fates(from: "2026-10-01", through: "2026-10-31")
        XCTAssertEqual(fates.count, 31 * 247)
        XCTAssertEqual(Set(fates.map(\.state)), ["done"])
    }

    func testAYearOfTradingDays() throws {
        let (calls, _) = try count(
            from: "2026-01-01 00:00", through: "2026-12-31 23:59:59", everyDay: false, remembers: false)
        XCTAssertEqual(calls, expected(days: 242))
    }

    func testAYearHasItsWeeksAndMonths() throws {
        let machine = try Machine(shanghai("2026-01-01 00:00"), listening: false)
        machine.folder = nil
        let counts = Counts()
        machine.start { _ in
            run_weekly({ _ in counts.calls["first", default: 0] += 1 }, 1, "open")
            run_weekly({ _ in counts.calls["last", default: 0] += 1 }, -1, "open")
            run_monthly({ _ in counts.calls["month", default: 0] += 1 }, 1, "open")
            run_monthly({ _ in counts.calls["month's end", default: 0] += 1 }, -1, "close")
        }
        machine.pass(until: "2026-12-31 23:59:59")
        let calendar = TradingCalendar.builtIn
        let days = calendar.tradingDays(
            from: try XCTUnwrap(Day("2026-01-01")), through: try XCTUnwrap(Day("2026-12-31")))
        let weeks = Set(days.map { ($0 - ($0.weekday - 1)).number }).count
        // Thursday 2026-12-31 is the last trading day of a week whose Friday, in 2027, only the calendar of 2027 closes.
        let lastWeekEndsInYear = calendar.isTradingDay(try XCTUnwrap(Day("2027-01-01"))) ? 0 : 1
        XCTAssertEqual(
            counts.calls,
            ["first": weeks, "last": weeks - 1 + lastWeekEndsInYear, "month": 12, "month's end": 12])
    }
}
