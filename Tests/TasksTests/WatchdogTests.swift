import Market
import XCTest

@testable import Tasks

final class WatchdogTests: XCTestCase {
    private let start = Instant(nanoseconds: 0)
    private var dog = Watchdog(interval: .seconds(20), limit: 3)

    private func tick(_ seconds: Int64, idle: Bool = true) -> Watchdog.Verdict {
        dog.tick(now: start + .seconds(seconds), workerIsIdle: idle)
    }

    override func setUp() { dog = Watchdog(interval: .seconds(20), limit: 3) }

    func testAnIdleWorkerIsDeadAfterThreeUnansweredPings() {
        XCTAssertEqual([0, 20, 40, 60].map { tick($0) }, [.ping(1), .ping(2), .ping(3), .dead])
    }

    func testAnAnswerBeginsTheCountAnew() {
        _ = [0, 20, 40].map { tick($0) }
        dog.answered()
        XCTAssertEqual([60, 80, 100, 120].map { tick($0) }, [.ping(4), .ping(5), .ping(6), .dead])
    }

    func testABusyWorkerIsNeverJudged() {
        for second in stride(from: 0, to: 10_000, by: 20) { XCTAssertEqual(tick(Int64(second), idle: false), .quiet) }
        XCTAssertEqual(tick(10_000), .ping(1))
    }

    func testASupervisorThatWasLateItselfDoesNotJudge() {
        _ = [0, 20, 40].map { tick($0) }
        XCTAssertEqual(tick(3600), .quiet)
        XCTAssertEqual([3620, 3640, 3660, 3680].map { tick($0) }, [.ping(4), .ping(5), .ping(6), .dead])
    }

    func testAnIdleWorkerThatAnswersIsAskedForEver() {
        for number in 1...50 {
            XCTAssertEqual(tick(Int64(number) * 20), .ping(number))
            dog.answered()
        }
    }

    func testAClockThatWasSetBackJudgesNobody() {
        _ = [3600, 3620, 3640].map { tick($0) }
        XCTAssertEqual(tick(100), .quiet)
        XCTAssertEqual(tick(120), .ping(4))
    }

    func testANewWorkerHasNoPast() {
        _ = [0, 20, 40].map { tick($0) }
        dog.reset()
        XCTAssertEqual([500, 520, 540, 560].map { tick($0) }, [.ping(4), .ping(5), .ping(6), .dead])
    }
}
