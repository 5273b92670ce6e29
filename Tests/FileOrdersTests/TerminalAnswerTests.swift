import FileOrders
import Gates
import Market
import Simulation
import Storage
import TestSupport
import XCTest

/// What a terminal without faults does with what it finds in its folder.
final class TerminalAnswerTests: XCTestCase {
    func testAnOrderIsAnsweredAndFilledAtItsLimit() throws {
        let rig = try TerminalRig()
        try rig.buy("1234567890")
        try rig.run(seconds: 3)
        XCTAssertEqual(try rig.column(.id, rig.results), ["1234567890"])
        XCTAssertEqual(try rig.column(.verdict, rig.results), ["0"])
        XCTAssertEqual(try rig.statuses, ["7", "0", "2"])
        let last = try XCTUnwrap(rig.lines(rig.reports).last).split(separator: ",", omittingEmptySubsequences: false)
        XCTAssertEqual(last.count, 20)
        XCTAssertEqual(last[1...9], ["20261120", "093000", "UM0", "8890", "000001.SZ", "1", "2", "1000", "10.5"])
        XCTAssertEqual(last[11...15], ["1000", "10.5", "10500", "0", "1"])
        XCTAssertEqual(rig.accepted().map(\.status), [.filled])
        XCTAssertEqual(rig.terminal.account.cash, Money(989_500))
    }

    func testWhatIsTakenInTheDaysLastMomentIsStillAnsweredInThatDaysFile() throws {
        let rig = try TerminalRig { $0.answerWithin = .seconds(1_000_000) }
        let reports = rig.path(rig.reports)
        func isReported() throws -> Bool {
            String(decoding: try rig.client.readFile(reports) ?? [], as: UTF8.self).contains("1234567890")
        }
        try rig.buy("1234567890")
        try rig.run(seconds: 3)
        XCTAssertEqual(rig.accepted().map(\.id), ["1234567890"])
        XCTAssertFalse(try isReported(), "its answer takes its time")
        rig.skip(seconds: 3 * 86_400)
        try rig.run(seconds: 3)
        XCTAssertTrue(try isReported())
        XCTAssertEqual(rig.accepted().map(\.filled), [0], "nothing more becomes of it")
    }

    func testAnOrderWithoutALimitIsFilledAtTheCodesFixedPrice() throws {
        let rig = try TerminalRig()
        try rig.buy("1", at: "0")
        try rig.run(seconds: 3)
        XCTAssertEqual(rig.accepted().first?.price, rig.settings.marketPrice(of: Security("000001.XSHE")))
        XCTAssertEqual(rig.accepted().first?.status, .filled)
    }

    func testWhatIsRefusedAndWhy() throws {
        let rig = try TerminalRig(cash: 20_000, holdings: ["600000.XSHG": 500])
        let rows: [(String, String)] = [
            (rig.row("1", type: "P6"), "价格错误"), (rig.row("2", side: 2, type: "P7"), "价格错误"),
            (rig.row("3", 2000), "可用资金不足"), (rig.row("4", side: 2, 600, "8", "600000.SH"), "可用股份不足"),
            (rig.row("5", side: 2, 100), "可用股份不足"), (rig.row("6", 1000, "10.5", "000001.XX"), "证券代码错误"),
            (rig.row("7", side: 3), "买卖方向错误"), (rig.row("8", 0), "委托数量错误"), (rig.row("9", 1000, "-1"), "价格错误"),
            (rig.row("10", 1000, "ten"), "价格错误"), (rig.row("11", type: "XX"), "价格类型错误"),
        ]
        for (row, _) in rows { try rig.append(row + "\n", to: rig.settings.format.orders) }
        try rig.run(seconds: 3)
        let answers = zip(try rig.column(.id, rig.results), try rig.column(.message, rig.results))
        let said = Dictionary(answers, uniquingKeysWith: { first, _ in first })
        for (index, (row, reason)) in rows.enumerated() { XCTAssertEqual(said["\(index + 1)"], reason, row) }
        XCTAssertEqual(Set(try rig.column(.verdict, rig.results)), ["1"])
        XCTAssertEqual(try rig.statuses, [])
        XCTAssertTrue(rig.accepted().isEmpty)
        XCTAssertEqual(rig.terminal.account.availableCash, Money(20_000))
    }

    func testWordsAreWrittenInTheEncodingAsked() throws {
        for (encoding, bytes) in [
            (TextEncoding.gb18030, [0xBC, 0xDB, 0xB8, 0xF1, 0xB4, 0xED, 0xCE, 0xF3] as [UInt8]),
            (.utf8, Array("价格错误".utf8)),
        ] {
            let rig = try TerminalRig { $0.encoding = encoding }
            try rig.append(rig.row("1", type: "P6") + "\n", to: rig.settings.format.orders)
            try rig.run(seconds: 1)
            let content = try XCTUnwrap(rig.client.readFile(rig.path(rig.results)))
            XCTAssertEqual(Array(content.suffix(bytes.count + 1)), bytes + [UInt8(ascii: "\n")])
        }
    }

    func testACancelEndsAnOrderBeforeItIsFilled() throws {
        let rig = try TerminalRig { $0.fillWithin = .seconds(3600) }
        try rig.buy("1")
        try rig.run(seconds: 1)
        XCTAssertEqual(rig.terminal.account.lockedCash, Money(10_500))
        try rig.cancel("1")
        try rig.cancel("2")
        try rig.run(seconds: 1)
        XCTAssertEqual(try rig.statuses, ["7", "0", "8", "4"])
        XCTAssertEqual(rig.accepted().map(\.canceled), [1000])
        XCTAssertEqual(rig.terminal.account.lockedCash, .zero)
        XCTAssertEqual(try rig.column(.answered, rig.results), ["1", "2", "2"])
        try rig.cancel("1")
        try rig.run(seconds: 1)
        XCTAssertEqual(try rig.column(.message, rig.results).filter { !$0.isEmpty }, ["找不到可撤的委托", "找不到可撤的委托"])
    }

    func testACancelAfterAPartIsFilled() throws {
        let rig = try TerminalRig(faults: "partial=1")
        for id in 1...20 { try rig.buy("\(id)") }
        try rig.run(seconds: 60)
        for id in 1...20 { try rig.cancel("\(id)") }
        try rig.run(seconds: 5)
        let orders = rig.accepted()
        XCTAssertTrue(orders.contains { $0.status == .partly_canceled })
        XCTAssertTrue(orders.allSatisfy { $0.filled + $0.canceled == 1000 && $0.filled > 0 })
        XCTAssertTrue(try rig.statuses.contains("1"))
        XCTAssertTrue(try rig.statuses.contains("3"))
        XCTAssertEqual(rig.terminal.account.lockedCash, .zero)
    }

    func testWhatIsBoughtTodayIsSoldTomorrow() throws {
        let rig = try TerminalRig(holdings: ["000001.XSHE": 500])
        try rig.buy("1")
        try rig.run(seconds: 3)
        let holding = try XCTUnwrap(rig.terminal.account.holdings[Security("000001.XSHE")])
        XCTAssertEqual(holding.amount, 1500)
        XCTAssertEqual(holding.available, 500)
        XCTAssertEqual(holding.costPrice, Money(9.6666))
        try rig.sell("2", 600)
        try rig.sell("3", 500)
        try rig.run(seconds: 3)
        XCTAssertEqual(rig.accepted().map(\.id), ["1", "3"])
        rig.skip(seconds: 86_400 * 3)
        try rig.run(seconds: 1)
        XCTAssertEqual(rig.terminal.account.holdings[Security("000001.XSHE")]?.available, 1000)
        XCTAssertNotNil(try rig.client.readFile("/orders/orderUpdate_20261123.csv"))
    }

    func testOnlyWholeLinesOfItsOwnAccountCount() throws {
        let rig = try TerminalRig()
        try rig.append(rig.row("1", account: "7777") + "\n", to: rig.settings.format.orders)
        let row = rig.row("2")
        try rig.append(String(row.prefix(40)), to: rig.settings.format.orders)
        try rig.run(seconds: 5)
        XCTAssertTrue(rig.accepted().isEmpty)
        try rig.append(String(row.dropFirst(40)) + "\n", to: rig.settings.format.orders)
        try rig.run(seconds: 5)
        XCTAssertEqual(rig.accepted().map(\.id), ["2"])
    }

    func testColumnsAreReadByName() throws {
        let rig = try TerminalRig()
        let file = try rig.client.open(rig.path(rig.settings.format.orders), .createNew)
        let text = """
            note,acct,custBatchNo,updTime,symbol,acctType,targetQty,tradeSide,priceType,algoId,ticks,lowLimitPrice,highLimitPrice
            x,8890,5,093000.0,600000.SH,UM0,200,1,AT,DMA,0,10.0,1e1\r

            """
        try rig.client.appendWhole(Array(text.utf8), to: file)
        try rig.run(seconds: 3)
        XCTAssertEqual(rig.accepted().map(\.amount), [200])
        XCTAssertEqual(rig.accepted().map(\.price), [Money(10)])
    }

    func testARowThatAHeaderWasRunIntoIsRefusedAndNotTakenForTheHeader() throws {
        let rig = try TerminalRig()
        let orders = rig.settings.format.orders
        try rig.append(rig.row("1") + "\n" + rig.row("2") + orders.header + "\n" + rig.row("3") + "\n", to: orders)
        try rig.run(seconds: 5)
        XCTAssertEqual(rig.accepted().map(\.id), ["1", "3"])
        XCTAssertEqual(Set(try rig.column(.id, rig.results)), ["1", "2", "3"])
    }

    func testAnIDThatIsSentTwiceIsTakenTwice() throws {
        let rig = try TerminalRig()
        try rig.buy("1")
        try rig.buy("1")
        try rig.run(seconds: 3)
        XCTAssertEqual(rig.accepted().map(\.id), ["1", "1"])
        XCTAssertEqual(rig.terminal.account.holdings[Security("000001.XSHE")]?.amount, 2000)
    }

    func testTheSnapshotsAreWrittenAnewAndEndWithAnEmptyRow() throws {
        let rig = try TerminalRig(cash: 5000, holdings: ["000001.XSHE": 500])
        let assets = try XCTUnwrap(rig.settings.format.assets)
        let positions = try XCTUnwrap(rig.settings.format.positions)
        var wasEmpty = false
        try rig.run(seconds: 12) { if try rig.client.readFile(rig.path(assets)) == [] { wasEmpty = true } }
        XCTAssertTrue(wasEmpty, "a reader can come between the cut and the writing")
        XCTAssertEqual(
            try rig.lines(assets),
            ["acct,exchange,totalAsset,enabledBalance,currentBalance", "8890,SZ,0,0,0", "8890,,9000,5000,5000", ",,,,"])
        XCTAssertEqual(try rig.lines(positions).dropFirst(), ["8890,000001.SZ,500,500,8,8,4000", ",,,,,,"])
    }

    func testCATSAnswersInItsOneFile() throws {
        let rig = try TerminalRig(.cats)
        let orders = rig.settings.format.orders
        try rig.append("O,7,0,8890,,600000.SH,1,300,9.8,0,\n", to: orders)
        try rig.append("O,8,0,8890,,600000.SH,2,300,9.8,0,\n", to: orders)
        try rig.append("O,9,0,8890,,000001.SZ,1,100,0,U,\n", to: orders)
        try rig.run(seconds: 3)
        XCTAssertEqual(try rig.column(.id, rig.reports).sorted(), ["7", "7", "8", "9", "9"])
        XCTAssertEqual(Set(try rig.statuses), ["0", "2", "5"])
        XCTAssertTrue(try rig.column(.message, rig.reports).contains("可用股份不足"))
        XCTAssertEqual(rig.accepted().map(\.id), ["7", "9"])
    }

    func testCATSCancelsByTheCountersNumber() throws {
        let rig = try TerminalRig(.cats) { $0.fillWithin = .seconds(3600) }
        try rig.append("O,7,0,8890,,600000.SH,1,300,9.8,0,\n", to: rig.settings.format.orders)
        try rig.run(seconds: 1)
        XCTAssertEqual(try rig.column(.counterNumber, rig.reports), ["1"])
        try rig.append("C,7,0,8890,1,,,,,,\n", to: rig.settings.format.orders)
        try rig.run(seconds: 1)
        XCTAssertEqual(rig.accepted().map(\.status), [.canceled])
        XCTAssertEqual(try rig.statuses, ["0", "4"])
    }
}
