import Market
import Scheduling
import XCTest

/// What becomes of slots when the wall clock is set, or the machine sleeps.
final class ClockMoveTests: XCTestCase {
    private let journals = TestJournals()
    private let open = [("open", "open")]

    func testAJumpForwardAndASuspend() throws {
        let worker = try journals.worker([("a", "09:30"), ("b", "10:00"), ("c", "11:00")], at: at("09:00:00"))
        try worker.keeper.clockMoved(now: at("10:00:30"), bootedAt: Instant(nanoseconds: .min))
        try worker.wake(at: at("10:00:30"))
        XCTAssertEqual(worker.judged, ["a 09:30:00 missed"])
        XCTAssertEqual(worker.history, ["b 10:00:00@10:00:30"])
        try worker.wake(at: at("11:02:00"))
        XCTAssertEqual(worker.judged.last, "c 11:00:00 missed", "a suspend, even if nobody tells")
    }

    func testASuspendWithinAJobIsNotTheJobsOwnTime() throws {
        let worker = try journals.worker([("a", "09:30"), ("b", "10:00")], at: at("09:00:00"))
        let slot = try XCTUnwrap(try worker.keeper.take(now: at("09:30:00"), busySince: at("09:30:00")))
        try worker.keeper.begin(slot, now: at("09:30:00"))
        try worker.keeper.end(slot, failed: false, now: at("10:30:00"))
        try worker.keeper.clockMoved(now: at("10:30:00"), bootedAt: Instant(nanoseconds: .min))
        XCTAssertNil(try worker.keeper.take(now: at("10:30:00"), busySince: at("09:30:00")))
        XCTAssertEqual(worker.keeper.drainVerdicts().map(\.state), [.missed(.late)])
    }

    func testForwardAndBackAgain() throws {
        let worker = try journals.worker([("a", "09:30"), ("b", "10:00"), ("m", "every_minute")], at: at("09:29:30"))
        try worker.run(until: at("09:31:00"))
        try worker.keeper.clockMoved(now: at("10:30:20"), bootedAt: Instant(nanoseconds: .min))
        try worker.wake(at: at("10:30:20"))
        XCTAssertEqual(worker.history.last, "m 10:30:00@10:30:20")
        XCTAssertTrue(worker.judged.contains("b 10:00:00 missed"))
        try worker.keeper.clockMoved(now: at("09:31:30"), bootedAt: Instant(nanoseconds: .min))
        XCTAssertEqual(try worker.keeper.next()?.at, at("09:32:00"))
        try worker.run(until: at("10:31:00"))
        let late = worker.ran.filter { $0.slot.at == at("10:30:00") }
        XCTAssertEqual(late.count, 1, "what ran under the wrong clock does not run again")
        XCTAssertTrue(worker.history.contains("b 10:00:00"))
        XCTAssertEqual(worker.ran.count, Set(worker.ran.map(\.slot)).count)
        XCTAssertEqual(worker.ran.filter { $0.slot.job == 2 }.count, 62)
    }

    func testBackToYesterdayAndACrashThere() throws {
        let jobs = [("o", "open"), ("c", "close")]
        let first = try journals.worker(jobs, at: at("09:00:00", "2026-11-19"))
        try first.run(until: at("10:00:00"))
        try first.keeper.clockMoved(now: at("10:00:00", "2026-11-19"), bootedAt: Instant(nanoseconds: .min))
        try first.run(until: at("14:00:00", "2026-11-19"))
        XCTAssertEqual(first.history, ["o 09:30:00", "c 15:00:00", "o 09:30:00"], "all of it had run already")
        let second = try journals.worker(jobs, at: at("14:00:00", "2026-11-19"))
        try second.run(until: at("16:00:00"))
        XCTAssertEqual(second.history, ["c 15:00:00"])
        XCTAssertEqual(second.ran.first?.slot.day, day("2026-11-20"))
    }

    func testBackToADayThatTheTaskHasNotSeen() throws {
        let worker = try journals.worker([("o", "open"), ("c", "close")], at: at("09:00:00"))
        try worker.run(until: at("10:00:00"))
        try worker.keeper.clockMoved(now: at("12:00:00", "2026-11-17"), bootedAt: Instant(nanoseconds: .min))
        try worker.run(until: at("10:00:00"))
        XCTAssertEqual(
            worker.ran.map(\.slot.day.compact),
            ["20261120", "20261117", "20261118", "20261118", "20261119", "20261119"])
        XCTAssertEqual(worker.judged, ["o 09:30:00 skipped"])
    }

    func testAVerdictOfAWrongClockDoesNotHoldAfterARestart() throws {
        let first = try journals.worker(open, at: at("09:00:00"))
        try first.keeper.clockMoved(now: at("10:00:00"), bootedAt: Instant(nanoseconds: .min))
        try first.wake(at: at("10:00:00"))
        XCTAssertEqual(first.judged, ["open 09:30:00 missed"])
        try first.keeper.clockMoved(now: at("09:10:00"), bootedAt: Instant(nanoseconds: .min))
        let second = try journals.worker(open, at: at("09:30:30"))
        try second.wake(at: at("09:30:30"))
        XCTAssertEqual(second.history, ["open 09:30:00@09:30:30"])
    }
}
