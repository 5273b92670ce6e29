import Market
import Processes
import Storage
import TestSupport
import XCTest

@testable import Tasks

final class TaskRegistryTests: XCTestCase {
    func testWhoeverHoldsTheLockWithoutAStatusOfItsOwnIsStarting() throws {
        let folder = try TemporaryFolder()
        let home = Home(path: folder.path + "/home")
        let disk = SystemDisk()
        let name = try TaskName("demo")
        try home.prepare(in: disk)
        try disk.makeFolder(home.folder(of: name))
        let registry = TaskRegistry(home: home, disk: disk, bootID: "boot")
        XCTAssertNil(registry.task(name))

        // The status that an earlier supervisor left.
        var failed = TaskStatus(name: "demo", code: "/old.swift", startedAt: Instant(nanoseconds: 1))
        failed.state = .failed
        failed.supervisor = "1:0"
        try disk.replaceFile(
            home.folder(of: name) + "/status.json", with: Array(failed.json.compact.utf8), durable: false)
        XCTAssertEqual(registry.task(name)?.status.state, .failed)

        let lock = try XCTUnwrap(try FileLock.tryLock(home.folder(of: name) + "/lock"))
        try lock.write(note: ProcessIdentity.current.description)
        let starting = try XCTUnwrap(registry.task(name))
        XCTAssertEqual(starting.status.state, .starting)
        XCTAssertEqual(starting.supervisor, .current)
        XCTAssertNil(starting.worker)

        lock.release()
        XCTAssertEqual(registry.task(name)?.status.state, .failed)
    }
}
