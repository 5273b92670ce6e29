import FileOrders
import Gates
import Market
import Simulation
import Storage
import TestSupport
import XCTest

/// Each fault shows in the folder, and none of them ever shows in the ledger.
final class TerminalFaultTests: XCTestCase {
    /// Ten orders with one fault: all of them are taken once, and all that is said of them is true in the end.
    private func tenOrders(
        _ faults: String, seed: UInt64 = 1, seconds: Double = 200, _ look: (TerminalRig) throws -> Void = { _ in }
    ) throws -> TerminalRig {
        let rig = try TerminalRig(faults: faults, seed: seed)
        for id in 1...10 { try rig.buy("\(id)") }
        try rig.run(seconds: seconds) { try look(rig) }
        XCTAssertEqual(rig.accepted().map(\.id), (1...10).map(String.init), faults)
        return rig
    }

    private func finalStatuses(_ rig: TerminalRig) throws -> [String: Set<String>] {
        let rows = zip(try rig.column(.id, rig.reports), try rig.statuses)
        return Dictionary(grouping: rows) { $0.0 }.mapValues { Set($0.map(\.1)) }
    }

    func testDelay() throws {
        let rig = try TerminalRig(faults: "delay=1")
        try rig.buy("1")
        try rig.run(seconds: 2)
        XCTAssertNotEqual(rig.accepted().map(\.status), [.filled])
        try rig.run(seconds: 300)
        XCTAssertEqual(rig.accepted().map(\.status), [.filled])
    }

    func testReject() throws {
        let rig = try TerminalRig(faults: "reject=1")
        for id in 1...20 { try rig.buy("\(id)") }
        try rig.run(seconds: 5)
        let refused = try rig.column(.verdict, rig.results).filter { $0 == "1" }.count
        let rejected = try rig.statuses.filter { $0 == "5" }.count
        XCTAssertEqual(refused + rejected, 20 - rig.accepted().filter { $0.status == .filled }.count)
        XCTAssertTrue(refused > 0 && rejected > 0)
        XCTAssertEqual(rig.terminal.account.lockedCash, .zero)
        try rig.cancel("20")
        try rig.run(seconds: 1)
        XCTAssertTrue(try rig.column(.message, rig.results).contains("撤单失败"))
    }

    func testTornLinesAreWholeInTheEnd() throws {
        var torn = 0
        let rig = try tenOrders("torn=0.7") { rig in
            if let bytes = try rig.client.readFile(rig.path(rig.reports)), bytes.last != UInt8(ascii: "\n") {
                torn += 1
            }
        }
        XCTAssertGreaterThan(torn, 0)
        XCTAssertTrue(try finalStatuses(rig).allSatisfy { $0.value == ["7", "0", "2"] })
    }

    func testACutFileIsWrittenAnew() throws {
        var sizes: [Int] = []
        let rig = try tenOrders("truncate=0.5") { rig in
            sizes.append(try rig.client.readFile(rig.path(rig.reports))?.count ?? 0)
        }
        XCTAssertTrue(zip(sizes, sizes.dropFirst()).contains { $0 > $1 }, "the file never shrank")
        XCTAssertEqual(try rig.statuses.count, 30)
    }

    func testARotatedFileIsAnotherOneWithTheSameRows() throws {
        var inodes: Set<UInt64> = []
        let rig = try tenOrders("rotate=0.5") { rig in
            if let identity = try rig.client.identity(of: rig.path(rig.reports)) { inodes.insert(identity.inode) }
        }
        XCTAssertGreaterThan(inodes.count, 2)
        XCTAssertEqual(try rig.statuses.count, 30)
        XCTAssertEqual(try rig.client.list("/orders").count, 5, "nothing else is left in the folder")
    }

    func testDuplicatedRows() throws {
        let rig = try tenOrders("duplicate=1")
        XCTAssertEqual(try rig.statuses.count, 60)
    }

    func testRowsOutOfOrder() throws {
        let rig = try tenOrders("disorder=0.5")
        XCTAssertTrue(try finalStatuses(rig).allSatisfy { $0.value == ["7", "0", "2"] })
        let times = try rig.column(.time, rig.reports)
        XCTAssertNotEqual(times, times.sorted())
    }

    func testASilentTerminalTakesEverythingAtOnce() throws {
        let rig = try TerminalRig(faults: "silent=1")
        try rig.run(seconds: 0.01)
        XCTAssertTrue(rig.terminal.isAway)
        for id in 1...5 { try rig.buy("\(id)") }
        var counts: Set<Int> = []
        try rig.run(seconds: 200) { counts.insert(rig.accepted().count) }
        XCTAssertEqual(counts, [0, 5])
        XCTAssertEqual(Set(rig.accepted().map(\.status)), [.filled])
    }

    func testADeadTerminalComesBackAndSaysAllAgain() throws {
        let rig = try tenOrders("down=0.2,torn=0.2", seconds: 600)
        XCTAssertTrue(rig.news.contains("is down"))
        XCTAssertEqual(Set(rig.accepted().map(\.status)), [.filled])
        XCTAssertTrue(try finalStatuses(rig).filter { Int($0.key) != nil }.count >= 10)
        XCTAssertGreaterThan(try rig.lines(rig.reports).filter { $0.contains("custBatchNo") }.count, 1)
    }

    func testALateStart() throws {
        let rig = try TerminalRig(faults: "late-start=1")
        try rig.buy("1")
        try rig.run(seconds: 0.05)
        XCTAssertTrue(rig.terminal.isAway)
        XCTAssertEqual(try rig.client.list("/orders").count, 1)
        try rig.run(seconds: 70)
        XCTAssertEqual(rig.accepted().map(\.status), [.filled])
    }

    func testAnEagerTerminalActsOnALineWithoutItsEndAndOnce() throws {
        let rig = try TerminalRig(faults: "eager=1")
        let row = rig.row("1")
        try rig.append(row, to: rig.settings.format.orders)
        try rig.run(seconds: 3)
        XCTAssertEqual(rig.accepted().map(\.id), ["1"])
        try rig.append("\n" + rig.row("2") + "\n", to: rig.settings.format.orders)
        try rig.run(seconds: 3)
        rig.restart()
        try rig.run(seconds: 3)
        XCTAssertEqual(rig.accepted().map(\.id), ["1", "2"])
    }

    func testWhatAPowerLossLeavesOfALineThatWasActedOnIsNoLineOfItsOwn() throws {
        let rig = try TerminalRig(.cats, faults: "eager=1")
        try rig.append("O,1,0,8890,,000001.SZ,1,1000,10.5,0,\n", to: rig.settings.format.orders)
        try rig.run(seconds: 3)
        // What is left of this line would be an order too.
        let file = try rig.client.open(rig.path(rig.settings.format.orders), .append)
        try rig.client.truncate(file, to: try rig.client.size(of: file) - 2)
        rig.client.close(file)
        rig.restart()
        try rig.run(seconds: 3)
        XCTAssertEqual(rig.accepted().map(\.id), ["1"])
    }

    func testTheSameSeedDoesTheSame() throws {
        let faults =
            "delay=0.2,reject=0.1,partial=0.3,torn=0.3,truncate=0.1,rotate=0.1,duplicate=0.2,disorder=0.2,"
            + "silent=0.1,down=0.1,late-start=0.5,eager=0.5"
        func story(_ seed: UInt64) throws -> [String] {
            let rig = try TerminalRig(faults: faults, seed: seed)
            for id in 1...20 { try rig.buy("\(id)") }
            try rig.run(seconds: 120)
            return rig.news + (try rig.lines(rig.reports))
        }
        XCTAssertEqual(try story(1), try story(1))
        XCTAssertNotEqual(try story(1), try story(2))
    }

    func testFaultsAreReadFromWordsOrRefusedInASentence() throws {
        let faults = try TerminalFaults("torn=0.25, late-start=1")
        XCTAssertEqual(faults[.torn], 0.25)
        XCTAssertEqual(faults[.lateStart], 1)
        XCTAssertEqual(faults[.down], 0)
        for (words, sentence) in [
            ("", "\"\" is not FAULT=PROBABILITY, like torn=0.1."),
            ("torn", "\"torn\" is not FAULT=PROBABILITY, like torn=0.1."),
            ("torn=2", "the probability of torn lies from 0 to 1, not at \"2\"."),
            ("torn=nan", "the probability of torn lies from 0 to 1, not at \"nan\"."),
            ("torn=1,torn=1", "torn is named twice: name it once."),
        ] {
            XCTAssertThrowsError(try TerminalFaults(words)) { XCTAssertEqual("\($0)", sentence) }
        }
        XCTAssertThrowsError(try TerminalFaults("tron=1")) {
            XCTAssertTrue("\($0)".hasSuffix("Did you mean torn?"), "\($0)")
        }
    }
}
