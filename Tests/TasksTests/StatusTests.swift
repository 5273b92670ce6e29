import Logs
import Market
import Notation
import Simulation
import TestSupport
import Time
import XCTest

@testable import Tasks

final class StatusTests: XCTestCase {
    private let start = shanghai("2026-11-20 09:00")

    private var full: TaskStatus {
        var status = TaskStatus(name: "均线", code: "/s \"x\".swift", startedAt: start)
        status.state = .busy
        status.mode = "LIVE"
        status.zone = "Asia/Tokyo"
        status.worker = "12:34"
        status.supervisor = "11:33"
        status.boot = "b"
        status.out = "/log"
        status.environment = [.init("A", "1"), .init("TOKEN", "***")]
        status.parameters = [.init("n", "5")]
        status.debug = true
        status.restarts = 3
        status.lastExit = "signal 11 (SIGSEGV) at /s.swift:3\nmore"
        status.busy = .init(activity: "job", since: start)
        status.nextSlot = NextSlot(job: "next", at: start + .seconds(60), grace: .milliseconds(1500))
        status.isOverdue = true
        status.jobErrors = 4
        status.missed = 5
        return status
    }

    func testAStatusComesBack() throws {
        let bare = TaskStatus(name: "a", code: "/s.swift", startedAt: Instant(nanoseconds: .min))
        for status in [bare, full] { XCTAssertEqual(TaskStatus(try JSON(parsing: status.json.compact)), status) }
    }

    func testEveryTruncationIsNothingOrTheWhole() throws {
        let bytes = Array((full.json.compact + "\n").utf8)
        for count in bytes.indices {
            guard let json = try? JSON(parsing: bytes.prefix(count)) else { continue }
            XCTAssertEqual(TaskStatus(json), full, "\(count) bytes")
            XCTAssertEqual(count, bytes.count - 1)
        }
    }

    func testGarbageInAnyFieldIsNothingOrThatFieldsAbsence() throws {
        let members = try XCTUnwrap(full.json.members)
        let needed: Set<String> = ["name", "code", "started_at", "state"]
        for index in members.indices {
            for wrong: JSON in [
                .null, true, -7, 1e300, 0.5, "x", ["x"], ["a": "b"], ["activity": 5, "job": "x", "at": "y"],
            ] {
                var changed = members
                changed[index].value = wrong
                let read = TaskStatus(.object(changed))
                if needed.contains(members[index].name), wrong == .null { XCTAssertNil(read) }
                if !needed.contains(members[index].name) { XCTAssertEqual(read?.name, "均线") }
            }
            var changed = members
            let name = changed.remove(at: index).name
            XCTAssertEqual(TaskStatus(.object(changed)) == nil, needed.contains(name), name)
        }
        var random = SeededRandom(seed: 5)
        let bytes = Array(full.json.compact.utf8)
        for _ in 0..<2000 {
            var torn = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                torn[Int.random(in: 0..<torn.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let json = try? JSON(parsing: torn) { _ = TaskStatus(json) }
        }
    }
}

final class StatusFileTests: XCTestCase {
    private let clock = VirtualClock(start: shanghai("2026-11-20 09:00"))
    private let disk = SimulatedDisk()
    private lazy var loop = EventLoop(clock: clock)
    private let path = "/t/status.json"

    private func makeFile() throws -> StatusFile {
        try disk.makeFolder("/t")
        return StatusFile(
            path: path, disk: disk, loop: loop,
            status: TaskStatus(name: "demo", code: "/s.swift", startedAt: clock.now))
    }

    private func written() throws -> TaskStatus? {
        try disk.readFile(path).flatMap { TaskStatus(try JSON(parsing: $0)) }
    }

    private var renames: Int { disk.log.filter { $0.operation == .rename }.count }

    func testTheFirstChangeIsWrittenAtOnceAndFurtherOnesOnceIn50Milliseconds() throws {
        let file = try makeFile()
        file.status.restarts = 1
        XCTAssertEqual(try written()?.restarts, 1)
        for number in 2...1000 { file.status.restarts = number }
        XCTAssertEqual(renames, 1)
        loop.run(until: clock.now + .milliseconds(49))
        XCTAssertEqual(renames, 1)
        loop.run(until: clock.now + .milliseconds(1))
        XCTAssertEqual(renames, 2)
        XCTAssertEqual(try written(), file.status)
        loop.run(until: clock.now + .seconds(60))
        XCTAssertEqual(renames, 2, "nothing changed")
        file.status.restarts = 1000
        XCTAssertEqual(renames, 2, "that was no change")
        file.status.restarts = 1001
        XCTAssertEqual(renames, 3, "after a pause it is written at once")
    }

    func testAClockThatGoesBackDelaysNothing() throws {
        let file = try makeFile()
        file.status.restarts = 1
        clock.set(to: clock.now - .seconds(3600))
        file.status.restarts = 2
        XCTAssertEqual(try written()?.restarts, 2)
    }

    func testADiskThatRefusesIsTriedAgainWithTheNextChange() throws {
        let file = try makeFile()
        disk.faults.capacity = 0
        file.status.restarts = 1
        XCTAssertNil(try written())
        disk.faults.capacity = nil
        loop.run(until: clock.now + .seconds(1))
        file.status.restarts = 2
        XCTAssertEqual(try written(), file.status)
        XCTAssertEqual(try disk.list("/t"), ["status.json"], "nothing is left over")
    }

    func testRemovedMeansRemoved() throws {
        let file = try makeFile()
        file.status.restarts = 1
        file.status.restarts = 2
        file.remove()
        loop.run(until: clock.now + .seconds(1))
        XCTAssertEqual(try disk.list("/t"), [])
    }

    func testACrashAtAnyOperationLeavesTheOldStatusOrTheNew() throws {
        for losingPower in [false, true] {
            for operation in 0..<8 {
                let file = try makeFile()
                file.writeNow()
                let old = file.status
                disk.faults.stopAt = disk.operations + operation
                clock.work(for: .seconds(1))
                file.status.restarts += 1
                let new = file.status
                disk.crash(losingUnflushed: losingPower, seed: UInt64(operation))
                // A power cut may leave anything: the file is derived, and of the boot before.
                let read = losingPower ? try? written() : try written()
                XCTAssertTrue(read == old || read == new || losingPower, "operation \(operation)")
                try? disk.remove(path)
            }
        }
    }

    func testAReportFollowsTheWorkersWordsAndWarnsOfOverdueSlots() throws {
        let folder = try TemporaryFolder()
        let sink = LogSink.file(FileSink(path: folder.path + "/log"))
        let clock = clock
        let report = TaskReport(
            try makeFile(), loop: loop, logger: Logger(task: "demo", sinks: [sink]) { clock.now })
        report.status.state = .running
        XCTAssertTrue(report.workerIsIdle)
        report.take(.next(NextSlot(job: "late", at: clock.now + .seconds(10), grace: .seconds(5))))
        report.take(.begin(activity: "long", at: clock.now))
        XCTAssertEqual(report.status.state, .busy)
        XCTAssertFalse(report.workerIsIdle)
        loop.run(until: clock.now + .seconds(14))
        XCTAssertFalse(report.status.isOverdue)
        loop.run(until: clock.now + .seconds(1))
        XCTAssertTrue(report.status.isOverdue)
        report.take(.end)
        report.take(.next(nil))
        XCTAssertFalse(report.status.isOverdue)
        XCTAssertEqual(report.status.state, .running)
        report.take(.counts(jobErrors: 2, missed: 1))
        report.workerIsGone()
        report.take(.counts(jobErrors: 1, missed: 0))
        XCTAssertEqual(
            [report.status.jobErrors, report.status.missed], [3, 1], "what the worker before counted stays")
        report.take(.next(NextSlot(job: "idle", at: clock.now + .seconds(1), grace: .zero)))
        loop.run(until: clock.now + .seconds(60))
        XCTAssertFalse(report.status.isOverdue, "an idle task is not late, its worker judges the slot")
        let log = try SystemDiskText.read(folder.path + "/log")
        XCTAssertEqual(log.split(separator: "\n").count, 1)
        XCTAssertTrue(log.contains("the slot of late is overdue: the task is busy with long for 15 s"), log)
    }
}
