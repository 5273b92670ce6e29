import Market
import Notation
import Reports
import XCTest

final class MetricsTests: XCTestCase {
    /// 100,000 → 110,000 → 99,000 → 108,900: daily returns +10 %, −10 %, +10 %.
    private let swing = history(start: 100_000, [110_000, 99_000, 108_900])

    func testReturnsAndRiskOfThreeDaysAreThoseCalculatedByHand() throws {
        let metrics = Metrics(swing)
        XCTAssertEqual(metrics.days, 3)
        XCTAssertEqual(try XCTUnwrap(metrics.totalReturn), 0.089, accuracy: 1e-12)
        // Mean 1/30; deviations 1/15, -2/15, 1/15: squares sum to 6/225, half of that is 3/225.
        let deviation = (3.0 / 225).squareRoot()
        XCTAssertEqual(try XCTUnwrap(metrics.volatility), deviation * 244.0.squareRoot(), accuracy: 1e-12)
        XCTAssertEqual(try XCTUnwrap(metrics.sharpe), 1 / 30.0 / deviation * 244.0.squareRoot(), accuracy: 1e-9)
    }

    func testTheAnnualReturnCompoundsOver244Days() throws {
        let half = Metrics(history(start: 100, Array(repeating: 100, count: 121) + [121]))
        // 122 of 244 days: 1.21 squared.
        XCTAssertEqual(try XCTUnwrap(half.annualReturn), 0.4641, accuracy: 1e-12)
        let ruined = Metrics(history(start: 100, [50, 0]))
        XCTAssertEqual(ruined.annualReturn, -1)
    }

    func testTheDeepestFallIsFoundWithItsPeakAndItsBottom() {
        let metrics = Metrics(history(start: 100, [90, 120, 108, 118, 96, 130, 125]))
        XCTAssertEqual(metrics.maxDrawdown, 0.2, accuracy: 1e-12)
        XCTAssertEqual(metrics.maxDrawdownFrom, close(1))
        XCTAssertEqual(metrics.maxDrawdownTo, close(4))
    }

    func testAFallFromTheStartCountsTooAndARiseHasNone() {
        XCTAssertEqual(Metrics(history(start: 100, [75, 90])).maxDrawdown, 0.25, accuracy: 1e-12)
        let rising = Metrics(history(start: 100, [100, 101]))
        XCTAssertEqual(rising.maxDrawdown, 0)
        XCTAssertNil(rising.maxDrawdownFrom)
    }

    func testManyPointsOfADayAreOneReturnButEachMayBeTheBottom() throws {
        var run = history(start: 100, [100, 110])
        run.points.insert(
            EquityPoint(
                time: close(1) - .seconds(3600), day: firstDay + 1, equity: yuan(60), cash: .zero), at: 1)
        let metrics = Metrics(run)
        XCTAssertEqual(metrics.days, 2)
        XCTAssertEqual(metrics.maxDrawdown, 0.4, accuracy: 1e-12)
        XCTAssertEqual(
            try XCTUnwrap(metrics.volatility), 0.05 * 2.0.squareRoot() * 244.0.squareRoot(), accuracy: 1e-12)
    }

    func testTradesTurnoverAndFees() throws {
        var run = history(start: 10_000, [10_000, 12_000])
        run.fills = [
            fill(0, .buy, 100, at: 10, fees: 5), fill(0, .sell, 100, at: 12, fees: 5),  // +190
            fill(1, .buy, 100, at: 12, fees: 5), fill(1, .sell, 100, at: 11.5, fees: 5),  // -60
            fill(1, .buy, 200, at: 10, fees: 5),  // still open
        ]
        let metrics = Metrics(run)
        XCTAssertEqual(metrics.winRate, 0.5)
        XCTAssertEqual(try XCTUnwrap(metrics.profitFactor), 190.0 / 60, accuracy: 1e-12)
        XCTAssertEqual(metrics.fees, yuan(25))
        XCTAssertEqual(metrics.fills, 5)
        // 1,000 + 1,200 + 1,200 + 1,150 + 2,000 by 11,000.
        XCTAssertEqual(try XCTUnwrap(metrics.turnover), 6_550.0 / 11_000, accuracy: 1e-12)
    }

    func testWhatIsNotDefinedIsNull() {
        let none = Metrics(history(start: 0, []))
        XCTAssertEqual(
            none.json.compact,
            #"{"start_value":0.0,"final_value":0.0,"final_cash":0.0,"total_return":null,"annual_return":null,"#
                + #""max_drawdown":0.0,"max_drawdown_from":null,"max_drawdown_to":null,"sharpe":null,"#
                + #""volatility":null,"win_rate":null,"profit_factor":null,"turnover":null,"orders":0,"fills":0,"#
                + #""fees":0.0,"days":0,"bars":0,"seconds":0.0,"bars_per_second":null}"#)
        let flat = Metrics(history(start: 100, [100, 100, 100]))
        XCTAssertEqual(flat.volatility, 0)
        XCTAssertNil(flat.sharpe, "nothing deviates")
        XCTAssertNil(Metrics(history(start: 100, [100])).volatility, "one day does not deviate")
        XCTAssertNil(Metrics(history(start: 0.0001, [900_000_000_000])).annualReturn, "more than a number can hold")
    }

    func testTheFiguresReadAsJSONInTheirOrder() {
        var run = swing
        run.orders = 2
        run.bars = 720
        run.seconds = 0.5
        let json = Metrics(run).json.compact
        XCTAssertTrue(json.contains(#""start_value":100000.0,"final_value":108900.0,"final_cash":54450.0"#), json)
        XCTAssertTrue(
            json.contains(
                #""max_drawdown":0.1,"max_drawdown_from":"2024-01-02 15:00:00","max_drawdown_to":"2024-01-03 15:00:00""#
            ),
            json)
        XCTAssertTrue(json.hasSuffix(#""days":3,"bars":720,"seconds":0.5,"bars_per_second":1440.0}"#), json)
    }
}
