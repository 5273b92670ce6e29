import Market
import XCTest

final class BarUnitTests: XCTestCase {
    func testAUnitIsReadFromTheWordThatAStrategyWrites() {
        XCTAssertEqual(
            ["1m", "5m", "15m", "30m", "60m", "1d"].map { BarUnit(rawValue: $0)?.minutes },
            [1, 5, 15, 30, 60, .some(nil)])
        XCTAssertNil(BarUnit(rawValue: "2m"))
    }
}
