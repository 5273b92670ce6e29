import Market
import Reports
import XCTest

final class EquityPointTests: XCTestCase {
    func testTwoPointsOfTheSameMomentAndWorthAreOne() {
        let point = EquityPoint(time: Instant(nanoseconds: 1), equity: Money(units: 10_000), cash: .zero)
        XCTAssertEqual(Set([point, point]).count, 1)
    }
}
