import Market
import XCTest

final class DatedRulesTests: XCTestCase {
    private func money(_ yuan: Double) -> Money { Money(yuan) ?? .zero }

    func testLimitsByBoardAndDate() {
        let table: [(String, String, Int64?)] = [
            ("000001.XSHE", "2019-10-08", 100), ("688001.XSHG", "2019-10-08", 200),
            ("300001.XSHE", "2020-08-21", 100), ("300001.XSHE", "2020-08-24", 200),
            ("830001.BJSE", "2022-01-04", 300), ("510300.XSHG", "2022-01-04", 100),
            ("588000.XSHG", "2020-11-16", 200), ("589000.XSHG", "2024-01-02", 200), ("159915.XSHE", "2020-08-21", 100),
            ("159915.XSHE", "2020-08-24", 200), ("159919.XSHE", "2024-01-02", 100),
            ("113001.XSHG", "2022-07-29", nil), ("113001.XSHG", "2022-08-01", 200),
            ("RB2001.XSGE", "2019-10-08", nil), ("XYZ", "2019-10-08", nil),
        ]
        for (code, day, limit) in table {
            XCTAssertEqual(
                Day(day).flatMap { PriceLimits.thousandths(of: Security(code), on: $0) }, limit, "\(code) on \(day)")
        }
    }

    func testLimitsAreRoundedHalfUpToAPrice() {
        let table: [(Double, Int64, Double, Double, Double)] = [
            (10.05, 100, 0.01, 11.06, 9.05), (10.04, 100, 0.01, 11.04, 9.04), (3.333, 100, 0.001, 3.666, 3.0),
            (0.01, 100, 0.01, 0.01, 0.01), (10, 50, 0.01, 10.5, 9.5),
        ]
        for (preClose, share, tick, high, low) in table {
            let limits = PriceLimits(preClose: money(preClose), thousandths: share, tick: money(tick))
            XCTAssertEqual([limits.high, limits.low], [money(high), money(low)], "\(preClose)")
        }
    }

    func testTheCageIsTheWiderOfItsShareAndItsTicks() {
        let tick = money(0.01)
        func cage(_ code: String, _ day: String) -> PriceCage? {
            Day(day).flatMap { PriceCage(of: Security(code), on: $0) }
        }
        XCTAssertNil(cage("000001.XSHE", "2023-04-07"))
        XCTAssertNil(cage("510300.XSHG", "2024-01-02"))
        let main = cage("000001.XSHE", "2023-04-10")
        XCTAssertEqual(main?.highest(over: money(10), tick: tick), money(10.2))
        XCTAssertEqual(main?.lowest(under: money(10), tick: tick), money(9.8))
        XCTAssertEqual(main?.highest(over: money(2), tick: tick), money(2.1))
        XCTAssertEqual(main?.lowest(under: money(2), tick: tick), money(1.9))
        XCTAssertEqual(cage("688001.XSHG", "2023-04-10")?.highest(over: money(2), tick: tick), money(2.04))
        XCTAssertEqual(cage("830001.BJSE", "2023-04-10")?.lowest(under: money(10), tick: tick), money(9.5))
    }

    func testFeesAreRoundedHalfUpAndNeverOverflow() {
        let fees = TradeFees(of: .share, on: Day(number: 19597))
        let sale = { (value: Double, unit: Int64) in
            fees.total(of: self.money(value), lots: 1, buys: false, opens: false, unit: unit)
        }
        XCTAssertEqual(sale(100_000, 100), money(30 + 50 + 1))
        XCTAssertEqual(sale(20_050, 100), money(6.02 + 10.03 + 0.2))
        XCTAssertEqual(sale(20_050, 1), money(6.015 + 10.025 + 0.2005))
        XCTAssertEqual(sale(0, 100), .zero)
        let most = Money(units: .max)
        XCTAssertGreaterThan(fees.total(of: most, lots: 1, buys: true, opens: true, unit: 100), .zero)
    }

    func testFuturesAreKnownByTheirLetters() {
        XCTAssertEqual(FuturesProduct.name(of: Security("rb2001.XSGE")), "RB.XSGE")
        XCTAssertEqual(FuturesProduct.name(of: Security("TA001.XZCE")), "TA.XZCE")
        XCTAssertNil(FuturesProduct.name(of: Security("000001.XSHE")))
        XCTAssertNil(FuturesProduct.name(of: Security("RB.XSGE")), "no contract")
        XCTAssertEqual(FuturesProduct.known["IF.CCFX"]?.multiplier, 300)
        XCTAssertTrue(FuturesProduct.known.values.allSatisfy { $0.multiplier > 0 && $0.tick > .zero && $0.margin > 0 })
    }
}
