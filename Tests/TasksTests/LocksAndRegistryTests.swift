import CSupport
import Market
import Notation
import Processes
import Simulation
import Storage
import TestSupport
import Time
import XCTest

@testable import Tasks

enum SystemDiskText {
    static func read(_ path: String) throws -> String {
        String(decoding: try XCTUnwrap(try SystemDisk().readFile(path)), as: UTF8.self)
    }
}

/// A clock on which somebody does something at each wait.
private final class WaitingClock: MarketClock {
    private let clock = VirtualClock(start: shanghai("2026-11-20 09:00"))
    private(set) var waits = 0
    var atWait: (Int) -> Void = { _ in }
    var now: Instant { clock.now }
    var elapsed: TimeSpan { clock.elapsed }
    var isVirtual: Bool { true }
    func wait(until deadline: Instant?, watching watches: inout [Watch]) -> WakeUp {
        waits += 1
        atWait(waits)
        return clock.wait(until: deadline, watching: &watches)
    }
}

/// What a kill leaves in a task's folder.
final class LeftoversTests: XCTestCase {
    func testAKillAtAnyOperationOfAReplacementLeavesNothingForEver() throws {
        for operation in 0..<8 {
            let disk = SimulatedDisk()
            try disk.makeFolder("/task/gate")
            for path in ["/task/state.json", "/task/gate/note"] {
                disk.faults.stopAt = disk.operations + operation
                try? disk.replaceFile(path, with: Array("whole".utf8), durable: true)
                disk.crash(losingUnflushed: false, seed: 1)
            }
            removeLeftovers(in: "/task", disk)
            for (folder, whole) in [("/task", ["gate", "state.json"]), ("/task/gate", ["note"])] {
                let names = try disk.list(folder)
                XCTAssertTrue(names.allSatisfy(whole.contains), "operation \(operation): \(names)")
            }
        }
    }

    func testFilesOfOtherNamesStay() throws {
        let disk = SimulatedDisk()
        try disk.makeFolder("/task/archive/1")
        let names = ["mine.new", "a.1.new", "a.1-x.new", "b.1-2.news", "archive/1/state.json.7-0.new", "1-2.new"]
        for name in names + ["state.json.7-0.new"] { disk.close(try disk.open("/task/" + name, .createNew)) }
        removeLeftovers(in: "/task", disk)
        for name in names { XCTAssertNotNil(try disk.identity(of: "/task/" + name), name) }
        XCTAssertNil(try disk.identity(of: "/task/state.json.7-0.new"))
    }
}

final class LocksAndRegistryTests: XCTestCase {
    private var folder = try? TemporaryFolder()
    private lazy var home = Home(path: (folder?.path ?? "/nowhere") + "/home")
    private let disk = SystemDisk()
    private let boot = "this boot"
    private lazy var registry = TaskRegistry(home: home, disk: disk, bootID: boot)

    private func name(_ text: String = "demo") throws -> TaskName {
        let name = try TaskName(text)
        try home.prepare(in: disk)
        try disk.makeFolder(home.folder(of: name))
        return name
    }

    private var lockPath: String { home.tasksFolder + "/demo/lock" }
    /// A process that has ended and whose pid may be anybody's.
    private let dead = "\(getpid()):1"

    func testALivingHolderIsNamedAtOnce() throws {
        let name = try name()
        let clock = WaitingClock()
        let held = try TaskLock.take(name, in: home, clock: clock)
        XCTAssertEqual(try FileLock.note(at: lockPath), ProcessIdentity.current.description)
        XCTAssertThrowsError(try TaskLock.take(name, in: home, clock: clock)) {
            XCTAssertEqual(
                "\($0)",
                "The name demo is taken by the task with the supervisor pid \(getpid()). "
                    + "Stop it with: jqtrade stop_task -n demo")
        }
        XCTAssertEqual(clock.waits, 0)
        held.release()
        XCTAssertNoThrow(try TaskLock.take(name, in: home, clock: clock))
    }

    func testALockThatNobodyAliveHasNotedIsWaitedForASecond() throws {
        let name = try name()
        let held = try XCTUnwrap(try FileLock.tryLock(lockPath))
        for note in [dead, "", "nonsense", "-1:5"] {
            try held.write(note: note)
            let clock = WaitingClock()
            let began = clock.now
            XCTAssertThrowsError(try TaskLock.take(name, in: home, clock: clock)) {
                XCTAssertTrue("\($0)".contains("is taken by a worker that is finishing"), "\($0)")
            }
            XCTAssertEqual(clock.now - began, .seconds(1), "\"\(note)\"")
        }
        held.release()
    }

    func testALockThatAProbeHoldsForAMomentIsTaken() throws {
        let name = try name()
        let probe = try XCTUnwrap(try FileLock.tryLock(lockPath))
        try probe.write(note: dead)
        let clock = WaitingClock()
        clock.atWait = { if $0 == 3 { probe.release() } }
        let lock = try TaskLock.take(name, in: home, clock: clock)
        XCTAssertEqual(clock.waits, 3)
        XCTAssertEqual(try FileLock.note(at: lockPath), ProcessIdentity.current.description)
        lock.release()
    }

    private func put(_ name: String = "demo", _ change: (inout TaskStatus) -> Void = { _ in }) throws {
        _ = try self.name(name)
        var status = TaskStatus(name: name, code: "/s.swift", startedAt: shanghai("2026-11-20 09:00"))
        status.state = .running
        status.boot = boot
        status.supervisor = ProcessIdentity.current.description
        status.worker = dead
        status.nextSlot = NextSlot(job: "a", at: status.startedAt, grace: .zero)
        change(&status)
        try disk.replaceFile(
            home.tasksFolder + "/\(name)/status.json", with: Array(status.json.compact.utf8), durable: false)
    }

    func testARunningTaskIsListedAsItSays() throws {
        try put()
        let lock = try XCTUnwrap(try FileLock.tryLock(lockPath))
        let task = try XCTUnwrap(registry.task(try name()))
        XCTAssertEqual(task.status.state, .running)
        XCTAssertEqual(task.supervisor, .current)
        XCTAssertNil(task.worker)
        XCTAssertTrue(task.isAlive)
        XCTAssertNotNil(task.status.nextSlot)
        lock.release()
    }

    func testATaskWhoseProcessesAreGoneHasFailedAndSaysWhy() throws {
        try put { $0.supervisor = self.dead }
        for isHeld in [false, true] {
            let lock = isHeld ? try FileLock.tryLock(lockPath) : nil
            let task = try XCTUnwrap(registry.task(try name()))
            XCTAssertEqual(task.status.state, .failed)
            XCTAssertEqual(task.status.lastExit, "killed together with its supervisor")
            XCTAssertNil(task.status.nextSlot)
            XCTAssertNil(task.status.busy)
            XCTAssertFalse(task.isAlive)
            lock?.release()
        }
    }

    func testAProcessThatDoesNotHoldTheLockIsNotTheTasks() throws {
        try put()
        XCTAssertEqual(registry.task(try name())?.status.state, .failed)
        XCTAssertEqual(registry.task(try name())?.isAlive, false)
    }

    func testATaskOfAnotherBootHasFailedForThat() throws {
        try put { $0.boot = "the boot before" }
        let lock = try XCTUnwrap(try FileLock.tryLock(lockPath))
        let task = try XCTUnwrap(registry.task(try name()))
        XCTAssertEqual(task.status.lastExit, "the machine was restarted")
        XCTAssertEqual(task.status.state, .failed)
        XCTAssertFalse(task.isAlive)
        lock.release()
    }

    func testAWorkerWithoutItsSupervisorIsStopping() throws {
        try put {
            $0.supervisor = self.dead
            $0.worker = ProcessIdentity.current.description
        }
        let lock = try XCTUnwrap(try FileLock.tryLock(lockPath))
        let task = try XCTUnwrap(registry.task(try name()))
        XCTAssertEqual(task.status.state, .stopping)
        XCTAssertEqual(task.worker, .current)
        lock.release()
    }

    func testAFailedTaskKeepsItsReasonUntilItIsCleared() throws {
        try put {
            $0.supervisor = self.dead
            $0.state = .failed
            $0.lastExit = "gave up"
        }
        let name = try name()
        XCTAssertEqual(registry.task(name)?.status.lastExit, "gave up")
        try registry.clear(name)
        XCTAssertNil(registry.task(name))
        XCTAssertEqual(registry.tasks().count, 0)
    }

    func testStrangeThingsInTheFolderOfTasksAreNoTasks() throws {
        XCTAssertEqual(registry.tasks().count, 0, "there is no home yet")
        try put("b")
        try put("甲")
        try put("a")
        for name in ["empty", "garbage", ".hidden"] { try disk.makeFolder(home.tasksFolder + "/" + name) }
        try disk.replaceFile(home.tasksFolder + "/garbage/status.json", with: [0xFF, 0x7B], durable: false)
        try disk.replaceFile(home.tasksFolder + "/file", with: [], durable: false)
        XCTAssertEqual(registry.tasks().map(\.status.name), ["a", "b", "甲"])
    }

    func testWaitingForATaskEndsWithItOrWithTheTime() throws {
        try put { $0.busy = .init(activity: "long job", since: $0.startedAt) }
        let lock = try XCTUnwrap(try FileLock.tryLock(lockPath))
        let clock = WaitingClock()
        let stop = TaskStop(registry: registry, clock: clock)
        let task = try XCTUnwrap(registry.task(try name()))
        let began = clock.now
        guard case .stillThere(let busy) = stop.wait(for: task, timeout: .seconds(30)) else {
            return XCTFail("this process is gone")
        }
        XCTAssertEqual(busy?.activity, "long job")
        XCTAssertEqual(clock.now - began, .seconds(30))
        var gone = task
        gone.supervisor = ProcessIdentity(dead)
        XCTAssertEqual(stop.wait(for: gone, timeout: .zero), .stopped(pid: getpid(), after: .zero))
        lock.release()
    }
}
