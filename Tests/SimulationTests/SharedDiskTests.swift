import CSupport
import Market
import Simulation
import Storage
import Time
import XCTest

/// Several programs on one disk, and a disk that takes its time.
final class SharedDiskTests: XCTestCase {
    private func files() throws -> (disk: SimulatedDisk, mine: OpenFile, other: SimulatedDisk, its: OpenFile) {
        let disk = SimulatedDisk()
        let other = disk.forAnotherProgram()
        return (disk, try disk.open("/f", .createNew), other, try other.open("/f", .append))
    }

    func testProgramsSeeTheSameFilesAndExcludeEachOther() throws {
        let (disk, mine, other, its) = try files()
        _ = try disk.append([1], to: mine)
        _ = try other.append([2], to: its)
        XCTAssertEqual(try disk.readFile("/f"), [1, 2])
        XCTAssertTrue(try disk.tryLock(mine))
        XCTAssertFalse(try other.tryLock(its))
        XCTAssertThrowsError(try other.append([3], to: mine), "a file is open for the program that opened it")
    }

    func testOneProgramDiesAndTheOthersGoOn() throws {
        let (disk, mine, other, its) = try files()
        XCTAssertTrue(try disk.tryLock(mine))
        _ = try disk.append([1], to: mine)
        disk.faults.stopAt = disk.operations
        XCTAssertThrowsError(try disk.append([9], to: mine))
        XCTAssertFalse(try other.tryLock(its))
        disk.endProgram()
        XCTAssertTrue(try other.tryLock(its))
        _ = try other.append([2], to: its)
        XCTAssertThrowsError(try disk.read(mine, at: 0, count: 1))
        XCTAssertEqual(try disk.readFile("/f"), [1, 2])
    }

    func testAPowerCutEndsAllPrograms() throws {
        let (disk, mine, other, its) = try files()
        try disk.flush(mine)
        try disk.flushFolder("/")
        XCTAssertTrue(try other.tryLock(its))
        other.faults.stopAt = 0
        disk.crash(losingUnflushed: true, seed: 1)
        XCTAssertThrowsError(try disk.size(of: mine)) { XCTAssertEqual(($0 as? DiskError)?.code, EBADF) }
        XCTAssertThrowsError(try other.size(of: its)) { XCTAssertEqual(($0 as? DiskError)?.code, EBADF) }
        XCTAssertTrue(try disk.tryLock(try disk.open("/f", .append)))
    }

    func testFaultsAreEachProgramsOwn() throws {
        let (disk, mine, other, its) = try files()
        disk.faults.locking = .fails(ENOLCK)
        disk.faults.failures[disk.operations] = EIO
        XCTAssertThrowsError(try disk.append([1], to: mine))
        XCTAssertThrowsError(try disk.tryLock(mine))
        XCTAssertEqual(try other.append([1], to: its), 1)
        XCTAssertTrue(try other.tryLock(its))
        XCTAssertEqual(other.operations, 3)
    }

    func testASlowDiskTakesItsTimeOnTheClock() throws {
        let clock = VirtualClock(start: Instant(nanoseconds: 1_000_000_000))
        let disk = SimulatedDisk()
        let file = try disk.open("/f", .createNew)
        disk.takeTime(.milliseconds(300), on: clock)
        _ = try disk.append([1], to: file)
        XCTAssertEqual(clock.elapsed, .milliseconds(300))
        XCTAssertEqual(try disk.identity(of: file).modified, 1_300_000_000)
        XCTAssertEqual(clock.elapsed, .milliseconds(600))
        try disk.forAnotherProgram().makeOneFolder("/d")
        XCTAssertEqual(clock.elapsed, .milliseconds(600), "another program's disk may be a fast one")
    }
}
