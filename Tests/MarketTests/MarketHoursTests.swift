import Market
import XCTest

final class MarketHoursTests: XCTestCase {
    private let futures = try? MarketPeriods([
        ("21:00", "02:30"), ("09:00", "10:15"), ("10:30", "11:30"), ("13:30", "15:00"),
    ])

    private func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }
    private func shanghai(_ text: String) -> Instant {
        (Instant(utc: text.replacing(" ", with: "T") + "Z") ?? Instant(nanoseconds: 0)) - .seconds(Int64(8 * 3600))
    }
    private func nights() throws -> MarketHours { MarketHours(periods: try XCTUnwrap(futures)) }

    private func starts(_ hours: MarketHours, _ text: String) -> [String] {
        hours.day(day(text)).sessions.map { hours.zone.local($0.start).iso8601 }
    }

    func testSessionsOfTheExchanges() {
        let hours = MarketHours()
        XCTAssertEqual(starts(hours, "2026-11-20"), ["2026-11-20T09:30:00+08:00", "2026-11-20T13:00:00+08:00"])
        XCTAssertEqual(starts(hours, "2026-11-21"), [])
        XCTAssertEqual(starts(hours, "2026-10-01"), [])
        let first = hours.day(day("2026-11-20")).sessions[0]
        XCTAssertTrue(first.contains(first.start))
        XCTAssertFalse(first.contains(first.end))
    }

    func testNightSessionsOnOrdinaryDaysAndWeekends() throws {
        let hours = try nights()
        XCTAssertEqual(starts(hours, "2026-11-20").first, "2026-11-19T21:00:00+08:00")
        let monday = hours.day(day("2026-11-23"))
        XCTAssertEqual(monday.evening, day("2026-11-20"))
        XCTAssertEqual(monday.sessions[0].start, shanghai("2026-11-20 21:00:00"))
        XCTAssertEqual(monday.sessions[0].end, shanghai("2026-11-21 02:30:00"))
        XCTAssertEqual(monday.sessions.count, 4)
        XCTAssertEqual(starts(hours, "2026-11-21"), [])
    }

    func testNoNightSessionAroundAHoliday() throws {
        let hours = try nights()
        // Dragon Boat Festival on Friday 2026-06-19: Thursday evening is not traded, Monday has no night session.
        XCTAssertFalse(hours.day(day("2026-06-22")).hasNightSession)
        XCTAssertEqual(starts(hours, "2026-06-22").first, "2026-06-22T09:00:00+08:00")
        XCTAssertTrue(hours.day(day("2026-06-18")).hasNightSession)
        XCTAssertTrue(hours.day(day("2026-06-23")).hasNightSession)
        XCTAssertFalse(hours.day(day("2026-02-24")).hasNightSession, "after Spring Festival")
        XCTAssertFalse(hours.day(day("2026-01-05")).hasNightSession, "after New Year's Thursday and Friday")
        XCTAssertEqual(hours.day(day("2026-06-19")).sessions, [], "not a trading day")
    }

    func testAnOpenedSaturdayHasItsOwnNight() throws {
        let calendar = try TradingCalendar.builtIn.adding(closed: [], opened: [day("2026-11-21")])
        let hours = MarketHours(calendar: calendar, periods: try XCTUnwrap(futures))
        XCTAssertEqual(hours.day(day("2026-11-21")).evening, day("2026-11-20"))
        XCTAssertEqual(hours.day(day("2026-11-23")).evening, day("2026-11-21"))
        let every = MarketHours(calendar: .everyDay, periods: try XCTUnwrap(futures))
        XCTAssertEqual(every.day(day("2026-10-05")).evening, day("2026-10-04"))
    }

    func testTheTradingDayOfAnInstant() throws {
        let hours = try nights()
        let cases = [
            ("2026-11-20 08:00:00", "2026-11-20"), ("2026-11-20 20:59:59", "2026-11-20"),
            ("2026-11-20 21:00:00", "2026-11-23"), ("2026-11-21 02:00:00", "2026-11-23"),
            ("2026-11-22 23:00:00", "2026-11-23"), ("2026-11-23 00:30:00", "2026-11-23"),
            ("2026-11-23 21:00:00", "2026-11-24"), ("2026-11-24 01:00:00", "2026-11-24"),
            ("2026-06-18 22:00:00", "2026-06-18"), ("2026-06-19 09:00:00", "2026-06-22"),
        ]
        for (at, expected) in cases { XCTAssertEqual(hours.tradingDay(at: shanghai(at)), day(expected), at) }
        XCTAssertEqual(MarketHours().tradingDay(at: shanghai("2026-11-20 23:00:00")), day("2026-11-20"))
        XCTAssertEqual(MarketHours().tradingDay(at: shanghai("2026-11-21 00:00:00")), day("2026-11-23"))
    }

    func testClockTimesOfATradingDay() throws {
        let hours = try nights()
        func at(_ text: String, _ hour: Int, _ minute: Int) -> String? {
            hours.day(day(text)).instant(clock: TimeOfDay(hour, minute)).map { hours.zone.local($0).description }
        }
        XCTAssertEqual(at("2026-11-23", 21, 5), "2026-11-20 21:05:00.000", "Monday's night is on Friday evening")
        XCTAssertEqual(at("2026-11-23", 2, 30), "2026-11-21 02:30:00.000")
        XCTAssertEqual(at("2026-11-23", 2, 31), "2026-11-23 02:31:00.000")
        XCTAssertEqual(
            at("2026-11-23", 20, 30), "2026-11-23 20:30:00.000", "before the opening it is the day's own evening")
        XCTAssertNil(at("2026-06-22", 21, 5), "that night is not traded")
        XCTAssertNil(at("2026-06-22", 1, 0))
        XCTAssertEqual(at("2026-06-22", 9, 0), "2026-06-22 09:00:00.000")
    }

    func testAZoneWithSummerTime() throws {
        let hours = MarketHours(periods: try MarketPeriods([("09:30", "16:00")]), zone: .newYork)
        XCTAssertEqual(starts(hours, "2026-03-06"), ["2026-03-06T09:30:00-05:00"])
        XCTAssertEqual(starts(hours, "2026-03-09"), ["2026-03-09T09:30:00-04:00"])
        XCTAssertEqual(hours.day(day("2026-03-09")).sessions[0].start, Instant(utc: "2026-03-09T13:30:00Z"))
        XCTAssertEqual(hours.day(day("2026-11-02")).sessions[0].start, Instant(utc: "2026-11-02T14:30:00Z"))
        XCTAssertEqual(hours.tradingDay(at: try XCTUnwrap(Instant(utc: "2026-03-10T03:59:59Z"))), day("2026-03-09"))
        let skipped = MarketZone.newYork.instant(day("2026-03-08"), TimeOfDay(2, 30))
        XCTAssertEqual(MarketZone.newYork.local(skipped).description, "2026-03-08 03:30:00.000")
        let twice = MarketZone.newYork.instant(day("2026-11-01"), TimeOfDay(1, 30))
        XCTAssertEqual(twice, Instant(utc: "2026-11-01T05:30:00Z"), "the first of the two")
    }

    func testMidnight() {
        let hours = MarketHours(zone: .newYork)
        XCTAssertEqual(
            hours.midnight(after: MarketZone.newYork.instant(day("2026-11-01"), TimeOfDay(0, 0))).utc,
            "2026-11-02T05:00:00Z")
        XCTAssertEqual(MarketHours().midnight(after: shanghai("2026-11-20 23:59:59")), shanghai("2026-11-21 00:00:00"))
    }
}
