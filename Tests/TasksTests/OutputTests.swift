import CSupport
import Market
import Processes
import Time
import XCTest

@testable import Tasks

final class OutputTests: XCTestCase {
    private let loop = EventLoop(clock: SystemClock())

    func testLinesAreTakenAsTheyComeAndTheLastOnesKept() throws {
        let pipe = try makePipe()
        var lines: [String] = []
        let output = OutputCollector(descriptor: pipe.readEnd, loop: loop) { lines.append($0) }
        _ = writeAvailable(pipe.writeEnd, Array("one\ntwo\r\nhal".utf8))
        loop.runOnce()
        XCTAssertEqual(lines, ["one", "two"])
        _ = writeAvailable(pipe.writeEnd, Array("f\n\u{FF}中".utf8) + [0xFF, 0x0A])
        loop.runOnce()
        XCTAssertEqual(lines, ["one", "two", "half", "\u{FF}中\u{FFFD}"])
        for number in 0..<100 { _ = writeAvailable(pipe.writeEnd, Array("\(number)\n".utf8)) }
        _ = writeAvailable(pipe.writeEnd, Array("the end".utf8))
        output.close()
        XCTAssertEqual(lines.count, 105)
        XCTAssertEqual(lines.last, "the end", "a last line without its end counts")
        XCTAssertEqual(output.lastLines, (61..<100).map { "\($0)" } + ["the end"])
        output.close()
        XCTAssertEqual(lines.count, 105)
        _ = close(pipe.writeEnd)
    }

    func testTheEndOfThePipeEndsTheWatch() throws {
        let pipe = try makePipe()
        var lines: [String] = []
        let output = OutputCollector(descriptor: pipe.readEnd, loop: loop) { lines.append($0) }
        _ = writeAvailable(pipe.writeEnd, Array("last words".utf8))
        _ = close(pipe.writeEnd)
        loop.runOnce()
        XCTAssertEqual(lines, ["last words"])
        XCTAssertEqual(output.lastLines, ["last words"])
        output.close()
    }

    func testAGrandchildThatHoldsThePipeIsNotWaitedFor() throws {
        let pipe = try makePipe()
        let output = OutputCollector(descriptor: pipe.readEnd, loop: loop) { _ in }
        output.close()
        XCTAssertEqual(output.lastLines, [])
        _ = close(pipe.writeEnd)
    }

    private func report(_ lines: [String], folder: String = "/work/my strategies") -> CrashReport {
        CrashReport(exit: .signal(SIGILL), lastLines: lines, code: folder)
    }

    func testTheInnermostFrameOfTheStrategyIsThePlace() {
        let lines = [
            "Fatal error: Index out of range",
            "0 [inlined] [system] Array.subscript.getter in libswiftCore.so at /usr/lib/swift/Array.swift:1:2",
            "1 helper(_:) + 12 in lib.so at /work/my strategies/helper.swift:12:5",
            "2 do_order(_:) + 12 in lib.so at /work/my strategies/s.swift:30:9",
        ]
        XCTAssertEqual(report(lines).place, "/work/my strategies/helper.swift:12")
        XCTAssertEqual(
            report(lines).summary, "the worker ended with signal 4 (SIGILL) at /work/my strategies/helper.swift:12")
    }

    func testWithoutAFrameOfTheStrategyThereIsNoPlace() {
        for lines in [
            [], ["Fatal error"], ["0 main at /usr/x.swift:1"], ["0 f at /work/my strategies/s.swift"],
            ["0 f at /work/my strategies/s.swift:"], ["0 f at /work/my strategies/s.swift:x:1"],
            ["0 f at /work/my strategies/s.swift:99999999999999999999:1"],
        ] {
            XCTAssertNil(report(lines).place, "\(lines)")
            XCTAssertEqual(report(lines).summary, "the worker ended with signal 4 (SIGILL)")
        }
    }

    func testAHeadlineIsOneLine() {
        XCTAssertEqual(headline("one"), "one")
        XCTAssertEqual(headline("one\ntwo\nthree"), "one (and 2 more)")
        XCTAssertEqual(headline(""), "")
    }

    func testExitCodesAreAsTheyAreDocumented() {
        XCTAssertEqual(ExitCode.allCases.map(\.rawValue), [0, 1, 2, 3, 4, 5, 6, 130, 137])
        XCTAssertEqual(Set(ExitCode.allCases.map(\.meaning)).count, 9)
        XCTAssertNil(ExitCode(rawValue: workerGaveWay), "it is a word between worker and supervisor")
    }
}
