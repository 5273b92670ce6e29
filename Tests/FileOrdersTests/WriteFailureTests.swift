import CSupport
import FileOrders
import Gates
import Market
import Simulation
import Storage
import XCTest

/// A write that fails, a lock that is not free, a line that somebody left half written.
final class WriteFailureTests: XCTestCase {
    /// The number of the operation of this kind on the order file in the next submission.
    private func failing(
        _ operation: DiskOperation, _ folder: Folder, _ fault: @escaping (inout SimulatedDisk.Faults, Int) -> Void
    ) throws -> Submission {
        _ = folder.gate.submit([folder.ticket()])
        let ticket = folder.ticket()
        folder.disk.beforeOperation = { [unowned folder] kind, path in
            guard kind == operation, path == folder.orders else { return }
            fault(&folder.disk.faults, folder.disk.operations - 1)
        }
        defer { folder.disk.beforeOperation = nil }
        return folder.gate.submit([ticket])[0]
    }

    func testAWriteThatFailsWithoutAByteIsRefused() throws {
        let folder = try Folder()
        let answer = try failing(.append, folder) { $0.failures[$1] = ENOSPC }
        XCTAssertTrue(answer.isRefused, "\(answer)")
        XCTAssertEqual(folder.lines(folder.orders).count, 2)
    }

    func testAShortWriteIsTakenBack() throws {
        let folder = try Folder()
        let answer = try failing(.append, folder) { $0.shortWrites[$1] = 30 }
        XCTAssertTrue(answer.isRefused, "\(answer)")
        XCTAssertEqual(folder.lines(folder.orders).count, 2)
        XCTAssertTrue(folder.text(folder.orders).hasSuffix("\n"))
    }

    func testAShortWriteThatSomebodyWroteBehindCannotBeTold() throws {
        let folder = try Folder()
        _ = folder.gate.submit([folder.ticket()])
        let ticket = folder.ticket()
        var isShort = false
        var isDone = false
        folder.disk.beforeOperation = { [unowned folder] kind, path in
            guard path == folder.orders else { return }
            if kind == .append {
                folder.disk.faults.shortWrites[folder.disk.operations - 1] = 30
                isShort = true
            } else if isShort, !isDone {
                isDone = true
                try? folder.append(folder.orders, "rest of another\n")
            }
        }
        XCTAssertTrue(folder.gate.submit([ticket])[0].isUnknown)
        XCTAssertTrue(folder.text(folder.orders).hasSuffix("rest of another\n"))
    }

    func testAShortWriteThatCannotBeTakenBackIsUnknown() throws {
        let folder = try Folder()
        _ = folder.gate.submit([folder.ticket()])
        let ticket = folder.ticket()
        folder.disk.beforeOperation = { [unowned folder] kind, path in
            guard path == folder.orders else { return }
            if kind == .append { folder.disk.faults.shortWrites[folder.disk.operations - 1] = 30 }
            if kind == .truncate { folder.disk.faults.failures[folder.disk.operations - 1] = EIO }
        }
        XCTAssertTrue(folder.gate.submit([ticket])[0].isUnknown)
    }

    func testAnErrorAfterAWholeWriteIsNeverARefusal() throws {
        for operation in [DiskOperation.flush, .read] {
            let folder = try Folder()
            _ = folder.gate.submit([folder.ticket()])
            let ticket = folder.ticket()
            var hasWritten = false
            folder.disk.beforeOperation = { [unowned folder] kind, path in
                guard path == folder.orders else { return }
                if kind == .append { hasWritten = true }
                if hasWritten, kind == operation { folder.disk.faults.failures[folder.disk.operations - 1] = EIO }
            }
            XCTAssertTrue(folder.gate.submit([ticket])[0].isUnknown, "\(operation)")
            folder.disk.beforeOperation = nil
            XCTAssertEqual(folder.lines(folder.orders).count, 3)
        }
    }

    func testALockHeldTooLongIsGivenUpInTimeAndNothingIsWritten() throws {
        let folder = try Folder(options: ["wait_lock_time_out": 5])
        _ = folder.gate.submit([folder.ticket()])
        let ticket = folder.ticket()
        let other = try folder.disk.open(folder.orders, .append)
        XCTAssertTrue(try folder.disk.tryLock(other))
        let begin = folder.clock.elapsed
        let answer = folder.gate.submit([ticket])[0]
        XCTAssertTrue(answer.isRefused, "\(answer)")
        let took = folder.clock.elapsed - begin
        XCTAssertGreaterThanOrEqual(took, .milliseconds(4900))
        XCTAssertLessThanOrEqual(took, .milliseconds(5100))
        XCTAssertEqual(folder.lines(folder.orders).count, 2)
        folder.disk.close(other)
        XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent])
    }

    func testALockThatBecomesFreeIsTaken() throws {
        let folder = try Folder()
        _ = folder.gate.submit([folder.ticket()])
        let ticket = folder.ticket()
        let other = try folder.disk.open(folder.orders, .append)
        _ = try folder.disk.tryLock(other)
        var tries = 0
        folder.disk.beforeOperation = { [unowned folder] kind, _ in
            if kind == .lock { tries += 1 }
            if tries == 4 { folder.disk.close(other) }
        }
        XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
    }

    func testAFileReplacedWhileWeWaitedForItsLockIsLeftForTheNewOne() throws {
        let folder = try Folder()
        _ = folder.gate.submit([folder.ticket()])
        let ticket = folder.ticket()
        var isDone = false
        folder.disk.beforeOperation = { [unowned folder] kind, path in
            guard kind == .lock, path == folder.orders, !isDone else { return }
            isDone = true
            try? folder.disk.rename(path, to: "/o/old.csv")
            try? folder.append(path, folder.format.orders.header + "\n")
        }
        XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
        XCTAssertEqual(folder.lines(folder.orders).count, 2)
        XCTAssertEqual(folder.lines("/o/old.csv").count, 2)
    }

    func testOrdersGoOutWhereLocksFailOrDoNothing() throws {
        for locking in [SimulatedDisk.Locking.fails(ENOLCK), .fails(EOPNOTSUPP), .doesNothing] {
            let folder = try Folder()
            folder.disk.faults.locking = locking
            XCTAssertEqual(folder.gate.submit([folder.ticket(), folder.ticket()]), [.sent, .sent])
            XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent])
            XCTAssertEqual(folder.lines(folder.orders).count, 4)
        }
        let folder = try Folder()
        folder.disk.faults.locking = .fails(ENOLCK)
        for _ in 0..<3 { _ = folder.gate.submit([folder.ticket()]) }
        XCTAssertEqual(folder.logged("without a lock"), 1)
    }

    func testALockThatFailsOnceIsTriedAgainAndNothingIsWrittenWithoutIt() throws {
        let folder = try Folder()
        _ = folder.gate.submit([folder.ticket()])
        let other = folder.disk.forAnotherProgram()
        let file = try other.open(folder.orders, .append)
        XCTAssertTrue(try other.tryLock(file))
        try other.appendWhole(Array("half of another's ".utf8), to: file)
        let ticket = folder.ticket()
        var tries = 0
        folder.disk.beforeOperation = { [unowned folder] kind, path in
            guard kind == .lock, path == folder.orders else { return }
            tries += 1
            if tries == 1 { folder.disk.faults.failures[folder.disk.operations - 1] = ENOSPC }
            if tries < 3 { return }
            try? other.appendWhole(Array("row\n".utf8), to: file)
            other.close(file)
            folder.disk.beforeOperation = nil
        }
        XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
        XCTAssertEqual(folder.lines(folder.orders).dropFirst(2).first, "half of another's row")
        XCTAssertEqual(folder.lines(folder.orders).count, 4)
    }

    func testALockThatFailsForGoodIsAReasonToRefuse() throws {
        let folder = try Folder()
        _ = folder.gate.submit([folder.ticket()])
        folder.disk.faults.locking = .fails(EIO)
        let answer = folder.gate.submit([folder.ticket()])[0]
        XCTAssertTrue(answer.isRefused && answer.reason.contains("cannot lock"), "\(answer)")
        XCTAssertEqual(folder.lines(folder.orders).count, 2)
        folder.disk.faults.locking = .works
        XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent])
    }

    func testAWriterThatHonoursNoLockIsNoticed() throws {
        let folder = try Folder()
        _ = folder.gate.submit([folder.ticket()])
        let ticket = folder.ticket()
        folder.disk.beforeOperation = { [unowned folder] kind, path in
            guard kind == .append, path == folder.orders else { return }
            try? folder.append(path, "somebody else's row\n")
        }
        XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
        XCTAssertEqual(folder.logged("locks do not hold"), 1)
        XCTAssertEqual(folder.lines(folder.orders).count, 4)
    }

    // MARK: Half lines

    func testAHalfLineThatNobodyFinishesIsCutAndNeverCompleted() throws {
        let folder = try Folder()
        _ = folder.gate.submit([folder.ticket()])
        let before = folder.text(folder.orders)
        try folder.append(folder.orders, "100000.0,999,UM0,1234567,0000")
        let begin = folder.clock.elapsed
        XCTAssertEqual(folder.gate.submit([folder.ticket("1234567890")]), [.sent])
        XCTAssertGreaterThanOrEqual(folder.clock.elapsed - begin, .seconds(1))
        XCTAssertEqual(folder.text(folder.orders), before + folder.lines(folder.orders)[2] + "\n")
        XCTAssertEqual(folder.logged("100000.0,999,UM0,1234567,0000"), 1)
    }

    func testAHalfLineThatIsFinishedIsLeft() throws {
        let folder = try Folder()
        _ = folder.gate.submit([folder.ticket()])
        try folder.append(folder.orders, "half")
        let ticket = folder.ticket()
        var looks = 0
        folder.disk.beforeOperation = { [unowned folder] kind, path in
            guard kind == .size, path == folder.orders else { return }
            looks += 1
            if looks == 5 { try? folder.append(path, " and whole\n") }
        }
        XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
        XCTAssertEqual(folder.lines(folder.orders).dropFirst(2).first, "half and whole")
    }

    func testAnOrderOfOursInAHalfLineBecomesUnknown() throws {
        let folder = try Folder()
        let lost = folder.ticket("1234567890")
        try folder.append(folder.orders, "100000.000000,1234567890,UM0,1234567,000001.SZ,1,1")
        try folder.restart()
        folder.gate.adopt([lost])
        XCTAssertNotNil(folder.gate.find([lost])[0].doubt)
        XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent])
        XCTAssertEqual(folder.gate.updates().filter { $0.id == "1234567890" }.map(\.status), [.unknown])
        XCTAssertEqual(folder.lines(folder.orders).count, 2)
    }

    func testWhereAHalfLineCannotBeCutNoOrderIsSent() throws {
        for hasLocks in [true, false] {
            let folder = try Folder()
            _ = folder.gate.submit([folder.ticket()])
            try folder.append(folder.orders, "half")
            let ticket = folder.ticket()
            if !hasLocks { folder.disk.faults.locking = .fails(ENOLCK) }
            folder.disk.beforeOperation = { [unowned folder] kind, path in
                if kind == .truncate { folder.disk.faults.failures[folder.disk.operations - 1] = EACCES }
            }
            XCTAssertTrue(folder.gate.submit([ticket])[0].isRefused)
            XCTAssertTrue(folder.hasLogged("No order can be sent", .error))
            XCTAssertTrue(folder.text(folder.orders).hasSuffix("\nhalf"))
        }
    }

    func testASlowFolderHoldsTheLoopNoLongerThanAllowed() throws {
        let folder = try Folder(options: ["wait_lock_time_out": 2])
        folder.disk.beforeOperation = { [unowned folder] _, _ in folder.pass(.milliseconds(900)) }
        let ticket = folder.ticket("1234567890", mark: "")
        let begin = folder.clock.elapsed
        let answer = folder.gate.submit([ticket])[0]
        XCTAssertTrue(answer.isRefused, "\(answer)")
        XCTAssertLessThanOrEqual(folder.clock.elapsed - begin, .milliseconds(2000 + 5 * 900))
        folder.disk.beforeOperation = { [unowned folder] _, _ in folder.pass(.milliseconds(20)) }
        folder.pass(.seconds(2))
        XCTAssertEqual(folder.gate.submit([folder.ticket("1234567891", mark: "")]), [.sent])
    }
}
