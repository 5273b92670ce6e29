import Market
import MarketData
import TestSupport
import XCTest

final class TickFilterTests: XCTestCase {
    private var filter = TickFilter(hours: MarketHours())

    private func admits(_ time: String, _ price: Int64 = 100_000, facts: DayFacts? = nil) -> Bool {
        filter.admits(MarketTick(time: shanghai("2019-10-08 \(time)"), last: Money(units: price)), facts: facts)
    }

    func testTicksOfSessionsAndAuctionsAreBelieved() {
        for time in ["09:15", "09:25:03", "09:30", "11:30", "11:30:02", "13:00", "14:59:59", "15:00", "15:00:05"] {
            XCTAssertTrue(admits(time), time)
        }
        XCTAssertEqual(filter.dropped, [:])
    }

    func testTicksWhileNothingTradesAreNot() {
        for time in ["08:00", "09:14:59", "11:31", "12:30", "15:01", "20:00"] { XCTAssertFalse(admits(time), time) }
        XCTAssertEqual(filter.dropped, [.outsideSessions: 6])
    }

    func testPricesThatCannotBeAreNot() {
        let day = Day(number: 18177)
        let facts = DayFacts(day: day, highLimit: Money(units: 110_000), lowLimit: Money(units: 90_000))
        XCTAssertFalse(admits("10:00", 0))
        XCTAssertFalse(admits("10:00", -5))
        XCTAssertFalse(admits("10:00", 110_001, facts: facts))
        XCTAssertFalse(admits("10:00", 89_999, facts: facts))
        XCTAssertTrue(admits("10:00", 110_000, facts: facts))
        XCTAssertTrue(admits("10:00", 90_000, facts: facts))
        // Without limits of this day nothing is outside them.
        XCTAssertTrue(admits("10:00", 900_000))
        XCTAssertTrue(admits("10:00", 900_000, facts: DayFacts(day: day - 1, highLimit: Money(units: 1))))
        XCTAssertEqual(filter.dropped, [.noPrice: 2, .outsideLimits: 2])
    }

    func testTimeDoesNotGoBackAndWhatWasDroppedIsNoMeasure() {
        XCTAssertTrue(admits("10:00"))
        XCTAssertFalse(admits("09:59:59"))
        XCTAssertFalse(admits("16:00"))
        XCTAssertTrue(admits("10:00"))
        XCTAssertTrue(admits("10:01"))
        XCTAssertEqual(filter.dropped, [.backInTime: 1, .outsideSessions: 1])
    }
}
