import FileOrders
import Gates
import Market
import Storage
import TestSupport
import XCTest

/// Ids that nobody else has.
final class NumberingTests: XCTestCase {
    func testAPrefixInTodaysOrYesterdaysFileIsNotDrawn() throws {
        for back in [0, 1, 3] {
            let folder = try Folder()
            let taken = try XCTUnwrap(folder.gate.nextID()).prefix(5)
            let other = try Folder()
            try other.append(
                "/o/algoOrder_\((other.day - back).compact).csv",
                other.format.orders.header + "\n090000.0,\(taken)00042,UM0,1,000001.SZ,1,100,DMA,AT,0,1,1\n")
            let id = try XCTUnwrap(other.gate.nextID())
            XCTAssertFalse(id.hasPrefix(taken))
        }
    }

    func testAPrefixThatIsTakenBeforeTheFirstWriteIsRefusedAndLeft() throws {
        let folder = try Folder()
        let ticket = folder.ticket()
        try folder.append(folder.orders, "090000.0,\(ticket.id.prefix(5))99999,UM0,1,000001.SZ,1,100,DMA,AT,0,1,1\n")
        XCTAssertTrue(folder.gate.submit([ticket])[0].isRefused)
        XCTAssertEqual(folder.lines(folder.orders).count, 2)
        let next = folder.ticket()
        XCTAssertFalse(next.id.hasPrefix(ticket.id.prefix(5)))
        XCTAssertEqual(folder.gate.submit([next]), [.sent])
    }

    func testRunsOnOneFolderNeverShareAnID() throws {
        let folder = try Folder()
        var ids: Set<String> = []
        for _ in 0..<60 {
            try folder.restart()
            for _ in 0..<3 {
                let ticket = folder.ticket()
                XCTAssertTrue(ids.insert(ticket.id).inserted)
                XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
            }
        }
        XCTAssertEqual(folder.lines(folder.orders).count, 181)
    }

    func testEachDayHasAnotherPrefix() throws {
        let folder = try Folder()
        let today = try XCTUnwrap(folder.gate.nextID())
        folder.day = folder.day + 1
        let tomorrow = try XCTUnwrap(folder.gate.nextID())
        XCTAssertNotEqual(today.prefix(5), tomorrow.prefix(5))
        XCTAssertTrue(tomorrow.hasSuffix("00000"))
    }
}
