import CSupport
import Simulation
import Storage
import XCTest

final class WholeFileTests: XCTestCase {
    private let path = "/home/state.json"

    /// Replacing dies before each of its operations: old or new content, and new for certain once it has returned.
    func testReplacingIsWholeAtEveryDeath() throws {
        for losingUnflushed in [false, true] {
            var finished = false
            var stopAt = 0
            while !finished {
                for seed in 0..<20 as Range<UInt64> {
                    let disk = SimulatedDisk()
                    try disk.makeFolder("/home")
                    try disk.replaceFile(path, with: [1, 1, 1], durable: true)
                    disk.faults.stopAt = disk.operations + stopAt
                    finished = (try? disk.replaceFile(path, with: [2, 2, 2, 2], durable: true)) != nil
                    disk.crash(losingUnflushed: losingUnflushed, seed: seed)
                    let found = try disk.readFile(path)
                    let allowed: [[UInt8]?] = finished ? [[2, 2, 2, 2]] : [[1, 1, 1], [2, 2, 2, 2]]
                    XCTAssertTrue(allowed.contains(found), "stopped at \(stopAt), seed \(seed): \(found ?? [])")
                }
                stopAt += 1
            }
        }
    }

    /// What is derived is replaced without waiting for the disk; the death of processes still leaves old or new.
    func testReplacingWhatIsDerivedFlushesNothing() throws {
        for stopAt in 0..<4 {
            let disk = SimulatedDisk()
            try disk.makeFolder("/home")
            try disk.replaceFile(path, with: [1], durable: true)
            disk.faults.stopAt = disk.operations + stopAt
            let finished = (try? disk.replaceFile(path, with: [2, 2], durable: false)) != nil
            XCTAssertEqual(finished, stopAt == 3, "open, append and rename are all that it takes")
            disk.crash(losingUnflushed: false, seed: 0)
            XCTAssertEqual(try disk.readFile(path), stopAt == 3 ? [2, 2] : [1])
        }
    }

    func testAFailureLeavesNothingBehind() throws {
        for operation in 0..<5 {
            let disk = SimulatedDisk()
            try disk.makeFolder("/home")
            try disk.replaceFile(path, with: [1], durable: true)
            disk.faults.failures = [disk.operations + operation: EIO]
            XCTAssertThrowsError(try disk.replaceFile(path, with: [2], durable: true), "operation \(operation)")
            XCTAssertEqual(try disk.list("/home"), ["state.json"], "operation \(operation)")
        }
        let disk = SimulatedDisk()
        try disk.makeFolder("/home")
        disk.faults.capacity = 3
        XCTAssertThrowsError(try disk.replaceFile(path, with: [1, 2, 3, 4], durable: false)) { error in
            XCTAssertEqual((error as? DiskError)?.code, ENOSPC)
        }
        XCTAssertEqual(try disk.list("/home"), [])
    }

    func testShortWritesAreCarriedOn() throws {
        let disk = SimulatedDisk()
        try disk.makeFolder("/home")
        disk.faults.shortWrites = [disk.operations + 1: 2, disk.operations + 2: 1]
        try disk.replaceFile(path, with: [1, 2, 3, 4, 5], durable: false)
        XCTAssertEqual(try disk.readFile(path), [1, 2, 3, 4, 5])
    }

    func testReadingKnowsItsLimit() throws {
        let disk = SimulatedDisk()
        XCTAssertNil(try disk.readFile("/none/there"))
        try disk.makeFolder("/home")
        try disk.replaceFile(path, with: [1, 2, 3], durable: false)
        XCTAssertEqual(try disk.readFile(path, limit: 3), [1, 2, 3])
        XCTAssertThrowsError(try disk.readFile(path, limit: 2))
    }

    /// The program dies after the folder was made and before its name was flushed; the next finds it there.
    func testAFolderThatIsThereSurvivesAPowerCut() throws {
        for seed in 0..<20 as Range<UInt64> {
            let disk = SimulatedDisk()
            try disk.makeOneFolder("/home")
            disk.crash(losingUnflushed: false, seed: seed)
            try disk.makeFolder("/home")
            disk.crash(losingUnflushed: true, seed: seed)
            XCTAssertNotNil(try disk.identity(of: "/home"), "seed \(seed)")
        }
    }

    func testParentFolders() {
        XCTAssertEqual(parentFolder(of: "/a/b/c"), "/a/b")
        XCTAssertEqual(parentFolder(of: "/a"), "/")
        XCTAssertEqual(parentFolder(of: "/"), "/")
        XCTAssertEqual(parentFolder(of: "/a b/上海/"), "/a b")
        XCTAssertEqual(parentFolder(of: "a"), ".")
    }
}
