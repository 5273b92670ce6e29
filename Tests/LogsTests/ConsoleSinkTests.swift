import CSupport
import Logs
import Market
import XCTest

final class ConsoleSinkTests: XCTestCase {
    private func pipeEnds() -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        XCTAssertEqual(pipe(&ends), 0)
        return (ends[0], ends[1])
    }

    /// What there is to read now, without waiting.
    private func contents(_ descriptor: Int32) -> String {
        var all: [UInt8] = []
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var buffer = [UInt8](repeating: 0, count: 65536)
        while poll(&state, 1, 0) == 1, state.revents & Int16(POLLIN) != 0 {
            let count = read(descriptor, &buffer, buffer.count)
            if count <= 0 { break }
            all += buffer[..<count]
        }
        return String(decoding: all, as: UTF8.self)
    }

    /// Fills a console that nobody reads, then reads it: every line comes whole and in order, or is in the count.
    private func assertNothingIsLostInSilence(_ sink: ConsoleSink, reading: Int32, lines: Int) {
        for number in 0..<lines { sink.write(entry("\(number) \(String(repeating: "x", count: 100))")) }
        XCTAssertTrue(sink.hasBacklog)
        var text = ""
        while sink.hasBacklog {
            let before = text.count
            text += contents(reading)
            sink.drain()
            if text.count == before { return XCTFail("it does not drain") }
        }
        text += contents(reading)
        let found = text.split(whereSeparator: \.isNewline)
        XCTAssertEqual(
            found.dropLast().map { Int($0.split(separator: " ")[4]) ?? -1 }, Array(0..<found.count - 1))
        XCTAssertTrue(
            found.last?.hasSuffix("\(lines - found.count + 1) lines dropped: the console did not take them") ?? false,
            "\(found.last ?? "")")
        XCTAssertGreaterThan(found.count, 1000)
    }

    func testAPipeThatIsNotRead() {
        let (reading, writing) = pipeEnds()
        assertNothingIsLostInSilence(ConsoleSink(descriptor: writing), reading: reading, lines: 5000)
        close(reading)
        close(writing)
    }

    func testLinesThatWaitAskOnceToBeDrainedLater() {
        let (reading, writing) = pipeEnds()
        let sink = ConsoleSink(descriptor: writing)
        var asked = 0
        sink.whenBacklogged = { asked += 1 }
        sink.write(entry("taken at once"))
        XCTAssertEqual(asked, 0)
        for _ in 0..<2000 { sink.write(entry(String(repeating: "x", count: 100))) }
        XCTAssertEqual(asked, 1)
        sink.drainAgain()
        XCTAssertEqual(asked, 2)
        while sink.hasBacklog {
            _ = contents(reading)
            sink.drain()
        }
        sink.drainAgain()
        XCTAssertEqual(asked, 2)
        close(reading)
        close(writing)
    }

    func testATerminalThatIsNotRead() throws {
        var path = [CChar](repeating: 0, count: 256)
        let controlling = cs_open_pseudo_terminal(&path, path.count)
        let terminal = cs_open(path, O_RDWR | O_NOCTTY | O_CLOEXEC, 0)
        XCTAssertGreaterThanOrEqual(terminal, 0)
        let sink = ConsoleSink(descriptor: terminal)
        assertNothingIsLostInSilence(sink, reading: controlling, lines: 5000)
        // Ctrl-S, and then Ctrl-Q.
        write(controlling, "\u{13}", 1)
        for _ in 0..<10 { sink.write(entry("stopped")) }
        XCTAssertTrue(sink.hasBacklog)
        write(controlling, "\u{11}", 1)
        sink.drain()
        XCTAssertFalse(sink.hasBacklog)
        close(controlling)
        for _ in 0..<10 { sink.write(entry("nobody is there")) }
        XCTAssertFalse(sink.hasBacklog)
        close(terminal)
    }

    func testABrokenPipeIsGivenUp() {
        let (reading, writing) = pipeEnds()
        let sink = ConsoleSink(descriptor: writing)
        sink.write(entry("heard"))
        close(reading)
        for _ in 0..<2000 { sink.write(entry("unheard")) }
        XCTAssertFalse(sink.hasBacklog)
        close(writing)
    }

    func testAClosedDescriptorAndAFullDevice() {
        let closed = ConsoleSink(descriptor: 987_654)
        closed.write(entry("x"))
        XCTAssertFalse(closed.hasBacklog)
        let full = cs_open("/dev/full", O_WRONLY | O_CLOEXEC, 0)
        let sink = ConsoleSink(descriptor: full)
        for _ in 0..<10 { sink.write(entry("x")) }
        XCTAssertFalse(sink.hasBacklog)
        close(full)
    }
}

final class LoggerTests: XCTestCase {
    func testSaysWhatMattersWithoutSecrets() {
        var ends: [Int32] = [-1, -1]
        XCTAssertEqual(pipe(&ends), 0)
        var time = entry("").time
        let logger = Logger(
            task: "demo", secrets: SecretFilter(values: ["geheim"]),
            sinks: [.console(ConsoleSink(descriptor: ends[1]))],
            now: {
                defer {
                    time = MarketZone.shanghai.local(
                        MarketZone.shanghai.instant(time.day, time.time) + .seconds(Int64(1)))
                }
                return MarketZone.shanghai.instant(time.day, time.time)
            })
        logger.debug(
            { () -> String in
                XCTFail("it costs nothing")
                return ""
            }())
        logger.info("token geheim")
        logger.minimum = .debug
        logger.debug("now")
        logger.warn("w")
        logger.error("e")
        close(ends[1])
        var buffer = [UInt8](repeating: 0, count: 1000)
        let count = read(ends[0], &buffer, buffer.count)
        close(ends[0])
        XCTAssertEqual(
            String(decoding: buffer[..<max(count, 0)], as: UTF8.self),
            """
            2026-11-20 09:30:00.000 INFO  demo  token ***
            2026-11-20 09:30:01.000 DEBUG demo  now
            2026-11-20 09:30:02.000 WARN  demo  w
            2026-11-20 09:30:03.000 ERROR demo  e

            """)
    }
}
