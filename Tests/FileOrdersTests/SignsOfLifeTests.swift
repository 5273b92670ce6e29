import FileOrders
import Gates
import Market
import XCTest

/// Whether the terminal lives, told by what it writes without being asked.
final class SignsOfLifeTests: XCTestCase {
    private func beat(_ folder: Folder) throws { try folder.rewrite(folder.path(folder.format.assets), "") }

    func testTheAccountsFilesBeatAndNothingElseDoes() throws {
        let folder = try Folder()
        XCTAssertTrue(folder.gate.watchesSilence)
        XCTAssertNil(folder.gate.lastSign)
        try beat(folder)
        let sign = folder.clock.now
        folder.pass(.seconds(40))
        XCTAssertEqual(folder.gate.lastSign, sign)
        try folder.append(folder.reports, folder.reportHeader)
        _ = folder.gate.submit([folder.ticket()])
        XCTAssertEqual(folder.gate.lastSign, sign, "neither reports nor what we write are signs")
    }

    /// Looked at long after, a file tells by its own date when it was written.
    func testASignIsAsOldAsItsFile() throws {
        let folder = try Folder()
        try beat(folder)
        _ = folder.gate.lastSign
        folder.pass(.seconds(5))
        try beat(folder)
        folder.pass(.seconds(300))
        XCTAssertEqual(folder.gate.lastSign, folder.clock.now - .seconds(300))
    }

    func testAClockBehindOursMakesNoSilence() throws {
        let folder = try Folder()
        folder.disk.clock = { [unowned folder] in folder.clock.now.nanoseconds - 60_000_000_000 }
        try beat(folder)
        XCTAssertEqual(folder.gate.lastSign, folder.clock.now - .seconds(60), "nothing else is known at first")
        _ = folder.gate.account()
        folder.pass(.seconds(5))
        try beat(folder)
        XCTAssertEqual(folder.gate.lastSign, folder.clock.now - .seconds(5), "since the last look")
    }

    func testADateAheadOfOursIsNoSign() throws {
        let folder = try Folder()
        folder.disk.clock = { [unowned folder] in folder.clock.now.nanoseconds + 60_000_000_000 }
        try beat(folder)
        XCTAssertNil(folder.gate.lastSign)
        folder.pass(.seconds(5))
        try beat(folder)
        XCTAssertEqual(folder.gate.lastSign, folder.clock.now - .seconds(5))
        folder.disk.clock = { [unowned folder] in folder.clock.now.nanoseconds + 1_000_000_000 }
        try beat(folder)
        XCTAssertEqual(folder.gate.lastSign, folder.clock.now, "a second ahead is within the tolerance")
    }

    /// What changes with orders alone says nothing of a terminal that has none.
    func testAFormatWithoutAHeartbeatCannotFallSilent() throws {
        let folder = try Folder(.cats)
        XCTAssertFalse(folder.gate.watchesSilence)
        try folder.append(folder.reports, "")
        XCTAssertNil(folder.gate.lastSign)
        try folder.disk.remove(folder.reports)
        _ = folder.gate.updates()
        XCTAssertTrue(folder.hasLogged("no file of the terminal", .info))
        XCTAssertFalse(folder.log.contains { $0.level == .error })
    }
}
