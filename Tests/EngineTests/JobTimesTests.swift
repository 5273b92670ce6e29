import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// `run_daily` and its kin as a strategy writes them: when the jobs run, and what is refused at the start.
final class JobTimesTests: XCTestCase {
    /// The times at which a job runs on some days from 2026-11-16, a Monday, on.
    private func times(days: Int = 1, _ register: @escaping (@escaping JobFunction) -> Void) throws -> [String] {
        let machine = try Machine(shanghai("2026-11-16 00:00"), listening: false)
        machine.folder = nil
        var ran: [String] = []
        let result = machine.start { _ in
            register { context in
                XCTAssertEqual(context.current_dt, context.strategy_dt)
                ran.append("\(context.strategy_dt.day.date.day) \(context.strategy_dt.time)")
            }
        }
        XCTAssertEqual(result, .ready)
        machine.pass(until: shanghai("2026-11-16 00:00") + .seconds(Int64(days) * 86_400 - 1))
        return days == 1 ? ran.map { String($0.dropFirst(3)) } : ran
    }

    func testEveryFormOfATime() throws {
        let forms: [(String, String)] = [
            ("9:30", "09:30:00"), ("09:30", "09:30:00"), ("14:50:30", "14:50:30"), ("00:00", "00:00:00"),
            ("23:59:58", "23:59:58"), ("open", "09:30:00"), ("open-30m", "09:00:00"), ("open+5s", "09:30:05"),
            ("close", "15:00:00"), ("close-1h30m", "13:30:00"), ("close+1h30m15s", "16:30:15"),
            ("before_open", "09:00:00"), ("after_close", "15:30:00"),
        ]
        for (written, runs) in forms {
            XCTAssertEqual(try times { run_daily($0, written) }, [runs], written)
        }
    }

    func testEveryMinuteHasBothEndsAndEveryBarHasStarts() throws {
        let minutes = try times { run_daily($0, "every_minute") }
        XCTAssertEqual(minutes.count, 242)
        XCTAssertEqual(
            [minutes[0], minutes[120], minutes[121], minutes[241]], ["09:30:00", "11:30:00", "13:00:00", "15:00:00"])
        let bars = try times { run_daily($0, "every_bar") }
        XCTAssertEqual(bars.count, 240)
        XCTAssertEqual([bars[0], bars[119], bars[120], bars[239]], ["09:30:00", "11:29:00", "13:00:00", "14:59:00"])
    }

    func testWeeklyAndMonthlyCountTradingDaysFromBothEnds() throws {
        XCTAssertEqual(try times(days: 12) { run_weekly($0, 1, "open") }, ["16 09:30:00", "23 09:30:00"])
        XCTAssertEqual(try times(days: 12) { run_weekly($0, -1, "9:00") }, ["20 09:00:00", "27 09:00:00"])
        XCTAssertEqual(try times(days: 20) { run_monthly($0, 1, "close") }, ["1 15:00:00"])
        XCTAssertEqual(try times(days: 20) { run_monthly($0, -1, "close") }, ["30 15:00:00"])
    }

    func testJobsOfOneInstantRunMinutesFirstThenAsRegistered() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"), listening: false)
        var ran: [String] = []
        machine.start { _ in
            for (name, time) in [("a", "open"), ("b", "9:30"), ("c", "every_minute"), ("d", "open")] {
                run_daily({ _ in ran.append(name) }, time, name: name)
            }
        }
        machine.pass(until: "2026-11-20 09:30")
        XCTAssertEqual(ran, ["c", "a", "b", "d"])
    }

    func testTimesThatAreWrongFailTheStartWithTheJobsName() throws {
        let wrong: [(String, String)] = [
            ("25:00", "hours go from 00 to 23"), ("09:30:61", "minutes and seconds go from 00 to 59"),
            ("opening", "is no time"), ("open-", "lacks its offset"), ("open+1x", "offset of \"open+1x\""),
            ("", "the time is empty"), ("close+", "lacks its offset"), ("open+30m1h", "offset of"),
            ("Open", "is no time"), (" 9:30", "is no time"), ("9:30 ", "is no time of day"), ("9", "is no time of day"),
            ("9:3", "is no time of day"), ("９:30", "is no time"), ("open-9999999h", "offset of"),
            ("open-12h1s", "more than 12 hours before the first period"), ("open-999999h", "more than 12 hours"),
            ("close+12h1s", "more than 12 hours after the last period"), ("every_hour", "is no time"),
        ]
        for (time, part) in wrong {
            let machine = try Machine(shanghai("2026-11-20 09:00"))
            let result = machine.start { _ in run_daily({ _ in }, time, name: "do_order") }
            guard case .failed(let problems) = result, problems.count == 1, let problem = problems.first else {
                XCTFail("\"\(time)\": \(result)")
                continue
            }
            XCTAssertTrue(problem.contains("job do_order: "), problem)
            XCTAssertTrue(problem.contains(part), problem)
        }
    }

    func testTheFarthestOffsetsAreTaken() throws {
        XCTAssertEqual(try times(days: 2) { run_daily($0, "close+12h") }, ["17 03:00:00"])
        let machine = try Machine(shanghai("2026-11-20 09:00"))
        XCTAssertEqual(machine.start { _ in run_daily({ _ in }, "open-12h") }, .ready)
    }

    func testDaysAndGracesThatAreWrong() throws {
        let machine = try Machine(shanghai("2026-11-20 09:00"))
        let result = machine.start { _ in
            run_weekly({ _ in }, 0, "open", name: "a", file: "/s.swift", line: 1)
            run_weekly({ _ in }, 8, "open", name: "b", file: "/s.swift", line: 2)
            run_monthly({ _ in }, -32, "open", name: "c", file: "/s.swift", line: 3)
            run_daily({ _ in }, "open", name: "d", misfire_grace: -1, file: "/s.swift", line: 4)
            run_daily({ _ in }, "open", name: "e", misfire_grace: .nan, file: "/s.swift", line: 5)
            run_daily({ _ in }, "open", name: "two\nlines", file: "/s.swift", line: 6)
            run_daily({ _ in }, "open", name: "", file: "/s.swift", line: 7)
        }
        guard case .failed(let problems) = result else { return XCTFail("it started") }
        XCTAssertEqual(
            problems.map { String($0.prefix(11)) }, (1...7).map { "/s.swift:\($0): " }.map { String($0.prefix(11)) })
        XCTAssertTrue(problems[0].contains("job a: there is no trading day 0 of a week"), problems[0])
        XCTAssertTrue(problems[2].contains("job c: there is no trading day -32 of a month"), problems[2])
        XCTAssertTrue(problems[3].contains("job d: misfire_grace asks for seconds from 0 to 86400"), problems[3])
        XCTAssertTrue(problems[5].contains("a text of one line"), problems[5])
    }

    func testTooManySlotsADayAreRefused() throws {
        let machine = try Machine(shanghai("2026-11-20 09:00"))
        let result = machine.start { _ in
            set_options(market_period: [("00:00", "23:59")])
            for number in 0..<70 { run_daily({ _ in }, "every_minute", name: "job \(number)") }
        }
        guard case .failed(let problems) = result else { return XCTFail("it started") }
        XCTAssertEqual(problems.count, 1)
        XCTAssertTrue(problems[0].contains("the jobs have 100800 slots a day, more than 100000"), problems[0])
    }

    func testAJobWithoutANameIsCalledByItsPlace() throws {
        let machine = try Machine(shanghai("2026-11-20 09:00"))
        machine.start { _ in run_daily({ _ in }, "open", file: "/work/demo.swift", line: 12) }
        XCTAssertEqual(
            machine.log.last,
            "INFO ready; next: 09:30:00 demo.swift:12, 2026-11-23 09:30:00 demo.swift:12, "
                + "2026-11-24 09:30:00 demo.swift:12, 2026-11-25 09:30:00 demo.swift:12, 2026-11-26 09:30:00 demo.swift:12"
        )
    }

    func testNightSessionsBelongToTheNextTradingDay() throws {
        let machine = try Machine(shanghai("2026-11-20 20:00"), listening: false)
        var ran: [String] = []
        machine.start { _ in
            set_options(market_period: [("21:00", "02:30"), ("09:00", "15:00")])
            for time in ["open", "23:30", "02:00", "close"] {
                run_daily({ ran.append("\($0.strategy_dt.day) \($0.strategy_dt.time) \(time)") }, time, name: time)
            }
        }
        machine.pass(until: "2026-11-23 20:00")
        XCTAssertEqual(
            ran,
            [
                "2026-11-20 21:00:00 open", "2026-11-20 23:30:00 23:30", "2026-11-21 02:00:00 02:00",
                "2026-11-23 15:00:00 close",
            ])
        XCTAssertEqual(
            try machine.fates(of: "2026-11-23"),
            ["21:00:00 open done", "23:30:00 23:30 done", "02:00:00 02:00 done", "15:00:00 close done"])
    }
}
