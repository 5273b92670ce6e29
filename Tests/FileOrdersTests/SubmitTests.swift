import CSupport
import FileOrders
import Gates
import Market
import Storage
import TestSupport
import XCTest

/// What is written, and what is not.
final class SubmitTests: XCTestCase {
    func testAnOrderIsOneRowWithTheFormatsColumns() throws {
        let folder = try Folder()
        let ticket = folder.ticket("1234567890")
        XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
        XCTAssertEqual(
            folder.lines(folder.orders),
            [
                "updTime,custBatchNo,acctType,acct,symbol,tradeSide,targetQty,algoId,priceType,ticks,highLimitPrice,"
                    + "lowLimitPrice",
                "100000.000000,1234567890,UM0,1234567,000001.SZ,1,100,DMA,AT,0,10.10,10.10",
            ])
    }

    func testPricesHaveTheSecuritysDecimals() throws {
        let folder = try Folder()
        let tickets = [
            folder.ticket(nil, "600000.XSHG", .sell, pricing: .limit(Money(10.1) ?? .zero)),
            folder.ticket(nil, "510300.XSHG", pricing: .limit(Money(4) ?? .zero)),
            folder.ticket(nil, "000001.XSHE", pricing: .best),
            folder.ticket(nil, "000001.XSHE", pricing: .market),
        ]
        XCTAssertEqual(folder.gate.submit(tickets), [.sent, .sent, .sent, .sent])
        let rows = folder.lines(folder.orders).dropFirst().map {
            $0.split(separator: ",").dropFirst(4).joined(separator: ",")
        }
        XCTAssertEqual(
            rows,
            [
                "600000.SH,2,100,DMA,AT,0,10.10,10.10", "510300.SH,1,100,DMA,AT,0,4.000,4.000",
                "000001.SZ,1,100,DMA,AT,0,0,0", "000001.SZ,1,100,DMA,AT,0,0,0",
            ])
    }

    func testMarketOrdersAsTheOptionSays() throws {
        let limit = try Folder(options: ["market_order": "limit_price"])
        _ = limit.gate.submit([
            limit.ticket(pricing: .market), limit.ticket(nil, "000001.XSHE", .sell, pricing: .market),
        ])
        XCTAssertTrue(limit.lines(limit.orders)[1].hasSuffix("P6,0,0,0"))
        XCTAssertTrue(limit.lines(limit.orders)[2].hasSuffix("P7,0,0,0"))
        let refuse = try Folder(options: ["market_order": "refuse"])
        XCTAssertTrue(refuse.gate.submit([refuse.ticket(pricing: .market)])[0].isRefused)
        XCTAssertEqual(try Folder().logged("best price"), 1)
    }

    func testWhatThisGateDoesNotTradeIsRefusedAndNotWritten() throws {
        let folder = try Folder()
        let bad = [
            folder.ticket(nil, position: .short), folder.ticket(nil, "RB2001.XSGE"), folder.ticket(nil, "430047.BJSE"),
            folder.ticket(nil, "000001"), folder.ticket(nil, "0,1.XSHE"), folder.ticket(nil, amount: 0),
            folder.ticket(nil, amount: -100), folder.ticket(nil, pricing: .limit(.zero)),
            folder.ticket(nil, pricing: .limit(Money(units: -1))), folder.ticket("42949672960"), folder.ticket("x"),
            folder.ticket(""),
        ]
        let good = folder.ticket()
        let answers = folder.gate.submit(bad + [good])
        for (ticket, answer) in zip(bad, answers) { XCTAssertTrue(answer.isRefused, "\(ticket)") }
        XCTAssertEqual(answers.last, .sent)
        XCTAssertEqual(folder.lines(folder.orders).count, 2)
    }

    func testABatchIsOneWriteAndOneFlush() throws {
        let folder = try Folder()
        let tickets = (0..<500).map { _ in folder.ticket() }
        let before = folder.disk.operations
        XCTAssertTrue(folder.gate.submit(tickets).allSatisfy { $0 == .sent })
        let operations = folder.disk.log[before...].filter { $0.path == folder.orders }.map(\.operation)
        XCTAssertEqual(operations.filter { $0 == .append }.count, 1)
        XCTAssertEqual(operations.filter { $0 == .flush }.count, 1)
        let flush = operations.firstIndex(of: .flush) ?? 0
        XCTAssertLessThan(operations.firstIndex(of: .unlock) ?? .max, flush, "the flush is outside the lock")
        XCTAssertEqual(folder.lines(folder.orders).count, 501)
    }

    func testTheCostOfAnOrderDoesNotGrow() throws {
        let folder = try Folder()
        var costs: [Int] = []
        for _ in 0..<300 {
            let ticket = folder.ticket()
            let before = folder.disk.operations
            _ = folder.gate.submit([ticket])
            costs.append(folder.disk.operations - before)
        }
        XCTAssertEqual(Set(costs.dropFirst()).count, 1)
    }

    func testTheSameTicketTwiceIsNotWrittenTwice() throws {
        let folder = try Folder()
        let ticket = folder.ticket()
        XCTAssertEqual(folder.gate.submit([ticket]), [.sent])
        XCTAssertTrue(folder.gate.submit([ticket])[0].isUnknown)
        XCTAssertEqual(folder.lines(folder.orders).count, 2)
    }

    func testRowsFollowTheHeaderThatIsThere() throws {
        let folder = try Folder()
        try folder.append(
            folder.orders,
            "custBatchNo,updTime,acct,acctType,note,symbol,targetQty,tradeSide,algoId,priceType,ticks,lowLimitPrice,"
                + "highLimitPrice\r\n")
        XCTAssertEqual(folder.gate.submit([folder.ticket("1234567890")]), [.sent])
        XCTAssertEqual(
            folder.lines(folder.orders)[0...].last,
            "1234567890,100000.000000,1234567,UM0,,000001.SZ,100,1,DMA,AT,0,10.10,10.10")
    }

    func testAFileWhoseHeaderLacksAColumnIsNotWrittenTo() throws {
        for header in ["hello\n", "updTime,custBatchNo\n", "\u{FEFF}\n", "1,2,3\n"] {
            let folder = try Folder()
            try folder.append(folder.orders, header)
            XCTAssertTrue(folder.gate.submit([folder.ticket()])[0].isRefused, header)
            XCTAssertEqual(folder.text(folder.orders), header)
        }
    }

    func testCancels() throws {
        let folder = try Folder()
        XCTAssertEqual(folder.gate.cancel(["1234567890", "7"]), [.sent, .sent])
        XCTAssertEqual(
            folder.lines("/o/algoOrderStop_20261120.csv"),
            ["updTime,custBatchNo", "100000.000000,1234567890", "100000.000000,7"])
        XCTAssertTrue(folder.gate.cancel(["a,b"])[0].isRefused)
    }

    func testTheNextDayHasItsOwnFile() throws {
        let folder = try Folder()
        _ = folder.gate.submit([folder.ticket()])
        folder.day = folder.day + 3
        XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent])
        XCTAssertEqual(folder.lines("/o/algoOrder_20261123.csv").count, 2)
        XCTAssertEqual(folder.lines("/o/algoOrder_20261120.csv").count, 2)
    }
}
