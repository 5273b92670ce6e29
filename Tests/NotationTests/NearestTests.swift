import Notation
import XCTest

final class NearestTests: XCTestCase {
    let options = ["trade_gate", "account_no", "market_period", "run", "log", "use_account"]

    func testFindsWhatWasMeant() {
        XCTAssertEqual(nearest(to: "trade_gaet", in: options), "trade_gate")
        XCTAssertEqual(nearest(to: "Account_No", in: options), "account_no")
        XCTAssertEqual(nearest(to: "acount", in: options + ["account"]), "account")
        XCTAssertEqual(nearest(to: "marketperiods", in: options), "market_period")
        XCTAssertEqual(nearest(to: "lgo", in: options), "log")
    }

    func testGuessesNothingFarFetched() {
        XCTAssertNil(nearest(to: "x", in: ["run"]))
        XCTAssertNil(nearest(to: "gate", in: options))
        XCTAssertNil(nearest(to: "", in: ["run"]))
        XCTAssertNil(nearest(to: String(repeating: "a", count: 100_000), in: options))
    }

    func testTheFirstOfTheNearestIsTaken() {
        XCTAssertEqual(nearest(to: "cat", in: ["bat", "hat"]), "bat")
        XCTAssertEqual(nearest(to: "cat", in: []), nil)
    }
}
