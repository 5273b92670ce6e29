import CSupport
import XCTest

@testable import Processes

/// Commands run to their end, and pipes.
final class CommandTests: XCTestCase {
    func testExitsAreTold() throws {
        XCTAssertEqual("\(try outcome("/bin/sh", "-c", "exit 4").exit)", "exit code 4")
        XCTAssertEqual("\(try outcome("/bin/sh", "-c", "kill -SEGV $$").exit)", "signal \(SIGSEGV) (SIGSEGV)")
        XCTAssertEqual("\(try outcome("/bin/sh", "-c", "kill -KILL $$").exit)", "signal 9 (SIGKILL)")
        XCTAssertNil(reap(getpid()), "not a child")
        XCTAssertNil(reap(-1), "not any child")
    }

    func testAMegabyteOnBothPipesAtOnceWhileSignalsRainDown() throws {
        XCTAssertEqual(cs_signal_to_descriptor(SIGUSR1, -1), 0)
        defer { cs_signal_default(SIGUSR1) }
        let rain = Rain()
        rain.begin()
        let script = "head -c 1048576 /dev/zero & head -c 1048576 /dev/zero >&2; wait"
        let result = try outcome("/bin/sh", "-c", script, environment: ["PATH": "/usr/bin:/bin"])
        rain.end()
        XCTAssertEqual(result.exit, .code(0))
        XCTAssertEqual(result.output.count, 1_048_576)
        XCTAssertEqual(result.errors.count, 1_048_576)
    }

    func testASignalKillsTheCommandAndItsGroup() throws {
        let signals = try SignalPipe([SIGUSR2, SIGCHLD])
        let script = "tail -f /dev/null & kill -USR2 $PPID; wait"
        XCTAssertThrowsError(
            try runCommand(
                executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"],
                interruptedBy: signals)
        ) { error in
            XCTAssertEqual(error as? CommandError, .interrupted(SIGUSR2))
            XCTAssertEqual("\(error)", "Interrupted by SIGUSR2.")
        }
    }

    func testReadingAndWritingWithoutWaiting() throws {
        let (readEnd, writeEnd) = try makePipe()
        XCTAssertTrue(setNonBlocking(readEnd))
        XCTAssertTrue(setNonBlocking(writeEnd))
        XCTAssertEqual(readAvailable(readEnd), .wouldBlock)
        XCTAssertEqual(writeAvailable(writeEnd, Array("abc".utf8)), .wrote(3))
        XCTAssertEqual(readAvailable(readEnd), .bytes(Array("abc".utf8)))
        let flood = [UInt8](repeating: 7, count: 1_000_000)
        guard case .wrote(let count) = writeAvailable(writeEnd, flood) else { return XCTFail("a pipe takes some") }
        XCTAssertTrue((1..<flood.count).contains(count), "\(count)")
        XCTAssertEqual(writeAvailable(writeEnd, flood), .wrote(0))
        close(writeEnd)
        var left = count
        while case .bytes(let more) = readAvailable(readEnd) { left -= more.count }
        XCTAssertEqual(left, 0)
        XCTAssertEqual(readAvailable(readEnd), .end)
        close(readEnd)
        XCTAssertEqual(readAvailable(readEnd), .failed(EBADF))
    }

    func testWritingToAClosedPipeIsAnAnswerAndNotTheEnd() throws {
        let signals = try SignalPipe([SIGPIPE])
        let (readEnd, writeEnd) = try makePipe()
        close(readEnd)
        XCTAssertEqual(writeAvailable(writeEnd, [1]), .closed)
        close(writeEnd)
        let (ours, theirs) = try makeSocketPair()
        close(theirs)
        XCTAssertEqual(writeAvailable(ours, [1]), .closed)
        close(ours)
        XCTAssertNil(signals.next(), "SIGPIPE never comes out")
    }

    func testSignalsComeOutInOrder() throws {
        do {
            let signals = try SignalPipe([SIGUSR1, SIGUSR2])
            XCTAssertNil(signals.next())
            kill(getpid(), SIGUSR2)
            XCTAssertEqual(nextSignal(signals), SIGUSR2)
            kill(getpid(), SIGUSR1)
            XCTAssertEqual(nextSignal(signals), SIGUSR1)
            XCTAssertNil(signals.next())
        }
        let script = try Script("kill -USR1 $$")
        XCTAssertEqual(waitForEnd(of: script.pid), .signal(SIGUSR1), "a child has default handlers")
    }

    /// A signal to the process may be taken by any of its threads, a moment later.
    private func nextSignal(_ signals: SignalPipe) -> Int32? {
        var polled = [pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
        while cs_poll(&polled, 1, 20_000_000_000) < 0, cs_errno() == EINTR {}
        return signals.next()
    }
}

/// Sends SIGUSR1 to the thread that made it until it is told to end.
private final class Rain: @unchecked Sendable {
    private let target = pthread_self()
    private let lock = NSLock()
    private let ended = DispatchSemaphore(value: 0)
    private var isOver = false

    func begin() {
        Thread.detachNewThread { [self] in
            while !lock.withLock({ isOver }) {
                pthread_kill(target, SIGUSR1)
                sched_yield()
            }
            ended.signal()
        }
    }

    func end() {
        lock.withLock { isOver = true }
        ended.wait()
    }
}
