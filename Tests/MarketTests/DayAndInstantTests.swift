import Foundation
import Market
import XCTest

final class DayAndInstantTests: XCTestCase {
    func testDaysAgreeWithFoundation() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try XCTUnwrap(TimeZone(identifier: "UTC"))
        for number in stride(from: -25_567, through: 84_005, by: 17) {
            let day = Day(number: Int32(number))
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(number) * 86_400))
            XCTAssertEqual(day.date.year, parts.year)
            XCTAssertEqual(day.date.month, parts.month)
            XCTAssertEqual(day.date.day, parts.day)
            XCTAssertEqual(day.weekday % 7 + 1, parts.weekday)
            XCTAssertEqual(Day(day.description), day)
            XCTAssertEqual(Day(day.compact), day)
        }
    }

    func testMarketTimesAreInOrderOfWhatTheyShow() throws {
        let start = try XCTUnwrap(Instant(utc: "2026-11-20T01:30:00Z"))
        let times = [-86_400, -1, 0, 1, 40_000].map { MarketZone.shanghai.local(start + .seconds($0)) }
        for (earlier, later) in zip(times, times.dropFirst()) {
            XCTAssertLessThan(earlier, later)
            XCTAssertFalse(later < earlier)
        }
        XCTAssertLessThan(MarketZone(name: "UTC", firstOffset: 0).local(start), times[3], "the zone does not count")
        XCTAssertLessThan(times[2], MarketZone.shanghai.local(start + TimeSpan(nanoseconds: 1)))
    }

    func testTwoMarketTimesAreSecondsApartWhateverTheirZones() throws {
        let here = MarketZone.shanghai
        let start = here.instant(try XCTUnwrap(Day("2026-11-19")), TimeOfDay(23, 59, 58))
        for distance in [TimeSpan.zero, .milliseconds(250), .seconds(3), .seconds(90_000), .seconds(-7)] {
            for zone in [here, MarketZone(name: "UTC", firstOffset: 0)] {
                XCTAssertEqual(zone.local(start + distance) - here.local(start), distance.seconds, "\(distance)")
            }
        }
    }

    func testWhatIsNoDay() {
        for text in [
            "", "2026-02-29", "2026-13-01", "2026-00-01", "26-01-01", "2026-1-01", "2026/01/01", "1899-12-31",
            "2200-01-01", "2026-11-2O", "２０２６１１２０", "-2026-1120",
        ] {
            XCTAssertNil(Day(text), text)
        }
        XCTAssertNotNil(Day("2024-02-29"))
        XCTAssertNil(Day("2100-02-29"))
    }

    func testTimesOfDay() throws {
        XCTAssertEqual(try TimeOfDay(clock: "9:30"), TimeOfDay(9, 30))
        XCTAssertEqual(try TimeOfDay(clock: "23:59:59").description, "23:59:59")
        XCTAssertEqual(TimeOfDay(seconds: -10_800).description, "21:00:00-1d")
        XCTAssertEqual(TimeOfDay(seconds: 90_000).description, "01:00:00+1d")
        let wrong = [
            "24:00": "hours go from 00 to 23", "09:60": "minutes and seconds go from 00 to 59", "9": "write HH:MM",
            "09:30:61": "minutes and seconds go from 00 to 59", "9:3": "write HH:MM", "": "write HH:MM",
            "009:30": "write HH:MM", "09:30:00:00": "write HH:MM", "-9:30": "write HH:MM", "９:30": "write HH:MM",
        ]
        for (text, part) in wrong {
            XCTAssertThrowsError(try TimeOfDay(clock: text), text) { XCTAssertTrue("\($0)".contains(part), "\($0)") }
        }
    }

    func testInstantsInUTC() {
        for text in [
            "2026-11-20T01:30:00Z", "1970-01-01T00:00:00.000000001Z", "1969-12-31T23:59:59.999999999Z",
            "2199-12-31T23:59:59Z",
        ] {
            XCTAssertEqual(Instant(utc: text)?.utc, text)
        }
        XCTAssertEqual(Instant(utc: "1970-01-01T00:00:01.5Z"), nil)
        for text in [
            "", "Z", "2026-11-20", "2026-11-20T01:30Z", "2026-11-20T01:30:00", "2026-11-20T1:30:00Z",
            "2026-11-20T01:30:00.+00000001Z", "2026-11-20T25:00:00Z", "2026-11-20TT01:30:00Z",
        ] {
            XCTAssertNil(Instant(utc: text), text)
        }
    }

    func testNoClockAndNoOptionTraps() {
        for instant in [Instant(nanoseconds: .min), Instant(nanoseconds: .max)] {
            for zone in [MarketZone.utc, .shanghai, .newYork] {
                let local = zone.local(instant)
                _ = zone.instant(local.day, local.time)
                _ = zone.instant(Day(number: .max), local.time)
                _ = MarketHours(zone: zone).tradingDay(at: instant)
            }
        }
        XCTAssertEqual(TimeSpan.seconds(Int64.max), TimeSpan(nanoseconds: .max))
        XCTAssertEqual(TimeSpan.seconds(Int64.min), TimeSpan(nanoseconds: .min))
        XCTAssertEqual(TimeSpan.milliseconds(-3).nanoseconds, -3_000_000)
    }
}

extension MarketZone {
    /// Summer time of 2026: from March 8 to November 1.
    static let newYork = MarketZone(
        name: "America/New_York", firstOffset: -5 * 3600,
        changes: [
            Change(at: Instant(utc: "2026-03-08T07:00:00Z") ?? Instant(nanoseconds: 0), offset: -4 * 3600),
            Change(at: Instant(utc: "2026-11-01T06:00:00Z") ?? Instant(nanoseconds: 0), offset: -5 * 3600),
        ])
}
