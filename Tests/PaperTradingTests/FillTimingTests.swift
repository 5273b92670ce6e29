import PaperTrading
import XCTest

final class FillTimingTests: XCTestCase {
    func testTheWordsOfTheOption() {
        XCTAssertEqual(FillTiming(rawValue: "next_open"), .nextOpen)
        XCTAssertEqual(FillTiming(rawValue: "this_close"), .thisClose)
        XCTAssertNil(FillTiming(rawValue: "now"))
    }
}
