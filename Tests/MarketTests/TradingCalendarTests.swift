import Foundation
import Market
import XCTest

final class TradingCalendarTests: XCTestCase {
    private let calendar = TradingCalendar.builtIn

    private func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }
    private func days(_ texts: String...) -> [Day] { texts.map(day) }

    /// The numbers of the list that the table was made from.
    func testCountsOfTheWholeTable() {
        let all = calendar.tradingDays(from: day("1990-12-19"), through: day("2026-12-31"))
        XCTAssertEqual(all.count, 8797)
        let weekdays = (all[0].number...day("2026-12-31").number).filter { !Day(number: $0).isWeekend }
        XCTAssertEqual(weekdays.count - all.count, 605)
        XCTAssertEqual(all.first, day("1990-12-19"))
        XCTAssertEqual(all.last, day("2026-12-31"))
        XCTAssertEqual(calendar.firstCoveredDay, all.first)
        XCTAssertEqual(calendar.lastCoveredDay, all.last)
    }

    /// Yearly counts as the exchanges published them.
    func testCountsOfKnownYears() {
        let known = [1991: 255, 2005: 242, 2008: 246, 2015: 244, 2019: 244, 2020: 243, 2022: 242, 2023: 242, 2024: 242]
        for (year, count) in known {
            XCTAssertEqual(
                calendar.tradingDays(from: day("\(year)-01-01"), through: day("\(year)-12-31")).count, count, "\(year)")
        }
    }

    func testSpringFestivalWeeks() {
        XCTAssertEqual(calendar.next(after: day("2026-02-13")), day("2026-02-24"))
        XCTAssertEqual(calendar.previous(before: day("2026-02-24")), day("2026-02-13"))
        XCTAssertEqual(calendar.next(after: day("2024-02-08")), day("2024-02-19"))
        XCTAssertEqual(calendar.next(after: day("2020-01-23")), day("2020-02-03"), "the festival that was prolonged")
        XCTAssertEqual(
            calendar.tradingDays(from: day("2025-01-27"), through: day("2025-02-09")).map(\.description),
            ["2025-01-27", "2025-02-05", "2025-02-06", "2025-02-07"])
    }

    func testMakeUpWeekendsAreClosed() {
        for text in ["2026-02-14", "2026-02-28", "2026-10-10", "2025-01-26", "2024-02-04"] {
            XCTAssertFalse(calendar.isTradingDay(day(text)), text)
        }
    }

    func testTheYearsEndAndTheTablesEnd() {
        XCTAssertEqual(calendar.next(after: day("2025-12-31")), day("2026-01-05"))
        XCTAssertEqual(
            calendar.next(after: day("2026-12-31")), day("2027-01-01"), "past the table only weekends are known")
        XCTAssertEqual(calendar.next(after: day("2027-01-01")), day("2027-01-04"))
        XCTAssertTrue(calendar.covers(day("2026-12-31")))
        XCTAssertFalse(calendar.covers(day("2027-01-01")))
        XCTAssertFalse(calendar.covers(day("1990-12-18")))
        XCTAssertEqual(calendar.previous(before: day("1990-12-19")), day("1990-12-18"))
    }

    func testTheWarningBeginsFortyFiveDaysBeforeTheEnd() {
        func warning(_ text: String) -> String? {
            calendar.coverageWarning(on: day(text), closedPath: "C.txt", openPath: "O.txt")
        }
        XCTAssertNil(warning("2026-11-15"))
        XCTAssertEqual(
            warning("2026-11-16"),
            "the calendar ends on 2026-12-31: add the closed days of 2027 to C.txt, make-up openings to O.txt")
        XCTAssertEqual(
            warning("2027-01-04"),
            "the calendar ended on 2026-12-31 and knows weekends only since: add the closed days of 2027 to C.txt, "
                + "make-up openings to O.txt")
        XCTAssertNil(TradingCalendar.everyDay.coverageWarning(on: day("2030-01-01"), closedPath: "C", openPath: "O"))
    }

    func testTheUsersFilesWin() throws {
        let mine = try calendar.adding(closed: days("2026-11-20"), opened: days("2026-10-01", "2026-11-21"))
        XCTAssertFalse(mine.isTradingDay(day("2026-11-20")))
        XCTAssertTrue(mine.isTradingDay(day("2026-10-01")), "open though the table has it closed")
        XCTAssertTrue(mine.isTradingDay(day("2026-11-21")), "a Saturday")
        XCTAssertEqual(mine.next(after: day("2026-11-19")), day("2026-11-21"))
        let again = try mine.adding(closed: days("2026-11-21"), opened: days("2026-11-20"))
        XCTAssertTrue(again.isTradingDay(day("2026-11-20")))
        XCTAssertFalse(again.isTradingDay(day("2026-11-21")))
        XCTAssertThrowsError(try calendar.adding(closed: days("2026-11-20"), opened: days("2026-11-20"))) {
            XCTAssertEqual(
                "\($0)",
                "2026-11-20 is listed as a closed day and as an open day: take it out of one of the two lists")
        }
    }

    func testClosedDaysOfLaterYearsExtendTheCoverage() throws {
        let two = try calendar.adding(closed: days("2027-01-01", "2028-01-03"), opened: [])
        XCTAssertEqual(two.lastCoveredDay, day("2028-12-31"))
        XCTAssertNil(two.coverageWarning(on: day("2027-01-04"), closedPath: "", openPath: ""))
        let gap = try calendar.adding(closed: days("2028-01-03"), opened: days("2027-02-20"))
        XCTAssertEqual(gap.lastCoveredDay, day("2026-12-31"), "nothing is known of 2027's holidays")
        XCTAssertTrue(gap.covers(day("2028-01-03")), "a listed day is known")
        XCTAssertTrue(gap.covers(day("2027-02-20")))
        XCTAssertFalse(gap.covers(day("2027-02-22")))
    }

    func testEveryDay() {
        let every = TradingCalendar.everyDay
        XCTAssertTrue(every.isTradingDay(day("2026-10-01")))
        XCTAssertEqual(every.next(after: day("2026-11-20")), day("2026-11-21"))
        XCTAssertTrue(every.covers(day("2150-01-01")))
        XCTAssertEqual(every.lastCoveredDay, day("2199-12-31"))
        XCTAssertEqual(every.firstCoveredDay, day("1900-01-01"))
    }

    func testCalendarFiles() throws {
        let text = "\u{FEFF}# closed in 2027\r\n2027-01-01\r\n\n  20270204  # the festival\n\t2027-02-05"
        XCTAssertEqual(
            try CalendarFile.days(in: text, name: "closed_days.txt"), days("2027-01-01", "2027-02-04", "2027-02-05"))
        XCTAssertEqual(try CalendarFile.days(in: "", name: "x"), [])
        for (text, line) in [("2027-01-01\n2027-02-30", 2), ("\n\nsoon # 2027-01-01", 3), ("2027-01-01 2027-01-04", 1)]
        {
            XCTAssertThrowsError(try CalendarFile.days(in: text, name: "open_days.txt"), text) {
                XCTAssertTrue("\($0)".hasPrefix("open_days.txt, line \(line): \""), "\($0)")
                XCTAssertTrue("\($0)".hasSuffix("is no date; write one date a line, like 2027-01-01"), "\($0)")
            }
        }
    }
}
