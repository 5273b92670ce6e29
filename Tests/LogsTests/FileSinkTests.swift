import Dispatch
import Logs
import Simulation
import Storage
import TestSupport
import XCTest

final class FileSinkTests: XCTestCase {
    private let disk = SystemDisk()

    /// The messages in all files of a log, the oldest first; lines that are no whole entry fail the test.
    private func messages(_ path: String) throws -> [String] {
        let folder = parentFolder(of: path)
        let old = try disk.list(folder).compactMap { Int($0.split(separator: ".").last ?? "") }.sorted(by: >)
        let files = old.map { "\(path).\($0)" } + [path]
        let bytes = try files.flatMap { try disk.readFile($0) ?? [] }
        return bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }.map { line in
            let parts = line.components(separatedBy: "  demo  ")
            XCTAssertTrue(line.hasPrefix("2026-11-20 09:30:00.123 ") && parts.count == 2, "torn: \(line)")
            return parts.last ?? ""
        }
    }

    func testEntriesOfTwoProcessesRotateWithoutLoss() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/demo.log"
        let sinks = (0..<2).map { _ in FileSink(path: path, limit: 1000, kept: 500) }
        var random = SeededRandom(seed: 3)
        for number in 0..<3000 {
            sinks[Int.random(in: 0...1, using: &random)].write(entry("\(number)"))
        }
        XCTAssertEqual(try messages(path), (0..<3000).map(String.init))
        for name in try disk.list(folder.path) {
            XCTAssertLessThanOrEqual(try XCTUnwrap(disk.identity(of: "\(folder.path)/\(name)")).size, 1000)
        }
    }

    func testWritersAtTheSameTimeLoseNothing() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/demo.log"
        DispatchQueue.concurrentPerform(iterations: 4) { writer in
            let sink = FileSink(path: path, limit: 5000, kept: 1000)
            for number in 0..<2000 { sink.write(entry("\(writer) \(number)")) }
        }
        let expected = (0..<4).flatMap { writer in (0..<2000).map { "\(writer) \($0)" } }
        XCTAssertEqual(try messages(path).sorted(), expected.sorted())
    }

    func testOnlySoManyOldFilesAreKept() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/demo.log"
        let sink = FileSink(path: path, limit: 100, kept: 3)
        for number in 0..<20 { sink.write(entry("\(number)")) }
        XCTAssertEqual(try disk.list(folder.path), ["demo.log", "demo.log.1", "demo.log.2", "demo.log.3"])
        let found = try messages(path)
        XCTAssertEqual(found, (20 - found.count..<20).map(String.init))
    }

    func testADeletedLogBeginsAnew() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/demo.log"
        let sink = FileSink(path: path)
        sink.write(entry("gone"))
        try disk.remove(path)
        sink.write(entry("new"))
        XCTAssertEqual(try messages(path), ["new"])
        try disk.rename(path, to: "\(path).moved")
        sink.write(entry("newer"))
        XCTAssertEqual(try disk.readFile(path).map { $0.count }, LogFormat.text.bytes(of: entry("newer")).count)
    }

    func testLinesDroppedAreCountedAndSaid() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/logs/demo.log"
        let sink = FileSink(path: path)
        for number in 0..<3 { sink.write(entry("\(number)")) }
        try disk.makeFolder("\(folder.path)/logs")
        sink.write(entry("3"))
        XCTAssertEqual(try messages(path), ["3 lines dropped: No such file or directory", "3"])
        sink.write(entry("4"))
        XCTAssertEqual(try messages(path).last, "4")
    }

    func testAFullDiskStopsNobody() throws {
        let sink = FileSink(path: "/dev/full", limit: 10)
        for number in 0..<100 { sink.write(entry("\(number)")) }
        FileSink(path: "/dev/null", limit: 10).write(entry("x"))
    }

    /// A limit on the size of files makes a write stop within a line, as a full disk does.
    func testATornLineIsEnded() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/demo.log"
        let sink = FileSink(path: path)
        sink.write(entry("0"))
        let size = try XCTUnwrap(disk.readFile(path)).count
        try withFileSizeLimit(size + 30) {
            sink.write(entry("torn"))
            sink.write(entry("lost"))
        }
        sink.write(entry("1"))
        let lines = String(decoding: try XCTUnwrap(disk.readFile(path)), as: UTF8.self).split(separator: "\n")
        XCTAssertEqual(lines.count, 4)
        XCTAssertEqual(lines[1], "2026-11-20 09:30:00.123 INFO  ")
        XCTAssertTrue(lines[2].contains("2 lines dropped: "), "\(lines[2])")
        XCTAssertTrue(lines[3].hasSuffix("  demo  1"))
    }

    private func withFileSizeLimit(_ size: Int, _ body: () -> Void) throws {
        let before = signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit()
        XCTAssertEqual(getrlimit(fileSizeLimit, &limit), 0)
        var small = rlimit(rlim_cur: rlim_t(size), rlim_max: limit.rlim_max)
        XCTAssertEqual(setrlimit(fileSizeLimit, &small), 0)
        body()
        XCTAssertEqual(setrlimit(fileSizeLimit, &limit), 0)
        _ = signal(SIGXFSZ, before)
    }

    #if os(Linux)
        private let fileSizeLimit = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    #else
        private let fileSizeLimit = RLIMIT_FSIZE
    #endif
}
