import Market
import XCTest

@testable import Time

/// The loop on a virtual clock: order, cancelling, moves of the clock.
final class EventLoopTests: XCTestCase {
    private let start = Instant(nanoseconds: 1_800_000_000_000_000_000)
    private lazy var clock = VirtualClock(start: start)
    private lazy var loop = EventLoop(clock: clock)
    private var seen: [String] = []

    private func note(_ text: String) -> () -> Void { { [unowned self] in seen.append(text) } }

    func testTimersRunByTimeThenRankThenOrderOfSetting() {
        let noon = start + .seconds(10)
        loop.at(noon + .seconds(1), note("later"))
        loop.at(noon, rank: 2, note("rank 2"))
        loop.at(noon, rank: 1, note("rank 1, first"))
        loop.at(noon, rank: 1, note("rank 1, second"))
        loop.at(noon, rank: -1, note("rank -1"))
        loop.at(noon - .seconds(1), rank: 9, note("sooner"))
        loop.run()
        XCTAssertEqual(seen, ["sooner", "rank -1", "rank 1, first", "rank 1, second", "rank 2", "later"])
        XCTAssertEqual(clock.now, noon + .seconds(1))
        XCTAssertEqual(clock.elapsed, .seconds(11))
    }

    func testTimersOfAnInstantRunAsABatchAndThoseSetInItsMidstAfterIt() {
        loop.at(start, rank: 1) { [unowned self] in
            seen.append("a")
            loop.at(start, rank: 0, note("added"))
        }
        loop.at(start, rank: 5, note("b"))
        loop.at(start + .seconds(1), note("next instant"))
        loop.run()
        XCTAssertEqual(seen, ["a", "b", "added", "next instant"])
    }

    func testAHandlerGoesOnByItselfWhileNothingElseIsDue() {
        var steps: [Int64] = []
        var answers: [Bool] = []
        func at(_ seconds: Int64) -> Instant { start + .seconds(seconds) }
        func seconds() -> Int64 { (clock.now - start).nanoseconds / 1_000_000_000 }
        loop.at(at(1), rank: 1) { [unowned self] in
            for second in 2...4 where loop.moveOn(to: at(Int64(second)), rank: 1) { steps.append(seconds()) }
            answers.append(loop.moveOn(to: at(5), rank: 1))
            XCTAssertEqual(seconds(), 4, "it does not go on before a timer of its own rank")
            answers.append(loop.moveOn(to: at(6), rank: 1))
            loop.post(note("posted"))
            answers.append(loop.moveOn(to: at(4), rank: 1))
        }
        loop.at(at(5), rank: 1, note("same rank"))
        loop.at(at(7), rank: 2) { [unowned self] in
            answers.append(loop.moveOn(to: at(8), rank: 1))
            seen.append("first of two")
        }
        loop.at(at(7), rank: 3, note("second of two"))
        loop.at(at(9), rank: 1) { [unowned self] in
            answers.append(loop.moveOn(to: at(10), rank: 1))
            answers.append(loop.moveOn(to: at(12), rank: 1))
        }
        loop.at(at(10), rank: 2, note("higher rank"))
        loop.run()
        XCTAssertEqual(steps, [2, 3, 4])
        XCTAssertEqual(answers, [false, false, false, false, true, false])
        XCTAssertEqual(seen, ["posted", "same rank", "first of two", "second of two", "higher rank"])
    }

    func testAMoveOfTheClockEndsGoingOn() {
        var move: ClockMove?
        loop.onClockMove = { move = $0 }
        loop.at(start + .seconds(1)) { [unowned self] in
            clock.set(to: start + .seconds(100))
            XCTAssertFalse(loop.moveOn(to: start + .seconds(2)))
            XCTAssertEqual(move, ClockMove(setBy: .seconds(99)))
        }
        loop.run()
        XCTAssertNotNil(move)
    }

    func testATimerThatIsSetForThePastAgainAndAgainStarvesNobody() {
        func again() {
            loop.at(start - .seconds(1)) { [unowned self] in
                seen.append("again")
                if seen.count == 1 { loop.post { [unowned self] in loop.stop() } }
                if seen.count < 100 { again() }
            }
        }
        again()
        loop.run()
        XCTAssertEqual(seen, ["again"])
    }

    func testTimeNeverRunsBackwards() {
        loop.at(start + .seconds(5)) { [unowned self] in
            loop.at(start + .seconds(2), note("2"))
            loop.at(start + .seconds(1)) { [unowned self] in
                seen.append("1 at \((now - start).seconds)")
            }
        }
        loop.run()
        XCTAssertEqual(seen, ["1 at 5.0", "2"])
        XCTAssertEqual(now, start + .seconds(5))
    }

    func testManyTimersInRandomOrderRunInOrder() {
        var random = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0 ... .max, using: &random)
        var state = seed
        func next(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
        var expected: [(due: Int, rank: Int, order: Int)] = []
        var order: [Int] = []
        var timers: [LoopTimer] = []
        for index in 0..<2000 {
            expected.append((next(50), next(3), index))
            let due = start + .seconds(Int64(expected[index].due))
            timers.append(loop.at(due, rank: expected[index].rank) { order.append(index) })
        }
        var cancelled: Set<Int> = []
        for _ in 0..<1500 {
            let victim = next(2000)
            cancelled.insert(victim)
            loop.cancel(timers[victim])
        }
        loop.run()
        let kept = expected.filter { !cancelled.contains($0.order) }.sorted {
            ($0.due, $0.rank, $0.order) < ($1.due, $1.rank, $1.order)
        }
        XCTAssertEqual(order, kept.map(\.order), "seed \(seed)")
    }

    func testStopEndsTheRunAndLeavesTheRestForTheNext() {
        loop.at(start) { [unowned self] in
            seen.append("a")
            loop.stop()
        }
        loop.at(start, note("b"))
        loop.at(start + .seconds(1), note("c"))
        loop.run()
        XCTAssertEqual(seen, ["a"])
        XCTAssertEqual(now, start)
        loop.run()
        XCTAssertEqual(seen, ["a", "b", "c"])
    }

    func testStopKeepsPostedWork() {
        loop.post { [unowned self] in loop.stop() }
        loop.post(note("posted"))
        loop.run()
        XCTAssertEqual(seen, [])
        loop.run()
        XCTAssertEqual(seen, ["posted"])
    }

    func testACancelledTimerReleasesItsActionAndNeverRuns() {
        final class Token {}
        weak var watched: Token?
        var timer: LoopTimer?
        do {
            let token = Token()
            watched = token
            timer = loop.at(start + .seconds(1)) { _ = token }
        }
        XCTAssertNotNil(watched)
        loop.cancel(timer!)
        XCTAssertNil(watched)
        loop.cancel(timer!)
        loop.run()
        XCTAssertEqual(now, start, "nothing was left to wait for")
    }

    func testWhatDiesWithAnActionMayUseTheLoop() {
        final class Token {
            let end: () -> Void
            init(_ end: @escaping () -> Void) { self.end = end }
            deinit { end() }
        }
        func token() -> Token {
            let other = loop.at(start + .seconds(9), note("other"))
            return Token { [loop] in loop.cancel(other) }
        }
        let timer = loop.at(start + .seconds(1)) { [token = token()] in _ = token }
        loop.cancel(timer)
        let watch = loop.watch(0, .read) { [token = token()] in _ = token }
        loop.unwatch(watch)
        loop.run()
        XCTAssertEqual(seen, [])
    }

    func testATimerThatHasRunReleasesItsAction() {
        final class Token {}
        weak var watched: Token?
        do {
            let token = Token()
            watched = token
            loop.at(start) { _ = token }
        }
        loop.run()
        XCTAssertNil(watched)
    }

    func testATimerCancelledByAnotherOfItsInstantDoesNotRun() {
        var victim: LoopTimer?
        loop.at(start) { [unowned self] in loop.cancel(victim!) }
        victim = loop.at(start, note("victim"))
        loop.run()
        XCTAssertEqual(seen, [])
    }

    func testAnOldTimerDoesNotCancelTheOneThatTookItsPlace() {
        let old = loop.at(start, note("old"))
        loop.run()
        loop.at(start + .seconds(1), note("new"))
        loop.cancel(old)
        loop.run()
        XCTAssertEqual(seen, ["old", "new"])
    }

    func testATimerReArmedForEverDoesNotFillTheQueue() {
        var queue = TimerQueue()
        var timer = queue.add(due: start) {}
        for step in 0..<100_000 {
            _ = queue.cancel(timer)
            timer = queue.add(due: start + .seconds(Int64(1_000_000 - step))) {}
        }
        XCTAssertLessThan(queue.entryCount, 200)
    }

    func testClockSetForwardKeepsWallTimesAndElapsedSpans() {
        loop.onClockMove = { [unowned self] in seen.append("\($0)") }
        loop.after(.seconds(10), stamp("after 10 s"))
        loop.at(start + .seconds(60), stamp("at +60"))
        loop.at(start + .seconds(3610), stamp("at +3610"))
        clock.set(to: start + .seconds(3600))
        loop.run()
        XCTAssertEqual(
            seen,
            [
                "the clock was set forward by 3600.0 s", "at +60 at 3600.0/0.0", "after 10 s at 3610.0/10.0",
                "at +3610 at 3610.0/10.0",
            ])
    }

    func testClockSetBackKeepsWallTimesAndElapsedSpans() {
        loop.onClockMove = { [unowned self] in seen.append("\($0)") }
        loop.after(.seconds(10), stamp("after 10 s"))
        loop.at(start + .seconds(5), stamp("at +5"))
        clock.set(to: start - .seconds(3600))
        loop.run()
        XCTAssertEqual(
            seen,
            ["the clock was set back by 3600.0 s", "after 10 s at -3590.0/10.0", "at +5 at 5.0/3605.0"])
    }

    func testATimerSetAfterTheClockWasSetButBeforeAnybodyNoticedIsOnTime() {
        loop.at(start) { [unowned self] in
            clock.set(to: start + .seconds(3600))
            loop.after(.seconds(1), stamp("one second"))
        }
        loop.run()
        XCTAssertEqual(seen, ["one second at 3601.0/1.0"])
    }

    func testASleepOfTheMachineCountsAsElapsed() {
        loop.onClockMove = { [unowned self] in seen.append("\($0)") }
        loop.after(.seconds(10), stamp("after 10 s"))
        loop.at(start + .seconds(60), stamp("at +60"))
        clock.sleepMachine(.seconds(30))
        loop.run()
        XCTAssertEqual(
            seen, ["the machine slept for 30.0 s", "after 10 s at 30.0/30.0", "at +60 at 60.0/60.0"])
    }

    func testTheMoveIsToldBeforeAnythingThatIsDueByTheNewTime() {
        let timer = loop.at(start + .seconds(5), note("too late"))
        loop.onClockMove = { [unowned self] _ in loop.cancel(timer) }
        clock.set(to: start + .seconds(10))
        loop.run()
        XCTAssertEqual(seen, [])
    }

    func testSpansBeyondAllTimeWaitForEver() {
        let timer = loop.after(TimeSpan(nanoseconds: .max), note("never"))
        loop.after(TimeSpan(nanoseconds: .min)) { [unowned self] in
            seen.append("at once")
            loop.cancel(timer)
        }
        loop.run()
        XCTAssertEqual(seen, ["at once"])
    }

    func testRunOnceDoesOneMomentAndSaysWhetherThereWasOne() {
        loop.at(start + .seconds(1), note("1"))
        loop.at(start + .seconds(2), note("2"))
        XCTAssertTrue(loop.runOnce())
        XCTAssertEqual(seen, ["1"])
        XCTAssertTrue(loop.runOnce())
        XCTAssertFalse(loop.runOnce())
    }

    private var now: Instant { clock.now }

    private func stamp(_ text: String) -> () -> Void {
        { [unowned self] in seen.append("\(text) at \((clock.now - start).seconds)/\(clock.elapsed.seconds)") }
    }
}
