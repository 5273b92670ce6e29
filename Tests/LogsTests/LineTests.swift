import Logs
import Market
import Simulation
import XCTest

final class LineTests: XCTestCase {
    func testLimiterCountsWhatItHoldsBack() {
        var limiter = LineLimiter(perMinute: 3)
        let at = { (seconds: Int64) in Instant(nanoseconds: seconds * 1_000_000_000) }
        XCTAssertEqual((0..<5).map { limiter.admits(at: at($0)) }, [true, true, true, false, false])
        XCTAssertNil(limiter.notice(at: at(59)))
        XCTAssertEqual(limiter.notice(at: at(60)), "2 lines suppressed")
        XCTAssertNil(limiter.notice(at: at(61)))
        XCTAssertEqual((61..<65).map { limiter.admits(at: at($0)) }, [true, true, true, false])
        XCTAssertNil(limiter.notice(at: at(65)))
        XCTAssertEqual(limiter.notice(at: at(65), atEnd: true), "1 line suppressed")
        // The clock is set back by an hour: nobody is held back for an hour.
        XCTAssertFalse(limiter.admits(at: at(66)))
        XCTAssertTrue(limiter.admits(at: at(-3600)))
    }

    func testLinesComeOutHoweverTheBytesComeIn() {
        let text = "one\r\n\n三上海\nlast"
        let bytes = Array(text.utf8)
        for size in 1...bytes.count {
            var splitter = LineSplitter()
            var lines: [String] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                lines += splitter.lines(from: bytes[start..<min(start + size, bytes.count)])
            }
            XCTAssertEqual(lines, ["one", "", "三上海"])
            XCTAssertEqual(splitter.finish(), "last")
            XCTAssertNil(splitter.finish())
        }
    }

    func testALongLineGoesOnInTheNext() {
        var splitter = LineSplitter(longest: 10)
        XCTAssertEqual(splitter.lines(from: Array("0123456789".utf8)), [])
        XCTAssertEqual(splitter.lines(from: Array("abc\n".utf8)), ["0123456789", "abc"])
        XCTAssertEqual(splitter.lines(from: Array("上上上上\n".utf8)), ["上上上", "上"])
        XCTAssertEqual(splitter.lines(from: Array("0123456789\n".utf8)), ["0123456789"])
    }

    func testAnyBytesBecomeText() {
        var splitter = LineSplitter(longest: 8)
        XCTAssertEqual(splitter.lines(from: [0x61, 0xFF, 0x62, 0x0A]), ["a\u{FFFD}b"])
        for seed in 0..<500 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            let lines = splitter.lines(from: bytes) + [splitter.finish() ?? ""]
            let pieces = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).count
            XCTAssertGreaterThanOrEqual(lines.count, pieces, "seed \(seed)")
        }
    }
}
