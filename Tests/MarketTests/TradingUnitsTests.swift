import Market
import XCTest

final class TradingUnitsTests: XCTestCase {
    private let today = Day(number: 20777)  // 2026-11-20

    private func units(_ code: String, on day: Day? = nil) -> TradingUnits? {
        TradingUnits(of: Security(code), on: day ?? today)
    }

    func testBoards() throws {
        for (code, kind, least, step, tick, largest, atMarket) in [
            ("600000.XSHG", .share, 100, 100, 100, 1_000_000, 1_000_000),
            ("000001.XSHE", .share, 100, 100, 100, 1_000_000, 1_000_000),
            ("300750.XSHE", .share, 100, 100, 100, 300_000, 150_000),
            ("688001.XSHG", .share, 200, 1, 100, 100_000, 50_000),
            ("920001.BJSE", .share, 100, 1, 100, 1_000_000, 1_000_000),
            ("430047.BJSE", .share, 100, 1, 100, 1_000_000, 1_000_000),
            ("510300.XSHG", .fund, 100, 100, 10, 1_000_000, 1_000_000),
            ("159915.XSHE", .fund, 100, 100, 10, 1_000_000, 1_000_000),
            ("113050.XSHG", .convertible, 10, 10, 10, 1_000_000, 1_000_000),
            ("123123.XSHE", .convertible, 10, 10, 10, 1_000_000, 1_000_000),
        ] as [(String, TradingUnits.Kind, Int64, Int64, Int64, Int64, Int64)] {
            let units = try XCTUnwrap(units(code), code)
            XCTAssertEqual(units.kind, kind, code)
            XCTAssertEqual([units.least, units.step, units.tick.units], [least, step, tick], code)
            XCTAssertEqual([units.largestLimitOrder, units.largestMarketOrder], [largest, atMarket], code)
        }
    }

    func testUnknownCodes() {
        for code in [
            "", "000001", "000001.XSHG", "600000.XSHE", "399001.XSHE", "00001.XSHE", "0000011.XSHE", "六00000.XSHG",
            "RB2001.XSGE", "204001.XSHG", "900901.XSHG", ".XSHE", "000001.", "000001.XSHE ", "-00001.XSHE",
        ] {
            XCTAssertNil(units(code), code)
        }
    }

    func testRulesHaveDates() throws {
        XCTAssertNil(units("688001.XSHG", on: try XCTUnwrap(Day("20190719"))))
        XCTAssertNotNil(units("688001.XSHG", on: try XCTUnwrap(Day("20190722"))))
        XCTAssertNil(units("920001.BJSE", on: try XCTUnwrap(Day("20211112"))))
        XCTAssertEqual(units("300750.XSHE", on: try XCTUnwrap(Day("20200821")))?.largestLimitOrder, 1_000_000)
        XCTAssertEqual(units("300750.XSHE", on: try XCTUnwrap(Day("20200824")))?.largestLimitOrder, 300_000)
    }

    func testRounding() throws {
        let main = try XCTUnwrap(units("600000.XSHG"))
        XCTAssertEqual([0, 99, 100, 199, 200].map(main.roundedDown), [0, 0, 100, 100, 200])
        XCTAssertEqual([0, 99, 100, 150, 200].map(main.isWhole), [false, false, true, false, true])
        let star = try XCTUnwrap(units("688001.XSHG"))
        XCTAssertEqual([199, 200, 201].map(star.roundedDown), [0, 200, 201])
    }

    func testPricesAroundANumber() throws {
        let share = try XCTUnwrap(units("600000.XSHG"))
        let fund = try XCTUnwrap(units("510300.XSHG"))
        func around(_ units: TradingUnits, _ yuan: Double) -> [String]? {
            units.prices(around: yuan).map { ["\($0.below)", "\($0.above)"] }
        }
        XCTAssertEqual(around(share, 10.01), ["10.01", "10.01"])
        XCTAssertEqual(around(share, 0.1 + 0.2), ["0.3", "0.3"])
        XCTAssertEqual(around(share, 10.005), ["10", "10.01"])
        XCTAssertEqual(around(share, 9.99999), ["9.99", "10"])
        XCTAssertEqual(around(share, 10.00001), ["10", "10.01"])
        XCTAssertEqual(around(fund, 4.1235), ["4.123", "4.124"])
        XCTAssertEqual(around(share, 88_888.88), ["88888.88", "88888.88"])
        for wrong in [Double.nan, .infinity, -1, 1e300] { XCTAssertNil(around(share, wrong), "\(wrong)") }
    }
}
