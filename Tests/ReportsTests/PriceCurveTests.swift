import Market
import Reports
import XCTest

final class PriceCurveTests: XCTestCase {
    func testAMillionPricesBecomeFewAndKeepTheirExtremes() {
        var curve = PriceCurve()
        for minute in 0..<1_000_000 {
            let price: Int64 = minute == 123_456 ? 1 : minute == 654_321 ? 9_000_000 : 100_000 + Int64(minute % 977)
            curve.add(Instant(nanoseconds: Int64(minute)), Money(units: price))
        }
        let points = curve.points
        XCTAssertTrue((1_000...4_200).contains(points.count), "\(points.count) points")
        XCTAssertTrue(points.contains { $0.time.nanoseconds == 123_456 && $0.price.units == 1 })
        XCTAssertTrue(points.contains { $0.time.nanoseconds == 654_321 && $0.price.units == 9_000_000 })
        XCTAssertEqual(points.last?.time.nanoseconds, 999_999)
        XCTAssertEqual(points.map(\.time), points.map(\.time).sorted())
    }

    func testAShortCurveStaysAsItIs() {
        var curve = PriceCurve()
        for minute in 0..<100 { curve.add(Instant(nanoseconds: Int64(minute)), Money(units: Int64(minute * 7 % 11))) }
        XCTAssertEqual(curve.points.map(\.price.units), (0..<100).map { Int64($0 * 7 % 11) })
    }
}
