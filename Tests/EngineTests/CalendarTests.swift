import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// The user's two calendar files and the end of the built-in table, as a run meets them.
final class CalendarTests: XCTestCase {
    private let closed = "/home/calendar/closed_days.txt"
    private let open = "/home/calendar/open_days.txt"

    private func daily(_ days: @escaping (String) -> Void) -> (Context) -> Void {
        { _ in run_daily({ days("\($0.strategy_dt.day)") }, "open", name: "job") }
    }

    func testClosedAndOpenDaysWinOverTheTable() throws {
        let machine = try Machine(shanghai("2026-11-19 12:00"), listening: false)
        try machine.put("# holidays\n2026-11-20\n20261123 # and this one\n", closed)
        try machine.put("2026-11-21\n", open)
        var days: [String] = []
        machine.start(daily { days.append($0) })
        machine.pass(until: "2026-11-24 12:00")
        XCTAssertEqual(days, ["2026-11-21", "2026-11-24"])
    }

    func testABadLineFailsTheStartAndIsNamed() throws {
        let machine = try Machine(shanghai("2026-11-19 12:00"))
        try machine.put("2026-11-20\n2026-11-31\n", closed)
        XCTAssertEqual(
            machine.start(daily { _ in }),
            .failed(["\(closed), line 2: \"2026-11-31\" is no date; write one date a line, like 2027-01-01"]))
        try machine.put("2026-11-20\n", closed)
        try machine.put("2026-11-20\n", open)
        guard case .failed(let problems) = machine.start(daily { _ in }) else { return XCTFail("it started") }
        XCTAssertTrue(problems[0].contains("2026-11-20 is listed as a closed day and as an open day"), problems[0])
    }

    func testTheFilesAreReadAgainAtMidnight() throws {
        let machine = try Machine(shanghai("2026-11-18 12:00"))
        var days: [String] = []
        machine.start(daily { days.append($0) })
        machine.pass(until: "2026-11-18 20:00")
        try machine.put("2026-11-19\n", closed)
        machine.pass(until: "2026-11-19 12:00")
        XCTAssertEqual(days, [], "closed since midnight")
        try machine.put("no day\n", closed)
        machine.pass(until: "2026-11-20 12:00")
        XCTAssertEqual(days, ["2026-11-20"], "the calendar stays as it was")
        XCTAssertTrue(
            machine.log.contains(
                "ERROR the calendar stays as it was: \(closed), line 1: \"no day\" is no date; "
                    + "write one date a line, like 2027-01-01"))
        try machine.put("", closed)
        try machine.put("2026-11-21\n", open)
        machine.pass(until: "2026-11-21 12:00")
        XCTAssertEqual(days, ["2026-11-20", "2026-11-21"])
        XCTAssertEqual(try machine.fates(of: "2026-11-21"), ["09:30:00 job done"])
    }

    func testTheNextSlotFollowsTheCalendarOfMidnight() throws {
        let machine = try Machine(shanghai("2026-11-20 12:00"))
        machine.start(daily { _ in })
        XCTAssertEqual(machine.events.last, "next job 09:30:00 grace 60 s")
        try machine.put("2026-11-23\n", closed)
        machine.pass(until: "2026-11-21 00:00")
        XCTAssertEqual(
            machine.run?.schedule?.timetable.hours.calendar.isTradingDay(try XCTUnwrap(Day("2026-11-23"))), false)
    }

    func testEveryDayNeedsNoCalendar() throws {
        let machine = try Machine(shanghai("2027-01-01 00:00"))
        try machine.put("no day", closed)
        var days: [String] = []
        let result = machine.start { context in
            set_options(calendar: "every_day")
            self.daily { days.append($0) }(context)
        }
        XCTAssertEqual(result, .ready)
        machine.pass(until: "2027-01-04 00:00")
        XCTAssertEqual(days, ["2027-01-01", "2027-01-02", "2027-01-03"])
        XCTAssertFalse(machine.log.contains { $0.hasPrefix("WARN") }, "\(machine.log)")
    }

    func testTheEndOfTheTableIsSaidAtStartAndEachDay() throws {
        let quiet = try Machine(shanghai("2026-11-15 12:00"))
        quiet.start(daily { _ in })
        XCTAssertFalse(quiet.log.contains { $0.contains("the calendar end") })
        let machine = try Machine(shanghai("2026-12-30 12:00"))
        machine.start(daily { _ in })
        machine.pass(until: "2027-01-02 12:00")
        let advice = "add the closed days of 2027 to \(closed), make-up openings to \(open)"
        XCTAssertEqual(
            machine.log.filter { $0.contains("the calendar end") },
            Array(repeating: "WARN the calendar ends on 2026-12-31: \(advice)", count: 2)
                + Array(
                    repeating: "WARN the calendar ended on 2026-12-31 and knows weekends only since: \(advice)",
                    count: 2)
        )
    }

    func testWithoutCalendarFilesTheTableHolds() throws {
        let machine = try Machine(shanghai("2026-12-30 12:00"))
        machine.hasCalendarFiles = false
        XCTAssertEqual(machine.start(daily { _ in }), .ready)
        machine.pass(until: "2027-01-04 12:00")
        XCTAssertFalse(machine.log.contains { $0.contains("the calendar end") })
    }
}
