import Market
import Scheduling
import XCTest

final class TimeExpressionTests: XCTestCase {
    func testExpressionsThatAreRight() throws {
        let right: [(String, TimeExpression)] = [
            ("9:30", .clock(TimeOfDay(9, 30))), ("09:30", .clock(TimeOfDay(9, 30))),
            ("09:30:15", .clock(TimeOfDay(9, 30, 15))), ("00:00", .clock(TimeOfDay(0, 0))),
            ("23:59:59", .clock(TimeOfDay(23, 59, 59))), ("open", .open(0)), ("close", .close(0)),
            ("open-30m", .open(-1800)), ("open+30s", .open(30)), ("close+1h30m", .close(5400)),
            ("close-1h2m3s", .close(-3723)), ("close+90m", .close(5400)), ("open-0s", .open(0)),
            ("open+1h5s", .open(3605)),
            ("before_open", .open(-1800)), ("after_close", .close(1800)), ("every_minute", .everyMinute),
            ("every_bar", .everyBar),
        ]
        for (text, expression) in right { XCTAssertEqual(try TimeExpression(text), expression, text) }
    }

    func testExpressionsThatAreWrong() {
        let wrong = [
            "": "the time is empty", "25:00": "there is no time 25:00: hours go from 00 to 23",
            "09:30:61": "there is no time 09:30:61: minutes and seconds go from 00 to 59",
            "24:00": "hours go from 00 to 23", "9:3": "\"9:3\" is no time of day", "9": "\"9\" is no time of day",
            "09:30 ": "is no time of day", "opening": "\"opening\" is no time", "Open": "\"Open\" is no time",
            " open": "is no time", "open ": "is no time", "open-": "\"open-\" lacks its offset",
            "close+": "\"close+\" lacks its offset", "open+1x": "the offset of \"open+1x\" cannot be read",
            "open+30": "cannot be read", "open+m": "cannot be read", "open+30m1h": "cannot be read",
            "open+1h1h": "cannot be read", "open+-1h": "cannot be read", "open 30m": "is no time",
            "open+1234567s": "cannot be read", "every_hour": "\"every_hour\" is no time", "开盘": "\"开盘\" is no time",
            "-9:30": "is no time",
        ]
        for (text, part) in wrong {
            XCTAssertThrowsError(try TimeExpression(text), text) { XCTAssertTrue("\($0)".contains(part), "\($0)") }
        }
    }

    func testErrorsNameTheJob() {
        XCTAssertThrowsError(try JobPlan(name: "buy", time: "25:00")) {
            XCTAssertEqual("\($0)", "job buy: there is no time 25:00: hours go from 00 to 23")
        }
        XCTAssertThrowsError(try JobPlan(name: "buy", time: "open", rule: .weekly(0))) {
            XCTAssertTrue("\($0)".hasPrefix("job buy: there is no trading day 0 of a week"), "\($0)")
        }
        XCTAssertThrowsError(try JobPlan(name: "buy", time: "open", rule: .monthly(32)))
        XCTAssertThrowsError(try JobPlan(name: "buy", time: "open", misfireGrace: .seconds(Int64(-1)))) {
            XCTAssertEqual("\($0)", "job buy: misfire_grace is -1.0 s: it must be 0 or more")
        }
    }

    func testOffsetsTooFarFromThePeriods() throws {
        for text in ["open-12h", "close+12h", "close-17h30m", "open+17h30m", "00:00", "23:59"] {
            XCTAssertNoThrow(try timetable([("f", text)]), text)
        }
        let wrong = [
            "open-12h0m1s":
                "job f: \"open-12h0m1s\" is more than 12 hours before the first period, which begins at 09:30:00",
            "close+12h1s": "job f: \"close+12h1s\" is more than 12 hours after the last period, which ends at 15:00:00",
            "close-18h": "before the first period", "open+18h": "after the last period",
            "open+999999h": "after the last period", "close-999999h999999m999999s": "before the first period",
        ]
        for (text, part) in wrong {
            XCTAssertThrowsError(try timetable([("f", text)]), text) { XCTAssertTrue("\($0)".contains(part), "\($0)") }
        }
        let nights = MarketHours(periods: try MarketPeriods([("21:00", "02:30"), ("09:00", "15:00")]))
        XCTAssertNoThrow(try timetable([("f", "open-12h")], hours: nights))
        XCTAssertThrowsError(try timetable([("f", "open+20h")], hours: nights), "09:00+20h on a day without its night")
    }

    func testTooManySlots() throws {
        let jobs = (1...413).map { ("f\($0)", "every_minute") }
        XCTAssertNoThrow(try timetable(jobs))
        XCTAssertThrowsError(try timetable(jobs + [("g", "every_bar")])) {
            XCTAssertEqual(
                "\($0)",
                "the jobs have 100188 slots a day, more than 100000: register fewer of them for every minute")
        }
    }
}
