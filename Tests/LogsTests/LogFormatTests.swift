import Logs
import Market
import Notation
import Simulation
import XCTest

/// An entry at 09:30 and so many milliseconds of 2026-11-20.
func entry(_ message: String, level: LogLevel = .info, milliseconds: Int64 = 123, job: String? = nil) -> LogEntry {
    let instant = MarketZone.shanghai.instant(Day(year: 2026, month: 11, day: 20) ?? Day(number: 0), TimeOfDay(9, 30))
    let time = MarketZone.shanghai.local(instant + .milliseconds(milliseconds))
    return LogEntry(time: time, level: level, task: "demo", message: message, job: job)
}

final class LogFormatTests: XCTestCase {
    private func text(_ message: String, level: LogLevel = .info) -> String {
        String(decoding: LogFormat.text.bytes(of: entry(message, level: level)), as: UTF8.self)
    }

    func testText() {
        XCTAssertEqual(text("message"), "2026-11-20 09:30:00.123 INFO  demo  message\n")
        XCTAssertEqual(text("上海 “x”\tz", level: .error), "2026-11-20 09:30:00.123 ERROR demo  上海 “x”\tz\n")
        XCTAssertEqual(text("", level: .debug), "2026-11-20 09:30:00.123 DEBUG demo  \n")
        XCTAssertEqual(
            text("one\r\ntwo\n\nfour\n\n"), "2026-11-20 09:30:00.123 INFO  demo  one\n    two\n    \n    four\n")
    }

    func testNothingFromOutsideCommandsATerminalOrPosesAsAnEntry() {
        XCTAssertEqual(
            text("a\u{1B}[2Jb\rc\u{7F}\u{9B}\u{202E}\u{0}\r"),
            "2026-11-20 09:30:00.123 INFO  demo  "
                + "a\\x1b[2Jb\\xdc\\x7f\\x9b\\x202e\\x0\n")
        for seed in 0..<500 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let bytes = (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
            let lines = text(String(decoding: bytes, as: UTF8.self)).dropLast().split(
                separator: "\n", omittingEmptySubsequences: false)
            XCTAssertTrue(lines.dropFirst().allSatisfy { $0.hasPrefix("    ") }, "seed \(seed)")
            let harmful = lines.joined().utf8.filter { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }
            XCTAssertEqual(harmful, [], "seed \(seed)")
        }
    }

    func testJSONIsOneObjectALine() throws {
        let bytes = LogFormat.json.bytes(of: entry("one\ntwo \"x\"", level: .warn, job: "handle"))
        XCTAssertEqual(bytes.filter { $0 == 0x0A }.count, 1)
        let expected: JSON = [
            "time": "2026-11-20T09:30:00.123+08:00", "level": "WARN", "task": "demo", "job": "handle",
            "message": "one\ntwo \"x\"",
        ]
        XCTAssertEqual(try JSON(parsing: bytes), expected)
    }

    func testLevelsHaveNames() {
        XCTAssertEqual(LogLevel("Debug"), .debug)
        XCTAssertEqual(LogLevel("WARNING"), .warn)
        XCTAssertNil(LogLevel("loud"))
        XCTAssertLessThan(LogLevel.info, .warn)
    }
}

final class SecretsTests: XCTestCase {
    func testNames() {
        let names = ["BROKER_TOKEN", "api_key", "Password", "HOME", "MY_SECRET_1", "PASSWDFILE", "PATH"]
        XCTAssertEqual(
            names.filter(looksSecret), ["BROKER_TOKEN", "api_key", "Password", "MY_SECRET_1", "PASSWDFILE"])
    }

    func testTexts() {
        let filter = SecretFilter(values: ["geheim", "geheim上海", "five5"])
        XCTAssertEqual(filter.masking("a geheim b geheim上海 c five5 /home/a gehei"), "a *** b *** c five5 /home/a gehei")
        XCTAssertEqual(SecretFilter.none.masking("geheim"), "geheim")
    }
}
