import CSupport
import FileOrders
import Foundation
import Gates
import Market
import TestSupport
import XCTest

/// The account's two files, which are emptied and written anew all the time.
final class AccountFileTests: XCTestCase {
    private let assets = """
        acct,exchange,totalAsset,enabledBalance,currentBalance
        1234567,SZ,1,1,1
        1234567,,1000000.5,400000,450000.25
        7654321,,9,9,9
        ,,,,

        """
    private let positions = """
        acct,symbol,extra,currentQty,enabledQty,costPrice,lastPrice,mktValue
        1234567,000001.SZ,x,1000,600,10.12345,10.5,10500
        1234567,600000.SH,,0,0,0,0,0
        7654321,600000.SH,,5,5,1,1,5
        ,,,,,,,

        """

    private func folder(options: [String: Int] = [:]) throws -> Folder {
        let folder = try Folder()
        try write(folder, assets, positions)
        return folder
    }

    private func write(_ folder: Folder, _ assets: String, _ positions: String) throws {
        try folder.rewrite(folder.path(folder.format.assets), assets)
        try folder.rewrite(folder.path(folder.format.positions), positions)
    }

    func testAWholeAccount() throws {
        let folder = try folder()
        let account = try XCTUnwrap(folder.gate.account())
        XCTAssertEqual(account.totalValue, Money(units: 10_000_005_000))
        XCTAssertEqual(account.availableCash, Money(units: 4_000_000_000))
        XCTAssertEqual(account.lockedCash, Money(units: 500_002_500))
        XCTAssertEqual(account.day, Folder.today)
        XCTAssertEqual(account.writtenAt, folder.clock.now)
        XCTAssertEqual(
            account.holdings,
            [
                .init(
                    security: Security("000001.XSHE"), amount: 1000, available: 600, cost: Money(units: 101_235),
                    lastPrice: Money(units: 105_000), value: Money(units: 105_000_000))
            ])
        XCTAssertNil(folder.gate.account(), "nothing new")
    }

    func testTheSameAccountWrittenAgainIsNewsForItsAge() throws {
        let folder = try folder()
        _ = folder.gate.account()
        folder.pass(.seconds(5))
        try write(folder, assets, positions)
        XCTAssertEqual(folder.gate.account()?.writtenAt, folder.clock.now)
    }

    func testNoPartOfAHalfWrittenFileIsTaken() throws {
        for length in 0..<assets.utf8.count - 2 {
            let folder = try folder()
            let good = folder.gate.account()
            XCTAssertNotNil(good)
            folder.pass(.seconds(5))
            try write(folder, String(decoding: assets.utf8.prefix(length), as: UTF8.self), positions)
            let begin = folder.clock.elapsed
            XCTAssertNil(folder.gate.account(), "\(length)")
            XCTAssertEqual((folder.clock.elapsed - begin), .milliseconds(300), "three tries")
        }
        for length in 0..<positions.utf8.count - 2 {
            let folder = try Folder()
            try write(folder, assets, String(decoding: positions.utf8.prefix(length), as: UTF8.self))
            XCTAssertNil(folder.gate.account(), "\(length)")
            XCTAssertEqual(folder.logged("stays as it was"), 1)
        }
    }

    func testAFileThatIsWholeAtTheNextTryIsTaken() throws {
        let folder = try folder()
        try write(folder, "", positions)
        var looks = 0
        folder.disk.beforeOperation = { [unowned folder, assets, positions] operation, _ in
            if operation == .open { looks += 1 }
            if looks == 4 { try? self.write(folder, assets, positions) }
        }
        XCTAssertNotNil(folder.gate.account())
    }

    func testAFileThatStaysHalfWrittenIsTriedAgainOnlyWhenItHasChanged() throws {
        let folder = try Folder()
        try write(folder, "", positions)
        let time = { [unowned folder] in
            let begin = folder.clock.elapsed
            XCTAssertNil(folder.gate.account())
            return folder.clock.elapsed - begin
        }
        XCTAssertEqual(time(), .milliseconds(300))
        for _ in 0..<3 {
            folder.pass(.seconds(5))
            XCTAssertEqual(time(), .zero, "it is as it was")
        }
        folder.pass(.seconds(5))
        try write(folder, "acct", positions)
        XCTAssertEqual(time(), .milliseconds(300))
        folder.pass(.seconds(5))
        try write(folder, assets, positions)
        XCTAssertNotNil(folder.gate.account())
    }

    func testAFileThatTheDiskCannotReadIsReadOnceItCan() throws {
        let folder = try folder()
        folder.disk.beforeOperation = { [unowned folder] operation, path in
            if operation == .read { folder.disk.faults.failures[folder.disk.operations - 1] = EIO }
        }
        for time in [TimeSpan.milliseconds(300), .zero, .zero] {
            let begin = folder.clock.elapsed
            XCTAssertNil(folder.gate.account())
            XCTAssertEqual(folder.clock.elapsed - begin, time)
            folder.pass(.seconds(5))
        }
        folder.disk.beforeOperation = nil
        XCTAssertNotNil(folder.gate.account(), "unchanged, and never read")
    }

    func testATrueZeroIsAZeroAndNoPositionsAreNone() throws {
        let folder = try Folder()
        try write(
            folder, "acct,exchange,totalAsset,enabledBalance,currentBalance\r\n1234567,,0,0.00,-0\r\n,,,,\r\n",
            "acct,symbol,currentQty,enabledQty,costPrice,lastPrice,mktValue\n,,,,,,")
        let account = try XCTUnwrap(folder.gate.account())
        XCTAssertEqual(account.availableCash, .zero)
        XCTAssertEqual(account.totalValue, .zero)
        XCTAssertEqual(account.holdings, [])
    }

    func testWhatCannotBeReadIsNotTaken() throws {
        let bad = [
            (assets.replacingOccurrences(of: "400000", with: ""), positions),
            (assets.replacingOccurrences(of: "400000", with: "nan"), positions),
            (assets.replacingOccurrences(of: "1234567,,", with: "1234560,,"), positions),
            (assets + "1234567,,1,1,1\n", positions), (assets, positions.replacingOccurrences(of: "600,", with: "x,")),
            (assets, positions.replacingOccurrences(of: "600,", with: ",")),
            (assets, positions.replacingOccurrences(of: "acct,symbol", with: "acct,code")), ("", ""),
            (",,,,\n", positions),
        ]
        for (assets, positions) in bad {
            let folder = try Folder()
            try write(folder, assets, positions)
            XCTAssertNil(folder.gate.account(), assets + positions)
            XCTAssertTrue(folder.hasLogged("stays as it was", .warn))
        }
    }

    func testBeforeTheTerminalLogsInTheAccountIsYesterdays() throws {
        let folder = try folder()
        folder.day = folder.day + 3
        try folder.restart()
        let account = try XCTUnwrap(folder.gate.account())
        XCTAssertEqual(account.day, Folder.today)
        XCTAssertNil(folder.gate.account())
        try write(folder, assets, positions)
        XCTAssertEqual(folder.gate.account()?.day, folder.day)
    }

    func testAnotherClockIsSaid() throws {
        let folder = try Folder()
        folder.disk.clock = { [unowned folder] in folder.clock.now.nanoseconds + 3_000_000_000 }
        try write(folder, assets, positions)
        XCTAssertNotNil(folder.gate.account())
        XCTAssertEqual(folder.logged("3 s ahead of ours"), 1)
        let behind = try Folder()
        behind.disk.clock = { [unowned behind] in behind.clock.now.nanoseconds - 4_000_000_000 }
        XCTAssertEqual(behind.gate.submit([behind.ticket(), behind.ticket()]), [.sent, .sent])
        XCTAssertEqual(behind.gate.submit([behind.ticket()]), [.sent])
        XCTAssertEqual(behind.logged("4 s behind ours"), 1)
    }
}
