import FileOrders
import Gates
import Market
import TestSupport
import XCTest

/// The second format: what differs is data.
final class CATSTests: XCTestCase {
    func testOrdersCancelsAndReports() throws {
        let folder = try Folder(.cats)
        let ticket = folder.ticket()
        XCTAssertEqual(ticket.id.utf8.count, 8)
        XCTAssertEqual(folder.gate.submit([ticket, folder.ticket(pricing: .market)]), [.sent, .sent])
        XCTAssertEqual(
            folder.lines("/o/OrderList.csv")[0], "O,\(ticket.id),0,1234567,,000001.SZ,1,100,10.10,0,")
        XCTAssertTrue(folder.lines("/o/OrderList.csv")[1].hasSuffix(",0,U,"))
        XCTAssertTrue(folder.gate.cancel([ticket.id])[0].isRefused, "the counter's number is not known yet")
        try folder.append(
            "/o/OrderReportList.csv",
            "\(ticket.id),A77,1,0,1234567,c,000001.SZ,1,100,10.1,0,,,,50,10.1,0,2026-11-20 10:00:02,,x\n")
        let update = try XCTUnwrap(folder.gate.updates().first)
        XCTAssertEqual(update.status, .filling)
        XCTAssertEqual(update.filledAmount, 50)
        XCTAssertEqual(update.counterNumber, "A77")
        XCTAssertEqual(update.entrustedAt, MarketZone.shanghai.instant(Folder.today, TimeOfDay(10, 0, 2)))
        XCTAssertEqual(folder.gate.cancel([ticket.id]), [.sent])
        XCTAssertEqual(folder.lines("/o/OrderList.csv")[2], "C,\(ticket.id),0,1234567,A77,,,,,,")
        XCTAssertNil(folder.gate.account())
        XCTAssertEqual(folder.gate.find([ticket, folder.ticket()]), [.found, .absent])
    }

    func testTheFileGoesOnFromDayToDay() throws {
        let folder = try Folder(.cats)
        _ = folder.gate.submit([folder.ticket()])
        folder.day = folder.day + 3
        let ticket = folder.ticket()
        XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
        XCTAssertEqual(folder.lines("/o/OrderList.csv").count, 2)
        try folder.append("/o/OrderReportList.csv", "\(ticket.id),A1,5,0,1,c,000001.SZ,1,100,1,0,,,,0,0,0,,bad,\n")
        XCTAssertEqual(folder.gate.updates().map(\.message), ["bad"])
    }

    /// A mark at the file's start is no part of its first line, and what says neither order nor cancel is neither.
    func testTheTerminalTakesNoCancelAndNothingUnknownForAnOrder() throws {
        let rest = ",7,0,8890,,000001.SZ,1,100,10.1,0,\n"
        for (first, isTaken) in [("O", true), ("C", false), ("X", false), ("", false)] {
            for mark in ["", "\u{FEFF}"] {
                let rig = try TerminalRig(.cats)
                try rig.append(mark + first + rest, to: rig.settings.format.orders)
                try rig.run(seconds: 1)
                XCTAssertEqual(rig.accepted().count, isTaken ? 1 : 0, "\(first) mark \(!mark.isEmpty)")
            }
        }
    }
}
