import JQTrade
import XCTest

final class IndicatorTests: XCTestCase {
    /// Prices that no binary fraction holds.
    private let prices = (0..<500).map { Double(10_000 + $0 * $0 * 37 % 911) / 1000 }

    func testTheMeanIsTheSumInOrderDividedToTheLastBit() {
        for n in [1, 2, 3, 10, 30, 499, 500] {
            let means = MA(prices, n)
            for place in prices.indices {
                guard place + 1 >= n else {
                    XCTAssertNil(means[place], "\(n) at \(place)")
                    continue
                }
                let sum = prices[(place + 1 - n)...place].reduce(0, +)
                XCTAssertEqual(means[place], sum / Double(n), "\(n) at \(place)")
            }
        }
        XCTAssertEqual(MA([1, 2], 3), [nil, nil])
        XCTAssertEqual(MA([], 3), [])
        XCTAssertEqual(MA([1, 2], 0), [1, 2], "fewer than one value are no mean")
    }

    func testValueByValueIsTheSameAsTheSeries() {
        var mean = MovingAverage(7)
        var exponential = ExponentialAverage(7)
        XCTAssertNil(mean.value)
        for (place, price) in prices.enumerated() {
            XCTAssertEqual(mean.add(price), MA(Array(prices[...place]), 7).last)
            XCTAssertEqual(exponential.add(price), EMA(Array(prices[...place]), 7).last)
        }
        XCTAssertEqual(mean.value, MA(prices, 7).last)
    }

    func testTheExponentialAverageBeginsWithTheMean() {
        XCTAssertEqual(EMA([1, 2, 3, 7, 3], 3), [nil, nil, 2, 4.5, 3.75])
        XCTAssertEqual(EMA([4, 8], 1), [4, 8])
    }

    func testACrossIsFromNotAboveToAbove() {
        XCTAssertTrue(CROSS([1, 3], [2, 2]))
        XCTAssertTrue(CROSS([2, 3], [2, 2]), "from the same value")
        XCTAssertFalse(CROSS([3, 3], [2, 2]), "above before")
        XCTAssertFalse(CROSS([1, 2], [2, 2]), "the same is not above")
        XCTAssertFalse(CROSS([nil, 3], [2, 2]), "not known before")
        XCTAssertFalse(CROSS([3], [2]))
        XCTAssertFalse(CROSS([], []))
        XCTAssertTrue(CROSS([9, 1, 3], [2, 2]), "series of different lengths end together")
    }
}
