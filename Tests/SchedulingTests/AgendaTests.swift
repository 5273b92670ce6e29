import Market
import Scheduling
import XCTest

final class AgendaTests: XCTestCase {
    private func slots(_ timetable: Timetable, _ date: String) -> [String] {
        timetable.agenda(of: day(date)).slots.map { slot in
            "\(timetable.jobs[slot.job].name) \(timetable.hours.zone.local(slot.at).description.dropLast(4))"
        }
    }

    func testOneDayInOrder() throws {
        let jobs = [
            ("e", "close"), ("d", "15:00"), ("a", "open-30m"), ("c", "9:30"), ("b", "open"), ("f", "after_close"),
        ]
        XCTAssertEqual(
            slots(try timetable(jobs), "2026-11-20"),
            [
                "a 2026-11-20 09:00:00", "c 2026-11-20 09:30:00", "b 2026-11-20 09:30:00", "e 2026-11-20 15:00:00",
                "d 2026-11-20 15:00:00", "f 2026-11-20 15:30:00",
            ])
        XCTAssertEqual(slots(try timetable(jobs), "2026-11-21"), [], "a Saturday")
        XCTAssertEqual(slots(try timetable(jobs), "2026-10-01"), [], "a holiday")
    }

    func testEveryMinuteAndEveryBar() throws {
        let table = try timetable([("o", "open"), ("m", "every_minute"), ("b", "every_bar")])
        let agenda = table.agenda(of: day("2026-11-20"))
        let minutes = agenda.slots.filter { $0.job == 1 }
        let bars = agenda.slots.filter { $0.job == 2 }
        XCTAssertEqual(minutes.count, 242)
        XCTAssertEqual(bars.count, 240)
        XCTAssertEqual(minutes.first?.at, at("09:30:00"))
        XCTAssertEqual(minutes.last?.at, at("15:00:00"))
        XCTAssertTrue(minutes.contains { $0.at == at("11:30:00") })
        XCTAssertEqual(bars.first?.at, at("09:30:00"))
        XCTAssertEqual(bars.last?.at, at("14:59:00"))
        XCTAssertFalse(bars.contains { $0.at == at("11:30:00") })
        XCTAssertEqual(agenda.slots.prefix(3).map(\.job), [1, 2, 0], "minutes come first, whenever registered")
    }

    func testPeriodsOffTheWholeMinuteAndTouchingOnes() throws {
        let odd = MarketHours(periods: try MarketPeriods([("09:30:30", "09:33:10")]))
        XCTAssertEqual(
            slots(try timetable([("m", "every_minute")], hours: odd), "2026-11-20"),
            ["m 2026-11-20 09:31:00", "m 2026-11-20 09:32:00", "m 2026-11-20 09:33:00"])
        let short = MarketHours(periods: try MarketPeriods([("09:30:10", "09:30:50")]))
        XCTAssertEqual(
            slots(try timetable([("m", "every_minute"), ("b", "every_bar")], hours: short), "2026-11-20"), [])
        let touching = MarketHours(periods: try MarketPeriods([("09:30", "09:31"), ("09:31", "09:32")]))
        XCTAssertEqual(slots(try timetable([("m", "every_minute")], hours: touching), "2026-11-20").count, 3)
        XCTAssertEqual(slots(try timetable([("b", "every_bar")], hours: touching), "2026-11-20").count, 2)
    }

    func testNightSessions() throws {
        let hours = MarketHours(
            periods: try MarketPeriods([("21:00", "02:30"), ("09:00", "11:30"), ("13:30", "15:00")]))
        let table = try timetable(
            [("p", "open-30m"), ("o", "open"), ("n", "21:05"), ("d", "09:00"), ("m", "every_minute"), ("c", "close")],
            hours: hours)
        let monday = slots(table, "2026-11-23").filter { !$0.hasPrefix("m") }
        XCTAssertEqual(
            monday,
            [
                "p 2026-11-20 20:30:00", "o 2026-11-20 21:00:00", "n 2026-11-20 21:05:00", "d 2026-11-23 09:00:00",
                "c 2026-11-23 15:00:00",
            ])
        XCTAssertEqual(slots(table, "2026-11-23").count, 5 + 331 + 151 + 91)
        let holiday = slots(table, "2026-06-22").filter { !$0.hasPrefix("m") }
        XCTAssertEqual(
            holiday,
            ["p 2026-06-22 08:30:00", "o 2026-06-22 09:00:00", "d 2026-06-22 09:00:00", "c 2026-06-22 15:00:00"],
            "after a closed weekday the morning opens, and the night's own times are not")
        XCTAssertTrue(table.agenda(of: day("2026-11-23")).slots.allSatisfy { $0.day == day("2026-11-23") })
    }

    func testAnotherZone() throws {
        let zone = MarketZone(
            name: "America/New_York", firstOffset: -18_000,
            changes: [.init(at: try XCTUnwrap(Instant(utc: "2026-03-08T07:00:00Z")), offset: -14_400)])
        let table = try timetable(
            [("f", "09:30"), ("m", "every_minute")],
            hours: MarketHours(calendar: .everyDay, periods: try MarketPeriods([("00:00", "06:00")]), zone: zone))
        func first(_ date: String) -> String? { table.agenda(of: day(date)).slots.first { $0.job == 0 }?.at.utc }
        XCTAssertEqual(first("2026-03-07"), "2026-03-07T14:30:00Z")
        XCTAssertEqual(first("2026-03-08"), "2026-03-08T13:30:00Z")
        let lengths = ["2026-03-07", "2026-03-08"].map { date in table.agenda(of: day(date)).slots.count - 1 }
        XCTAssertEqual(lengths, [361, 301], "an hour of the night does not exist when summer time begins")
    }

    func testWeeklyAndMonthly() throws {
        func days(_ rule: DayRule, from first: String, through last: String) -> [String] {
            let calendar = TradingCalendar.builtIn
            return calendar.tradingDays(from: day(first), through: day(last))
                .filter { rule.holds(on: $0, in: calendar) }.map { String($0.description.dropFirst(5)) }
        }
        // The National Day week of 2026 is closed; Friday 2026-09-25 and Monday 02-23 are closed.
        XCTAssertEqual(
            days(.weekly(1), from: "2026-09-14", through: "2026-10-18"), ["09-14", "09-21", "09-28", "10-08", "10-12"])
        XCTAssertEqual(
            days(.weekly(-1), from: "2026-09-14", through: "2026-10-18"), ["09-18", "09-24", "09-30", "10-09", "10-16"])
        XCTAssertEqual(days(.weekly(5), from: "2026-09-14", through: "2026-10-18"), ["09-18", "10-16"])
        XCTAssertEqual(
            days(.monthly(1), from: "2026-01-01", through: "2026-05-31"), ["01-05", "02-02", "03-02", "04-01", "05-06"])
        XCTAssertEqual(
            days(.monthly(-1), from: "2026-01-01", through: "2026-05-31"),
            ["01-30", "02-27", "03-31", "04-30", "05-29"])
        XCTAssertEqual(days(.monthly(23), from: "2026-01-01", through: "2026-12-31"), ["07-31", "12-31"])
        XCTAssertEqual(days(.monthly(-2), from: "2026-12-01", through: "2026-12-31"), ["12-30"])
    }
}
