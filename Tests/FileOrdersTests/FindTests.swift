import FileOrders
import Gates
import Market
import Storage
import TestSupport
import XCTest

/// What can be proved of an order later.
final class FindTests: XCTestCase {
    func testAnOrderThatWasWrittenIsFoundAndOneThatWasNotIsAbsent() throws {
        let folder = try Folder()
        let first = folder.ticket()
        let second = folder.ticket()
        XCTAssertEqual(folder.gate.submit([first]), [.sent])
        try folder.restart()
        XCTAssertEqual(folder.gate.find([first, second]), [.found, .absent])
    }

    func testTheFirstOrderOfADayToo() throws {
        let folder = try Folder()
        let ticket = folder.ticket()
        XCTAssertEqual(folder.lines(folder.orders).count, 1, "the mark has made the file, with its header")
        try folder.restart()
        XCTAssertEqual(folder.gate.find([ticket]), [.absent])
    }

    func testTheTerminalsAnswersCountAsFound() throws {
        for isAnswer in [true, false] {
            let folder = try Folder()
            let ticket = folder.ticket()
            try folder.disk.remove(folder.orders)
            let row = isAnswer ? "100000.1,1,\(ticket.id),0,0,\n" : folder.report(ticket.id, "0") + "\n"
            try folder.append(isAnswer ? folder.results : folder.reports, row)
            XCTAssertEqual(folder.gate.find([ticket]), [.found])
        }
    }

    func testAnAnswerInTheNextDaysFileCounts() throws {
        let folder = try Folder()
        let ticket = folder.ticket()
        folder.day = folder.day + 3
        try folder.append(folder.reports, folder.reportHeader + folder.report(ticket.id, "4") + "\n")
        XCTAssertEqual(folder.gate.find([ticket]), [.found])
    }

    func testAbsenceIsProvedOnlyByTheSameWholeLocalFileThatHasGrown() throws {
        func doubt(_ change: (Folder) throws -> Void) throws -> String? {
            let folder = try Folder()
            _ = folder.gate.submit([folder.ticket()])
            let ticket = folder.ticket()
            try folder.append(folder.orders, "somebody's row\n")
            XCTAssertEqual(folder.gate.find([ticket]), [.absent])
            try change(folder)
            return folder.gate.find([ticket])[0].doubt
        }
        let replaced = try doubt { folder in
            let text = folder.text(folder.orders)
            try folder.disk.remove(folder.orders)
            try folder.append(folder.orders, text)
        }
        XCTAssertTrue(replaced?.contains("another file") == true)
        XCTAssertTrue(try doubt { try $0.disk.remove($0.orders) }?.contains("not there") == true)
        XCTAssertTrue(try doubt { try $0.rewrite($0.orders, "x\n") }?.contains("been cut") == true)
        XCTAssertTrue(try doubt { try $0.append($0.orders, "half") }?.contains("no end") == true)
        XCTAssertTrue(try doubt { $0.disk.faults.isLocal = false }?.contains("this machine") == true)
        XCTAssertTrue(
            try doubt { folder in
                folder.disk.beforeOperation = { [unowned folder] _, path in
                    if path == folder.reports { folder.disk.faults.failures[folder.disk.operations - 1] = 5 }
                }
            }?.contains("orderUpdate") == true)
    }

    func testHalfAnOrderIsInDoubtUntilTheTerminalAnswersIt() throws {
        let folder = try Folder()
        let ticket = folder.ticket()
        _ = folder.gate.submit([ticket])
        try folder.rewrite(folder.orders, String(folder.text(folder.orders).dropLast(4)))
        XCTAssertTrue(folder.text(folder.orders).contains(ticket.id))
        XCTAssertNotNil(folder.gate.find([ticket])[0].doubt)
        try folder.append(folder.reports, folder.reportHeader + folder.report(ticket.id, "0") + "\n")
        XCTAssertEqual(folder.gate.find([ticket]), [.found])
    }

    func testWhatWasSentOutlivesAPowerCut() throws {
        for seed in 0..<20 as Range<UInt64> {
            let folder = try Folder()
            try folder.disk.flushFolder("/")
            let ticket = folder.ticket()
            XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
            folder.disk.crash(losingUnflushed: true, seed: seed)
            XCTAssertTrue(folder.text(folder.orders).contains(ticket.id), "seed \(seed)")
        }
    }

    func testAMarkOfAnotherKindProvesNothing() throws {
        let folder = try Folder()
        for mark in ["", "x", "{}", "{\"file\":1}"] {
            XCTAssertNotNil(folder.gate.find([folder.ticket("1234567890", mark: mark)])[0].doubt, mark)
        }
        folder.disk.faults.isLocal = false
        let ticket = folder.ticket()
        folder.disk.faults.isLocal = true
        XCTAssertNotNil(folder.gate.find([ticket])[0].doubt)
    }

    func testAnIDInAHalfLineIsFound() throws {
        let folder = try Folder()
        let ticket = folder.ticket()
        try folder.append(folder.orders, "100000.0,\(ticket.id),UM0")
        XCTAssertEqual(folder.gate.find([ticket]), [.found])
    }

    /// Killed at each disk operation of a submission: what is found afterwards is what is in the file.
    func testAKillAtAnyOperationLeavesNoOrderThatIsNotKnown() throws {
        for stop in 0..<40 {
            let folder = try Folder()
            _ = folder.gate.submit([folder.ticket()])
            let tickets = [folder.ticket(), folder.ticket()]
            folder.disk.faults.stopAt = folder.disk.operations + stop
            let answers = folder.gate.submit(tickets)
            folder.disk.crash(losingUnflushed: false, seed: UInt64(stop))
            try folder.restart()
            folder.gate.adopt(tickets)
            let rows = folder.text(folder.orders)
            for (ticket, (answer, presence)) in zip(tickets, zip(answers, folder.gate.find(tickets))) {
                let isThere = rows.contains(",\(ticket.id),")
                XCTAssertEqual(presence, isThere ? .found : .absent, "stopped at \(stop)")
                XCTAssertFalse(isThere && answer.isRefused, "stopped at \(stop)")
                XCTAssertFalse(!isThere && answer == .sent, "stopped at \(stop)")
            }
        }
    }
}
