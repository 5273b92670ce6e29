import CSupport
import Market
import XCTest

@testable import Time

/// The loop on the machine's clock: descriptors, threads, and what the clocks tell about each other.
final class SystemClockTests: XCTestCase {
    private let loop = EventLoop(clock: SystemClock())
    private var ends: [Int32] = [-1, -1]

    override func setUp() {
        XCTAssertEqual(cs_pipe(&ends), 0)
        loop.after(.seconds(20)) { [loop] in
            XCTFail("nothing ended the loop within 20 s")
            loop.stop()
        }
    }

    override func tearDown() {
        for end in ends where end >= 0 { close(end) }
    }

    private func send(_ text: String) {
        let bytes = Array(text.utf8)
        XCTAssertEqual(write(ends[1], bytes, bytes.count), bytes.count)
    }

    func testATimerIsNeverEarlyAndTimersKeepTheirOrder() {
        var seen: [Int] = []
        let start = loop.now
        for (order, milliseconds) in [(3, 30), (1, 10), (2, 20)] as [(Int, Int)] {
            loop.at(start + .milliseconds(Int64(milliseconds))) { [loop] in
                XCTAssertGreaterThanOrEqual(loop.now, start + .milliseconds(Int64(milliseconds)))
                seen.append(order)
                if order == 3 { loop.stop() }
            }
        }
        loop.run()
        XCTAssertEqual(seen, [1, 2, 3])
    }

    func testADescriptorIsReadWhenThereIsSomethingAndAtItsEnd() {
        var read: [Int] = []
        var watch: LoopWatch?
        let end = ends[0]
        watch = loop.watch(end, .read) { [loop, unowned self] in
            var bytes = [UInt8](repeating: 0, count: 16)
            read.append(CSupport.read(end, &bytes, bytes.count))
            if read.count == 1 {
                close(ends[1])
                ends[1] = -1
            } else {
                loop.unwatch(watch!)
                loop.stop()
            }
        }
        send("abc")
        loop.run()
        XCTAssertEqual(read, [3, 0])
    }

    func testAWritableDescriptorIsToldAtOnce() {
        var watch: LoopWatch?
        watch = loop.watch(ends[1], .write) { [loop] in
            loop.unwatch(watch!)
            loop.stop()
        }
        loop.run()
    }

    func testAHandlerMayTakeAwayAnotherWatchThatIsReadyToo() {
        var seen: [String] = []
        var first: LoopWatch?
        var second: LoopWatch?
        first = loop.watch(ends[0], .read) { [loop] in
            seen.append("first")
            loop.unwatch(first!)
            loop.unwatch(second!)
            loop.post { loop.stop() }
        }
        second = loop.watch(ends[0], .read) { seen.append("second") }
        send("x")
        loop.run()
        XCTAssertEqual(seen, ["first"])
    }

    func testAHandlerMayAddAWatch() {
        var watches: [LoopWatch] = []
        let end = ends[0]
        watches.append(
            loop.watch(end, .read) { [loop] in
                loop.unwatch(watches[0])
                watches.append(loop.watch(end, .read) { loop.stop() })
            })
        send("x")
        loop.run()
        XCTAssertEqual(watches.count, 2)
    }

    func testDeadlinesThatAreAlwaysDueDoNotStarveADescriptor() {
        func again() { loop.at(loop.now) { again() } }
        again()
        _ = loop.watch(ends[0], .read) { [loop] in loop.stop() }
        send("x")
        loop.run()
    }

    func testWorkPostedByAnotherThreadWakesTheLoopInOrder() {
        final class Seen: @unchecked Sendable { var numbers: [Int] = [] }
        let seen = Seen()
        let stop = LoopStop(loop)
        let mailbox = loop.mailbox
        loop.post {
            Thread.detachNewThread {
                for number in 0..<1000 { mailbox.post { seen.numbers.append(number) } }
                mailbox.post { stop.loop.stop() }
            }
        }
        loop.run()
        XCTAssertEqual(seen.numbers, Array(0..<1000))
    }

    func testASignalThatInterruptsTheWaitChangesNothing() {
        XCTAssertEqual(cs_signal_to_descriptor(SIGUSR1, -1), 0)
        defer { cs_signal_default(SIGUSR1) }
        let waiter = ThreadID(pthread_self())
        Thread.detachNewThread { for _ in 0..<100 { pthread_kill(waiter.id, SIGUSR1) } }
        loop.after(.milliseconds(30)) { [loop] in loop.stop() }
        loop.run()
    }

    func testTheClockMoves() {
        let base = ClockReading(wall: 1_000_000_000_000, elapsed: 50_000_000_000, awake: 50_000_000_000)
        func later(_ wall: Int64, _ elapsed: Int64, _ awake: Int64) -> ClockMove? {
            ClockReading(
                wall: base.wall + wall * 1_000_000, elapsed: base.elapsed + elapsed * 1_000_000,
                awake: base.awake + awake * 1_000_000
            ).move(since: base)
        }
        XCTAssertNil(later(60_000, 60_000, 60_000))
        XCTAssertNil(later(60_099, 60_000, 60_000), "a small correction")
        XCTAssertEqual(later(60_500, 60_000, 60_000), ClockMove(setBy: .milliseconds(500)))
        XCTAssertEqual(later(-3_540_000, 60_000, 60_000), ClockMove(setBy: .seconds(-3600)))
        XCTAssertEqual(later(60_000, 60_000, 20_000), ClockMove(slept: .seconds(40)))
        XCTAssertEqual(
            later(61_000, 60_000, 20_000), ClockMove(setBy: .seconds(1), slept: .seconds(40)), "both at once")
    }

    func testTheMovesAreSaidInWords() {
        XCTAssertEqual("\(ClockMove(setBy: .seconds(-5)))", "the clock was set back by 5.0 s")
        XCTAssertEqual(
            "\(ClockMove(setBy: .milliseconds(1250), slept: .seconds(40)))",
            "the machine slept for 40.0 s and the clock was set forward by 1.2 s")
    }

    func testTheBootHasAName() {
        XCTAssertEqual(SystemClock.bootID(), SystemClock.bootID())
        XCTAssertGreaterThanOrEqual(SystemClock.bootID().utf8.count, 8)
        XCTAssertLessThan(SystemClock.bootTime, loop.now)
    }
}

private struct LoopStop: @unchecked Sendable {
    let loop: EventLoop
    init(_ loop: EventLoop) { self.loop = loop }
}

private struct ThreadID: @unchecked Sendable {
    let id: pthread_t
    init(_ id: pthread_t) { self.id = id }
}
