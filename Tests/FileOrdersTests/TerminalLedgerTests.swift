import CSupport
import FileOrders
import Gates
import Market
import Simulation
import Storage
import TestSupport
import XCTest

/// The ledger is what the terminal did: whatever dies, no row is acted on twice and none is lost.
final class TerminalLedgerTests: XCTestCase {
    func testARestartedTerminalGoesOnAndActsOnNoRowAgain() throws {
        let rig = try TerminalRig { $0.fillWithin = .seconds(30) }
        for id in 1...20 { try rig.buy("\(id)", 100) }
        try rig.append(rig.row("21", type: "P6") + "\n", to: rig.settings.format.orders)
        try rig.run(seconds: 15)
        try rig.cancel("1")
        try rig.run(seconds: 0.02)
        let before = rig.accepted()
        XCTAssertTrue(before.contains { $0.isFinished } && before.contains { !$0.isFinished })
        rig.restart()
        XCTAssertEqual(rig.accepted(), before)
        try rig.buy("22", 100)
        try rig.run(seconds: 60)
        let after = rig.accepted()
        XCTAssertEqual(after.map(\.id), (1...20).map(String.init) + ["22"])
        XCTAssertTrue(after.allSatisfy(\.isFinished))
        XCTAssertEqual(try rig.lines(rig.reports).filter { $0 == rig.reports.header }.count, 2)
        XCTAssertEqual(try rig.column(.id, rig.results).filter { $0 == "21" }.count, 2, "refused again, in words only")
        let shares = after.reduce(0) { $0 + $1.filled }
        XCTAssertEqual(rig.terminal.account.holdings[Security("000001.XSHE")]?.amount, shares)
    }

    /// The terminal dies before each of its disk operations in turn and is started again.
    func testItMayDieAtAnyOperation() throws {
        var stop = 0
        while true {
            let rig = try TerminalRig(faults: "torn=0.3,partial=0.3", seed: UInt64(stop)) {
                $0.pollInterval = .milliseconds(500)
            }
            for id in 1...5 { try rig.buy("\(id)", 300) }
            rig.disk.faults.stopAt = rig.disk.operations + stop
            var died = false
            do {
                try rig.run(seconds: 2)
                try rig.cancel("2")
                try rig.run(seconds: 2)
            } catch let error as DiskError {
                XCTAssertEqual(error.code, SimulatedDisk.stopped)
                died = true
            }
            rig.restart(seed: 99)
            try rig.run(seconds: 20)
            XCTAssertEqual(rig.accepted().map(\.id), (1...5).map(String.init), "stop \(stop)")
            let said = Set(try rig.column(.id, rig.reports))
            for id in 1...5 { XCTAssertTrue(said.contains("\(id)"), "order \(id) is told to nobody, stop \(stop)") }
            if !died { break }
            stop += 1
        }
        XCTAssertGreaterThan(stop, 50)
    }

    func testAnOrderFileThatIsReplacedIsNotTradedAgain() throws {
        let rig = try TerminalRig()
        try rig.buy("1")
        try rig.buy("2")
        try rig.run(seconds: 2)
        let path = rig.path(rig.settings.format.orders)
        let content = try XCTUnwrap(rig.client.readFile(path))
        try rig.client.replaceFile(path, with: content, durable: false)
        try rig.buy("3")
        try rig.run(seconds: 2)
        XCTAssertEqual(rig.accepted().map(\.id), ["1", "2", "3"])
        // A power cut on the client's machine took the last row; another one now stands where it stood.
        try rig.client.replaceFile(path, with: content, durable: false)
        try rig.buy("4", 200)
        try rig.run(seconds: 2)
        XCTAssertEqual(rig.accepted().map(\.id), ["1", "2", "3", "4"])
    }

    func testAFullDiskLosesNoAnswer() throws {
        let rig = try TerminalRig()
        try rig.buy("1")
        let first = rig.disk.operations
        for operation in stride(from: first, to: first + 400, by: 7) {
            rig.disk.faults.failures[operation] = operation % 2 == 0 ? ENOSPC : EIO
        }
        for operation in first..<first + 400 where operation % 5 == 0 { rig.disk.faults.shortWrites[operation] = 3 }
        for _ in 0..<300 { do { try rig.run(seconds: 0.2) } catch is DiskError { rig.skip(seconds: 0.1) } }
        XCTAssertEqual(rig.accepted().map(\.status), [.filled])
        XCTAssertEqual(try rig.statuses, ["7", "0", "2"])
    }

    func testALedgerThatIsNoneIsRefusedInASentence() throws {
        let disk = SimulatedDisk()
        try disk.replaceFile("/ledger", with: Array("{}\n".utf8), durable: false)
        let owner = TerminalLedger.Owner(try TerminalRig().settings)
        XCTAssertThrowsError(try TerminalLedger(path: "/ledger", store: disk, for: owner)) { error in
            XCTAssertEqual(
                "\(error)", "line 1 of the ledger /ledger is none: restore it, or move the file away to begin anew.")
        }
    }

    func testALedgerIsOneAccountsAtOneFolderAndOneTerminalsAtATime() throws {
        let rig = try TerminalRig()
        try rig.buy("1")
        try rig.run(seconds: 2)
        let open = { (settings: TerminalSettings) in
            try TerminalLedger(path: "/ledger", store: rig.disk.forAnotherProgram(), for: .init(settings))
        }
        XCTAssertThrowsError(try open(rig.settings)) {
            XCTAssertEqual("\($0)", "another terminal is using the ledger /ledger: name another file.")
        }
        rig.disk.endProgram()
        var (account, folder) = (rig.settings, rig.settings)
        account.account = "7777"
        folder.folder = "/others"
        for settings in [account, folder] {
            XCTAssertThrowsError(try open(settings)) {
                XCTAssertTrue("\($0)".contains("is that of account 8890 at /orders (onequant), not"), "\($0)")
            }
        }
        XCTAssertEqual(try open(rig.settings).orders.map(\.id), ["1"])
    }

    func testAnOldLedgerThatDoesNotSayWhoseItIsIsTaken() throws {
        let rig = try TerminalRig()
        try rig.buy("1")
        try rig.run(seconds: 2)
        let lines = String(decoding: try XCTUnwrap(rig.client.readFile("/ledger")), as: UTF8.self).split(
            separator: "\n")
        let old = lines.dropFirst().map { $0 + "\n" }.joined()
        try rig.client.replaceFile("/ledger", with: Array(old.utf8), durable: false)
        rig.restart()
        try rig.buy("2")
        try rig.run(seconds: 2)
        XCTAssertEqual(rig.accepted().map(\.id), ["1", "2"])
    }

    func testATornLineAtTheLedgersEndIsTakenAway() throws {
        let rig = try TerminalRig()
        try rig.buy("1")
        try rig.run(seconds: 2)
        let file = try rig.disk.open("/ledger", .append)
        try rig.disk.appendWhole(Array("{\"at\":\"2026".utf8), to: file)
        rig.restart()
        try rig.buy("2")
        try rig.run(seconds: 2)
        rig.restart()
        XCTAssertEqual(rig.accepted().map(\.id), ["1", "2"])
    }
}
