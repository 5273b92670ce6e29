import JQTrade
import Market
import Notation
import TestSupport
import XCTest

@testable import Engine

/// What a run tells the outside: the observer's events in order, and the schedule that it leaves for `get_schedule`.
final class ObserverTests: XCTestCase {
    func testTheEventsOfAMorningInOrder() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.start(exit: { _ in }) { _ in
            run_daily({ _ in }, "9:30", name: "a", misfire_grace: 5)
            run_daily({ _ in }, "9:30", name: "b")
            run_daily({ _ in }, "9:31", name: "c")
        }
        machine.pass(until: "2026-11-20 09:30")
        XCTAssertEqual(
            machine.events,
            [
                "begin process_initialize 09:29:00", "end", "next a 09:30:00 grace 5.0 s",
                "next b 09:30:00 grace 60 s", "begin a 09:30:00", "end",
                "next c 09:31:00 grace 60 s", "begin b 09:30:00", "end",
            ])
        machine.stop()
        XCTAssertEqual(machine.events.suffix(2), ["begin process_exit 09:30:00", "end"])
    }

    func testARunWithoutJobsSaysSoAndHasNoNextSlot() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        XCTAssertEqual(machine.start { _ in }, .ready)
        XCTAssertEqual(machine.log.last, "WARN no job has a slot, and nothing is subscribed to: run_daily sets a slot")
        XCTAssertEqual(machine.events.last, "next none")
        machine.pass(until: "2026-11-25 12:00")
        XCTAssertEqual(machine.run?.ending, .asked)
    }

    func testAFailedStartHasItsActivityAndNoSlot() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.start { _ in run_daily({ _ in }, "") }
        XCTAssertEqual(machine.events, ["begin process_initialize 09:29:00", "end"])
    }

    func testTheScheduleComesBackAsItWasWritten() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.start { _ in
            set_options(timezone: "UTC", market_period: [("21:00", "02:30"), ("09:00", "15:00")])
            run_daily({ _ in }, "open-30m", name: "任务 \"one\"", misfire_grace: 0.5)
            run_weekly({ _ in }, -1, "close", name: "b")
            run_monthly({ _ in }, 3, "every_bar", name: "c", misfire_grace: 0)
            run_daily({ _ in }, "14:50:30", name: "b")
        }
        let written = try XCTUnwrap(machine.run?.schedule)
        let read = try XCTUnwrap(Schedule(JSON(parsing: written.json.compact), calendar: .builtIn))
        XCTAssertEqual(read.timetable.jobs, written.timetable.jobs)
        XCTAssertEqual(read.timetable.hours, written.timetable.hours)
        XCTAssertEqual(read.folder, "/home/tasks/demo")
        XCTAssertEqual(read.json, written.json)
        let day = try XCTUnwrap(Day("2026-11-20"))
        XCTAssertEqual(read.timetable.agenda(of: day).slots, written.timetable.agenda(of: day).slots)
        XCTAssertEqual(try machine.read("/home/tasks/demo/schedule.json"), written.json.compact)
    }

    func testEveryDayBelongsToTheScheduleAndTheCalendarToTheHome() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.start { _ in
            set_options(calendar: "every_day")
            run_daily({ _ in }, "open", name: "a")
        }
        let json = try XCTUnwrap(machine.run?.schedule).json
        XCTAssertEqual(Schedule(json, calendar: .builtIn)?.timetable.hours.calendar, .everyDay)
    }

    func testWhatIsNoScheduleIsNone() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.start { _ in
            run_daily({ _ in }, "open", name: "a")
            run_weekly({ _ in }, 1, "close", name: "b")
        }
        let json = try XCTUnwrap(machine.run?.schedule).json
        XCTAssertNotNil(Schedule(json, calendar: .builtIn))
        let members = try XCTUnwrap(json.members)
        for index in members.indices where !["every_day", "folder"].contains(members[index].name) {
            for wrong: JSON in [.null, 7, "x", ["x"], [["x"]], .object([])] {
                var changed = members
                changed[index].value = wrong
                XCTAssertNil(Schedule(.object(changed), calendar: .builtIn), "\(members[index].name): \(wrong.compact)")
            }
        }
        let text = json.compact
        for (good, bad) in [
            ("\"daily\"", "\"yearly\""), ("\"weekly 1\"", "\"weekly x\""), ("\"weekly 1\"", "\"weekly 9\""),
            ("\"open\"", "\"opening\""), ("\"job\":\"a\"", "\"job\":1"),
        ] {
            let changed = text.replacing(good, with: bad)
            XCTAssertNotEqual(changed, text)
            XCTAssertNil(Schedule(try JSON(parsing: changed), calendar: .builtIn), changed)
        }
    }
}
