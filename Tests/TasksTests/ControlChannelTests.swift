import CSupport
import Market
import Notation
import Processes
import Time
import XCTest

@testable import Tasks

final class ControlChannelTests: XCTestCase {
    private let loop = EventLoop(clock: SystemClock())
    private var received: [JSON] = []
    private var closedCount = 0

    private func channel() throws -> (ControlChannel, other: Int32) {
        let ends = try makeSocketPair()
        setNonBlocking(ends.theirs)
        let channel = ControlChannel(
            descriptor: ends.ours, loop: loop, receive: { [unowned self] in self.received.append($0) },
            closed: { [unowned self] in self.closedCount += 1 })
        return (channel, ends.theirs)
    }

    /// Runs the loop until something is so; ten seconds are a failure.
    private func wait(_ condition: @escaping () -> Bool, file: StaticString = #filePath, line: UInt = #line) {
        var isLate = false
        let timer = loop.after(.seconds(10)) { isLate = true }
        while !condition(), !isLate {
            loop.after(.milliseconds(5)) {}
            loop.runOnce()
        }
        loop.cancel(timer)
        XCTAssertFalse(isLate, "it never came", file: file, line: line)
    }

    private func write(_ text: String, to descriptor: Int32) {
        XCTAssertEqual(writeAvailable(descriptor, Array(text.utf8)), .wrote(text.utf8.count))
    }

    func testLinesComeWholeInWhateverPiecesTheyWereSent() throws {
        let (channel, other) = try channel()
        let text = "{\"a\":1}\n{\"b\":\"中文\"}\n\nno json\n{\"c\":3}\n"
        var sent = 0
        for byte in text.utf8 {
            XCTAssertEqual(writeAvailable(other, [byte]), .wrote(1))
            channel.drain()
            sent += 1
            if sent == 5 { XCTAssertEqual(received, []) }
        }
        XCTAssertEqual(received, [["a": 1], ["b": "中文"], ["c": 3]])
        write("{\"d\":4}\n{\"e\":", to: other)
        wait { self.received.count == 4 }
        write("5}\n", to: other)
        wait { self.received.count == 5 }
        XCTAssertEqual(received.last, ["e": 5])
        _ = close(other)
        wait { self.closedCount > 0 }
    }

    func testTheEndIsToldOnceAfterTheLastLine() throws {
        let (channel, other) = try channel()
        write("{\"last\":1}\n{\"torn\":", to: other)
        _ = close(other)
        wait { self.closedCount == 1 }
        XCTAssertEqual(received, [["last": 1]])
        channel.drain()
        channel.close()
        channel.send(["into": "nothing"])
        XCTAssertEqual(closedCount, 1)
    }

    func testAReaderThatDoesNotReadStopsNobodyAndGetsWholeLinesLater() throws {
        let (channel, other) = try channel()
        let padding = String(repeating: "x", count: 1000)
        for number in 0..<5000 { channel.send(["n": .integer(Int64(number)), "p": .text(padding)]) }
        let reader = ControlChannel(
            descriptor: other, loop: loop, receive: { [unowned self] in self.received.append($0) }, closed: {})
        channel.send(["late": true])
        var count = -1
        wait {
            defer { count = self.received.count }
            return self.received.count > 1000 && self.received.count == count
        }
        XCTAssertLessThan(received.count, 5000, "what nobody reads is dropped in the end")
        XCTAssertEqual(
            received.indices.map { received[$0]["n"]?.int ?? $0 }, Array(received.indices), "in order, without a gap")
        channel.send(["again": true])
        wait { self.received.last == ["again": true] }
        reader.close()
        channel.close()
    }

    func testAReaderThatIsGoneKillsNobody() throws {
        let (channel, other) = try channel()
        let signals = try SignalPipe([SIGPIPE])
        defer { withExtendedLifetime(signals) {} }
        _ = close(other)
        for _ in 0..<10 { channel.send(["a": 1]) }
        wait { self.closedCount == 1 }
        channel.send(["a": 1])
        XCTAssertEqual(closedCount, 1)
    }

    func testClosingWithinAHandlerIsSafe() throws {
        let ends = try makeSocketPair()
        var channel: ControlChannel?
        var count = 0
        channel = ControlChannel(
            descriptor: ends.ours, loop: loop,
            receive: { _ in
                count += 1
                channel?.close()
            }, closed: { XCTFail("nobody else closed it") })
        write("{}\n", to: ends.theirs)
        wait { count > 0 }
        XCTAssertEqual(writeAvailable(ends.theirs, []), .wrote(0))
        channel?.drain()
        _ = close(ends.theirs)
    }
}
