import Market
import XCTest

final class MarketPeriodsTests: XCTestCase {
    private func written(_ pairs: [(String, String)]) throws -> [String] {
        try MarketPeriods(pairs).all.map { "\($0.start) \($0.end)" }
    }

    func testPeriodsThatAreRight() throws {
        XCTAssertEqual(try MarketPeriods([("09:30", "11:30"), ("13:00:00", "15:00")]), .standard)
        XCTAssertEqual(try written([("00:00", "23:59:59")]), ["00:00:00 23:59:59"])
        XCTAssertEqual(
            try written([("9:00", "10:15"), ("10:15", "11:30")]), ["09:00:00 10:15:00", "10:15:00 11:30:00"])
    }

    func testNightPeriods() throws {
        let crossing = [("21:00", "02:30"), ("09:00", "10:15"), ("10:30", "11:30"), ("13:30", "15:00")]
        XCTAssertEqual(try written(crossing).first, "21:00:00-1d 02:30:00")
        XCTAssertEqual(
            try written([("21:00", "23:00"), ("09:00", "15:00")]), ["21:00:00-1d 23:00:00-1d", "09:00:00 15:00:00"])
        XCTAssertEqual(try written([("21:00", "00:00"), ("09:00", "15:00")]).first, "21:00:00-1d 00:00:00")
        XCTAssertEqual(try written([("21:00", "02:30")]), ["21:00:00-1d 02:30:00"])
        let periods = try MarketPeriods(crossing)
        XCTAssertEqual(periods.open, TimeOfDay(seconds: -10_800))
        XCTAssertEqual(periods.close, TimeOfDay(15, 0))
        XCTAssertEqual(periods.daytime.first?.start, TimeOfDay(9, 0))
        XCTAssertNil(MarketPeriods.standard.night)
    }

    func testPeriodsThatAreWrong() {
        let wrong: [([(String, String)], String)] = [
            ([], "market_period is empty: give at least one period"),
            ([("09:30", "09:30")], "09:30-09:30 is empty"),
            ([("09:30", "25:00")], "there is no time 25:00"),
            ([("9.30", "11:30")], "\"9.30\" is no time of day"),
            ([("09:30", "11:30"), ("11:00", "15:00")], "09:30-11:30 and 11:00-15:00 overlap"),
            (
                [("13:00", "15:00"), ("09:30", "11:30"), ("20:00", "21:00")],
                "09:30-11:30 is written after 13:00-15:00 but lies before it"
            ),
            ([("09:00", "10:00"), ("13:00", "15:00"), ("10:30", "11:30")], "10:30-11:30 is written after 13:00-15:00"),
            ([("13:00", "15:00"), ("09:30", "11:30")], "09:30-11:30 is written after 13:00-15:00"),
            ([("09:00", "15:00"), ("21:00", "02:30")], "21:00-02:30 ends before it starts"),
            ([("21:00", "02:30"), ("22:00", "03:00")], "22:00-03:00 ends before it starts"),
            ([("21:00", "09:30"), ("09:00", "15:00")], "21:00-09:30 and 09:00-15:00 overlap"),
            ([("14:00", "02:30"), ("09:00", "11:30"), ("13:00", "15:00")], "14:00-02:30 and 13:00-15:00 overlap"),
        ]
        for (pairs, part) in wrong {
            XCTAssertThrowsError(try MarketPeriods(pairs), "\(pairs)") {
                XCTAssertTrue("\($0)".contains(part), "\($0)")
                XCTAssertTrue("\($0)".hasPrefix("market_period"), "\($0)")
            }
        }
    }
}
