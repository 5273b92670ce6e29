import CSupport
import Market
import Storage
import TestSupport
import XCTest

final class SystemDiskTests: XCTestCase {
    func testWhatIsMadeBelongsToItsOwnerAlone() throws {
        let folder = try TemporaryFolder()
        let disk = SystemDisk()
        try disk.makeFolder("\(folder.path)/a b/上海/c")
        disk.close(try disk.open("\(folder.path)/a b/上海/c/f", .appendOrCreate))
        XCTAssertEqual(try disk.list("\(folder.path)/a b/上海"), ["c"])
        var about = stat()
        XCTAssertEqual(stat("\(folder.path)/a b/上海/c/f", &about), 0)
        XCTAssertEqual(about.st_mode & 0o777, 0o600)
        XCTAssertEqual(stat("\(folder.path)/a b", &about), 0)
        XCTAssertEqual(about.st_mode & 0o777, 0o700)
    }

    func testIdentityTellsFilesAndChangesApart() throws {
        let folder = try TemporaryFolder()
        let disk = SystemDisk()
        let path = "\(folder.path)/f"
        XCTAssertNil(try disk.identity(of: path))
        let file = try disk.open(path, .createNew)
        let empty = try disk.identity(of: file)
        _ = try disk.append([1, 2], to: file)
        let grown = try XCTUnwrap(disk.identity(of: path))
        XCTAssertTrue(grown.isSameFile(as: empty))
        XCTAssertEqual(grown.size, 2)
        XCTAssertNotEqual(grown, empty)
        try disk.replaceFile(path, with: [3], durable: true)
        XCTAssertFalse(try XCTUnwrap(disk.identity(of: path)).isSameFile(as: grown))
        disk.close(file)
    }

    func testErrorsSayWhatAndWhere() throws {
        let folder = try TemporaryFolder()
        let disk = SystemDisk()
        XCTAssertThrowsError(try disk.open("\(folder.path)/none", .read)) { error in
            XCTAssertEqual("\(error)", "cannot open \(folder.path)/none: it does not exist")
        }
        let file = try disk.open("/dev/full", .append)
        defer { disk.close(file) }
        XCTAssertThrowsError(try disk.append([1], to: file)) { error in
            XCTAssertEqual("\(error)", "cannot write to /dev/full: the disk is full; free some space")
        }
        disk.close(try disk.open("\(folder.path)/file", .createNew))
        XCTAssertThrowsError(try disk.makeFolder("\(folder.path)/file/below"))
    }

    func testAJournalOnTheRealDisk() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/day.journal"
        do {
            let (journal, records) = try Journal.open(path: path, store: SystemDisk(), boot: BootID("x"))
            XCTAssertEqual(records, [])
            for number in 0..<100 as Range<UInt8> {
                try journal.append([number], at: Instant(nanoseconds: 5), flush: number % 10 == 0)
            }
        }
        let (_, records) = try Journal.open(path: path, store: SystemDisk(), boot: BootID("y"))
        XCTAssertEqual(records.map { Int($0.payload[0]) }, Array(0..<100))
    }
}

final class FileLockTests: XCTestCase {
    func testOneHolderAtATime() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/lock"
        let held = try XCTUnwrap(FileLock.tryLock(path))
        XCTAssertNil(try FileLock.tryLock(path))
        held.release()
        XCTAssertNotNil(try FileLock.tryLock(path))
    }

    func testALockLivesAsLongAsAnyoneWhoInheritedIt() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/lock"
        let parent = try XCTUnwrap(FileLock.tryLock(path))
        // What a child gets is a copy of the descriptor, not a new opening.
        let child = try FileLock.adopt(descriptor: dup(parent.descriptor), path: path)
        parent.release()
        XCTAssertNil(try FileLock.tryLock(path))
        child.release()
        XCTAssertNotNil(try FileLock.tryLock(path))
        XCTAssertThrowsError(try FileLock.adopt(descriptor: 987_654, path: path))
    }

    func testADeletedLockFileIsNobodysLock() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/lock"
        let first = try XCTUnwrap(FileLock.tryLock(path))
        try SystemDisk().remove(path)
        let second = try XCTUnwrap(FileLock.tryLock(path))
        XCTAssertNil(try FileLock.tryLock(path))
        first.release()
        XCTAssertNil(try FileLock.tryLock(path))
        second.release()
    }

    /// Each holder deletes the file before it lets go: whoever opened it before must not hold what is no lock any more.
    func testNobodyHoldsADeletedLockFile() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/lock"
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let disk = SystemDisk()
            for _ in 0..<1000 {
                guard let lock = try? FileLock.tryLock(path) else { continue }
                let held = try? disk.identity(of: OpenFile(token: lock.descriptor, path: path))
                let named = try? disk.identity(of: path)
                XCTAssertEqual(held?.inode, named?.inode)
                try? disk.remove(path)
                lock.release()
            }
        }
    }

    func testTheHoldersNoteIsReadByOthers() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/lock"
        XCTAssertNil(try FileLock.note(at: path))
        let lock = try XCTUnwrap(FileLock.tryLock(path))
        XCTAssertNil(try FileLock.note(at: path))
        try lock.write(note: "pid 123456, since 09:30")
        try lock.write(note: "pid 7")
        XCTAssertEqual(try FileLock.note(at: path), "pid 7")
    }

    func testManyAtOnceOneWins() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/lock"
        let winners = Winners()
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            if let lock = try? FileLock.tryLock(path) { winners.add(lock) }
        }
        XCTAssertEqual(winners.count, 1)
    }
}

private final class Winners: @unchecked Sendable {
    private let guarding = NSLock()
    private var locks: [FileLock] = []
    var count: Int { guarding.withLock { locks.count } }
    func add(_ lock: FileLock) { guarding.withLock { locks.append(lock) } }
}
