import Market
import Notation
import XCTest

@testable import Tasks

final class RestartPolicyTests: XCTestCase {
    func testPausesDoubleUpToAMinute() {
        let pauses = (1...9).map { RestartPolicy().pause(afterCrashes: $0, jitter: 0).seconds }
        XCTAssertEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60])
        XCTAssertEqual(RestartPolicy().pause(afterCrashes: .max, jitter: 0).seconds, 60)
    }

    func testJitterAddsUpToATenth() {
        XCTAssertEqual(RestartPolicy().pause(afterCrashes: 3, jitter: 0.5).seconds, 4.2, accuracy: 1e-6)
        XCTAssertEqual(RestartPolicy().pause(afterCrashes: 20, jitter: 1).seconds, 66, accuracy: 1e-6)
    }

    func testSettingsReplaceTheNumbersAndABadOneIsNamed() throws {
        var settings = SupervisionSettings()
        try settings.apply(
            [.init("restart_delay", .number(0.5)), .init("restart_limit", .integer(3)), .init("other", .null)],
            from: "--set")
        XCTAssertEqual(settings.restart.pause(afterCrashes: 2, jitter: 0).seconds, 1)
        XCTAssertEqual(settings.restart.limit, 3)
        XCTAssertThrowsError(try settings.apply([.init("restart_delay", .number(0))], from: "c.json")) {
            XCTAssertEqual("\($0)", "c.json: restart_delay asks for seconds from 0.001 to 86400, not 0.0.")
        }
    }
}
