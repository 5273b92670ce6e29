import FileOrders
import Market
import Storage
import XCTest

/// A simulated terminal works where all of the terminal's files are its own, and nowhere else.
final class TerminalClaimTests: XCTestCase {
    /// A terminal that keeps its claim, as `run_terminal` does, and has worked for a while.
    private func rig(_ format: OrderFileFormat = .oneQuant, faults: String = "") throws -> TerminalRig {
        let rig = try TerminalRig(format, faults: faults, claims: true)
        rig.disk.clock = { [unowned rig] in rig.now.nanoseconds }
        try rig.buy("1")
        try rig.run(seconds: 12)
        return rig
    }

    private func objection(_ rig: TerminalRig) throws -> String? {
        try TerminalClaim(rig.settings, store: rig.client, on: rig.settings.hours.tradingDay(at: rig.now)).objection()
    }

    private func append(_ text: String, to path: String, _ rig: TerminalRig) throws {
        let file = try rig.client.open(path, .appendOrCreate)
        defer { rig.client.close(file) }
        try rig.client.appendWhole(Array(text.utf8), to: file)
    }

    func testItsOwnFolderIsItsOwnAgainWheneverItDied() throws {
        XCTAssertNil(try objection(TerminalRig()))
        for format in [OrderFileFormat.oneQuant, .cats] {
            let rig = try rig(format, faults: "torn=0.3,rotate=0.5,truncate=0.3")
            for _ in 0..<200 {
                rig.disk.faults.stopAt = rig.disk.operations + Int(rig.now.nanoseconds / 1_000_000 % 37)
                do { try rig.run(seconds: 6) } catch is DiskError { rig.restart(seed: UInt64(rig.disk.operations)) }
                XCTAssertNil(try objection(rig))
            }
            XCTAssertNil(try objection(rig))
        }
    }

    func testAFileWithoutAClaimIsForeign() throws {
        for format in [OrderFileFormat.oneQuant, .cats] {
            let rig = try TerminalRig(format)
            try append("", to: rig.path(format.assets ?? format.reports), rig)
            XCTAssertTrue(try objection(rig)?.contains("was not written by a simulated terminal") == true)
        }
    }

    func testAFileOfAnEarlierDayIsForeignToo() throws {
        let rig = try rig()
        rig.skip(seconds: 3 * 86_400)
        XCTAssertNil(try objection(rig))
        try append("", to: "/orders/positionInfo_20261121.csv", rig)
        XCTAssertNotNil(try objection(rig))
    }

    func testAFileWrittenByAnotherSinceIsForeign() throws {
        for path in ["/orders/assetInfo_20261120.csv", "/orders/execResult_20261120.csv"] {
            let rig = try rig()
            rig.skip(seconds: 60)
            try append("a row", to: path, rig)
            XCTAssertTrue(try objection(rig)?.contains(path) == true)
            let other = try self.rig()
            let content = try XCTUnwrap(other.client.readFile(path))
            try other.client.replaceFile(path, with: content, durable: false)
            XCTAssertTrue(try objection(other)?.contains(path) == true)
        }
    }

    func testAnotherHeaderIsNoReasonToTruncate() throws {
        let rig = try rig()
        let path = rig.path(rig.reports)
        let old = try XCTUnwrap(rig.client.readFile(path))
        let file = try rig.client.open(path, .append)
        try rig.client.truncate(file, to: 0)
        try rig.client.appendWhole(TextEncoding.mark + old, to: file)
        XCTAssertTrue(try objection(rig)?.contains("does not begin with the header") == true)
        rig.restart()
        try rig.run(seconds: 5)
        let new = try XCTUnwrap(rig.client.readFile(path))
        XCTAssertEqual(Array(new.prefix(old.count + 3)), TextEncoding.mark + old)
        XCTAssertGreaterThan(new.count, old.count + 3, "it goes on behind it")
    }
}
