import CSupport
import Simulation
import Storage
import XCTest

final class TailReaderTests: XCTestCase {
    private var disk = SimulatedDisk()
    private var reader = TailReader("/d/f")

    override func setUpWithError() throws {
        disk = SimulatedDisk()
        try disk.makeFolder("/d")
        reader = TailReader("/d/f")
    }

    private func append(_ text: String) throws {
        let file = try disk.open("/d/f", .appendOrCreate)
        defer { disk.close(file) }
        try disk.appendWhole(Array(text.utf8), to: file)
    }

    private func rewrite(_ text: String) throws {
        let file = try disk.open("/d/f", .appendOrCreate)
        defer { disk.close(file) }
        try disk.truncate(file, to: 0)
        try disk.appendWhole(Array(text.utf8), to: file)
    }

    private func read() throws -> (news: TailReader.News, lines: [String]) {
        var lines: [String] = []
        let news = try reader.read(from: disk) { bytes, _ in
            forEachLine(in: bytes) {
                lines.append(String(decoding: bytes[$0], as: UTF8.self))
                return true
            }
        }
        return (news, lines)
    }

    private func expect(_ news: TailReader.News, _ lines: [String], line: UInt = #line) throws {
        let found = try read()
        XCTAssertEqual(found.news, news, line: line)
        XCTAssertEqual(found.lines, lines, line: line)
    }

    func testAFileThatAppearsLateAndGrows() throws {
        try expect(.absent, [])
        try append("")
        try expect(.nothing, [])
        try append("a\nb")
        try expect(.more, ["a"])
        try expect(.nothing, [])
        try append("c\r\n")
        try expect(.more, ["bc"])
        XCTAssertEqual(reader.offset, 6)
    }

    func testNothingNewCostsOneLook() throws {
        try append("a\n")
        _ = try read()
        let before = disk.operations
        try expect(.nothing, [])
        XCTAssertEqual(disk.operations, before + 1)
    }

    func testAFileThatWasCutReplacedOrWrittenAnewIsReadAgain() throws {
        try append("header\na\nb\n")
        try expect(.more, ["header", "a", "b"])
        try rewrite("header\n")
        try expect(.again, ["header"])
        try rewrite("header\nx\ny\nz\n")
        try expect(.more, ["x", "y", "z"])
        // As long as before, and only its end is another.
        try rewrite("header\nx\ny\nw\n")
        try expect(.again, ["header", "x", "y", "w"])
        // Longer than before, with another beginning.
        try rewrite("heading\nx\ny\nw\nv\n")
        try expect(.again, ["heading", "x", "y", "w", "v"])
        try disk.remove("/d/f")
        try append("heading\nx\ny\nw\nv\nu\n")
        try expect(.again, ["heading", "x", "y", "w", "v", "u"])
        try disk.remove("/d/f")
        try expect(.absent, [])
        try append("heading\n")
        try expect(.more, ["heading"])
    }

    func testABodyThatStopsIsCalledThereAgain() throws {
        try append("a\nbad\nc\n")
        for _ in 0..<2 {
            var seen: [String] = []
            _ = try reader.read(from: disk) { bytes, _ in
                forEachLine(in: bytes) {
                    let line = String(decoding: bytes[$0], as: UTF8.self)
                    seen.append(line)
                    return line != "bad"
                }
            }
            XCTAssertEqual(seen.last, "bad")
        }
        XCTAssertEqual(reader.offset, 2)
    }

    func testALineLongerThanAnyLineIsSkippedAndNoOther() throws {
        try append("a\n")
        try append(String(repeating: "x", count: TailReader.chunk + 5))
        try expect(.more, ["a"])
        try append("tail of it\nb\n")
        try expect(.more, ["b"])
    }

    func testLinesAcrossChunks() throws {
        let lines = (0..<40_000).map { "line \($0) \(String(repeating: "y", count: $0 % 60))" }
        try append(lines.joined(separator: "\n") + "\nrest")
        try expect(.more, lines)
    }

    func testWhatCannotBeReadIsReadLater() throws {
        try append("a\n")
        disk.faults.failures[disk.operations + 1] = EIO
        XCTAssertThrowsError(try read())
        try expect(.more, ["a"])
    }
}
