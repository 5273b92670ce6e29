import Market
import MarketData
import XCTest

final class MarketEventTests: XCTestCase {
    func testAnEventTellsWhoseItIs() {
        let tick = MarketTick(time: Instant(nanoseconds: 0), last: Money(units: 100_000))
        guard case .tick(7, let told) = MarketEvent.tick(7, tick) else { return XCTFail("no tick") }
        XCTAssertEqual(told.last, Money(units: 100_000))
    }
}
