import Market
import Notation
import Simulation
import TestSupport
import XCTest

@testable import Tasks

final class SettingsTests: XCTestCase {
    func testThePauseDoublesUpToItsBound() {
        let policy = RestartPolicy()
        let pauses = (0...12).map { policy.pause(afterCrashes: $0, jitter: 0).seconds }
        XCTAssertEqual(pauses, [1, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60])
        XCTAssertEqual(policy.pause(afterCrashes: .max, jitter: 0), .seconds(60))
    }

    func testJitterAddsUpToATenth() {
        let policy = RestartPolicy()
        XCTAssertEqual(policy.pause(afterCrashes: 3, jitter: 1).seconds, 4.4, accuracy: 1e-6)
        var random = SeededRandom(seed: 1)
        for count in 0..<100 {
            let pause = policy.pause(afterCrashes: count, jitter: Double.random(in: 0...1, using: &random))
            XCTAssertTrue((1.0...66.0).contains(pause.seconds))
        }
    }

    func testEachKeySetsItsNumber() throws {
        var settings = SupervisionSettings()
        try settings.apply(
            [
                .init("restart_delay", 0.01), .init("restart_delay_max", 5), .init("restart_healthy_after", 2.5),
                .init("ping_interval", 0.2), .init("restart_limit", 3), .init("ping_limit", 2),
                .init("log_max_bytes", 1000), .init("log_keep_files", 4.0), .init("output_lines_per_minute", 7),
                .init("use_account", false),
            ], from: "--set")
        var expected = SupervisionSettings()
        expected.restart.delay = .milliseconds(10)
        expected.restart.longestDelay = .seconds(5)
        expected.restart.healthyAfter = .milliseconds(2500)
        expected.pingInterval = .milliseconds(200)
        expected.restart.limit = 3
        expected.pingLimit = 2
        expected.logBytes = 1000
        expected.logFiles = 4
        expected.outputLinesPerMinute = 7
        XCTAssertEqual(settings, expected)
        XCTAssertEqual(SupervisionSettings.keys.count, 9)
    }

    func testWhatIsBuiltIn() {
        let settings = SupervisionSettings()
        XCTAssertEqual(settings.restart.limit, 10)
        XCTAssertEqual(settings.restart.healthyAfter, .seconds(600))
        XCTAssertEqual(settings.pingInterval, .seconds(20))
        XCTAssertEqual(settings.pingLimit, 3)
        XCTAssertEqual(settings.logBytes, 50_000_000)
        XCTAssertEqual(settings.logFiles, 10)
        XCTAssertEqual(settings.outputLinesPerMinute, 1000)
    }

    func testEveryBadValueIsRefusedWithItsKeyAndOrigin() {
        let bad: [JSON] = [.null, true, "5", [], .object([]), 0, -1, .number(.infinity), .number(.nan), 1e300]
        for key in SupervisionSettings.keys {
            for value in bad {
                var settings = SupervisionSettings()
                XCTAssertThrowsError(try settings.apply([.init(key, value)], from: "/c.json"), "\(key)") {
                    XCTAssertTrue("\($0)".hasPrefix("/c.json: \(key) asks for "), "\($0)")
                }
                XCTAssertEqual(settings, SupervisionSettings(), "\(key) was taken")
            }
        }
        var settings = SupervisionSettings()
        XCTAssertThrowsError(try settings.apply([.init("restart_limit", 2.5)], from: "--set")) {
            XCTAssertEqual("\($0)", "--set: restart_limit asks for a whole number from 1 up, not 2.5.")
        }
        XCTAssertThrowsError(try settings.apply([.init("ping_interval", 86_401)], from: "--set"))
    }
}
