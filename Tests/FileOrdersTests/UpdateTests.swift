import CSupport
import FileOrders
import Gates
import Market
import Storage
import TestSupport
import XCTest

/// What the terminal says, in every state that its files can be in.
final class UpdateTests: XCTestCase {
    private let id = "1234567890"

    private func folder(_ options: [String: Bool] = [:]) throws -> Folder {
        let folder = try Folder(options: options.mapValues { .bool($0) })
        XCTAssertEqual(folder.gate.submit([folder.ticket(id)]), [.sent])
        return folder
    }

    private func statuses(_ folder: Folder) -> [OrderStatus?] { folder.gate.updates().map(\.status) }

    func testAReportIsTakenAsItIs() throws {
        let folder = try folder()
        try folder.append(
            folder.reports,
            folder.reportHeader + folder.report(id, "1", filled: "30", price: "10.0500001", value: "301.5") + "\n")
        let update = try XCTUnwrap(folder.gate.updates().first)
        XCTAssertEqual(update.id, id)
        XCTAssertEqual(update.status, .filling)
        XCTAssertEqual(update.filledAmount, 30)
        XCTAssertEqual(update.canceledAmount, 0)
        XCTAssertEqual(update.averagePrice, Money(units: 100_500))
        XCTAssertEqual(update.filledValue, Money(units: 3_015_000))
        XCTAssertEqual(update.counterNumber, "77")
        XCTAssertEqual(update.entrustedAt, MarketZone.shanghai.instant(Folder.today, TimeOfDay(10, 0, 1)))
        XCTAssertEqual(update.place, "orderUpdate_20261120.csv:\(folder.reportHeader.utf8.count)")
        XCTAssertEqual(folder.gate.updates(), [])
    }

    func testAHeaderThatWasRunIntoATornOneCounts() throws {
        for torn in ["updTi", "updTime,orderDa", "100001.5,20261120,100001,UM0"] {
            let folder = try folder()
            try folder.append(
                folder.reports, folder.reportHeader + torn + folder.reportHeader + folder.report(id, "0") + "\n")
            XCTAssertEqual(statuses(folder), [.open], torn)
        }
    }

    func testEveryStatus() throws {
        let folder = try folder()
        let codes = ["7", "0", "1", "8", "3", "4", "5", "2"]
        try folder.append(
            folder.reports, folder.reportHeader + codes.map { folder.report(id, $0) + "\n" }.joined())
        XCTAssertEqual(
            statuses(folder), [.new, .open, .filling, .canceling, .partly_canceled, .canceled, .rejected, .filled])
    }

    func testAVerdictThatIsNotKnownIsNeitherAndIsSaidOnce() throws {
        for verdict in ["2", "01", "-1", "", "accepted"] {
            let folder = try folder(["ignore_error_line": false])
            let row = "100001.5,1,\(id),\(verdict),0,"
            try folder.append(folder.results, folder.resultHeader + row + "\n100001.6,1,\(id),\(verdict),0,\n")
            XCTAssertEqual(folder.gate.updates(), [], verdict)
            XCTAssertTrue(folder.hasLogged("the verdict \"\(verdict)\" is neither", .warn), verdict)
            XCTAssertTrue(folder.hasLogged(row, .warn), "the row is kept in the log")
            try folder.append(folder.results, "100002.5,2,\(id),\(verdict),0,\n100003.5,1,\(id),1,0,\n")
            XCTAssertEqual(statuses(folder), [.rejected])
            XCTAssertEqual(folder.log.filter { $0.level == .warn }.count, 1, verdict)
            XCTAssertEqual(folder.logged("is neither"), 3, "the others are there for those who look for them")
            XCTAssertFalse(folder.log.contains { $0.level == .error })
            XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent], "it could be read")
        }
    }

    func testAnswersToOrdersAndCancels() throws {
        let folder = try folder()
        try folder.append(
            folder.results,
            Array(
                (folder.resultHeader + "100000.1,1,\(id),0,0,\n100001.1,2,\(id),1,7,").utf8)
                // 价格错误
                + [0xBC, 0xDB, 0xB8, 0xF1, 0xB4, 0xED, 0xCE, 0xF3] + Array("\n100002.1,1,\(id),1,3,no\n".utf8))
        let news = folder.gate.updates().map(\.news)
        XCTAssertEqual(news, [.state(.new), .cancelRefused("价格错误 (7)"), .state(.rejected)])
    }

    func testOnlyWholeLinesAreRowsAndACutCharacterWaits() throws {
        let folder = try folder()
        let row = Array((folder.report(id, "5", text: "") + "\n").utf8)
        try folder.append(folder.reports, folder.reportHeader)
        // Byte by byte, the message in GBK.
        let message: [UInt8] = [0xBC, 0xDB, 0xB8, 0xF1]
        let bytes = row.dropLast(2) + message + row.suffix(2)
        for (index, byte) in bytes.enumerated() {
            try folder.append(folder.reports, [byte])
            let updates = folder.gate.updates()
            XCTAssertEqual(updates.count, index == bytes.count - 1 ? 1 : 0)
            if let update = updates.first { XCTAssertEqual(update.message, "价格") }
        }
        XCTAssertEqual(folder.log.filter { $0.level == .error }.count, 0)
    }

    func testEncodingsAndLineEnds() throws {
        let text = "价格错误"
        let gbk: [UInt8] = [0xBC, 0xDB, 0xB8, 0xF1, 0xB4, 0xED, 0xCE, 0xF3]
        for (mark, message) in [([], Array(text.utf8)), (TextEncoding.mark, Array(text.utf8)), ([], gbk)] {
            for end in ["\n", "\r\n"] {
                let folder = try folder()
                let halves = folder.report(id, "5", text: "|").split(separator: "|").map { Array(String($0).utf8) }
                try folder.append(
                    folder.reports,
                    mark + Array((folder.format.reports.header + end).utf8) + halves[0] + message + halves[1]
                        + Array(end.utf8))
                XCTAssertEqual(folder.gate.updates().map(\.message), [text])
            }
        }
    }

    func testQuotesCommasSpacesAndBlankLines() throws {
        let folder = try folder()
        let row = folder.report(id, "4")
        try folder.append(
            folder.reports,
            "\n" + folder.reportHeader + "\n  \r\n"
                + folder.report(id, "5", text: "\"one, \"\"two\"\"\"") + "\n"
                + folder.report(id, "5", text: "one, two, three") + "\n\n"
                + row.split(separator: ",", omittingEmptySubsequences: false).map { " \"\($0)\" " }.joined(
                    separator: ",")
                + "\n" + folder.report(id, "5", text: "\"cut by a\nline break\"") + "\n"
                + folder.report(id, "2", filled: "100") + ",\n")
        let updates = folder.gate.updates()
        XCTAssertEqual(updates.map(\.status), [.rejected, .rejected, .canceled, .rejected, .filled])
        XCTAssertEqual(updates.map(\.message), ["one, \"two\"", "one, two, three", "", "cut by a", ""])
    }

    func testColumnsInAnotherOrderWithOthersBetweenAndAHeaderInTheMiddle() throws {
        let folder = try folder()
        try folder.append(
            folder.reports,
            "new,custBatchNo, filledQty ,\"status\"\nx,\(id),10,1\n" + folder.reportHeader
                + folder.report(id, "2", filled: "100") + "\n" + "status,custBatchNo,filledQty\n4,\(id),0\n")
        XCTAssertEqual(statuses(folder), [.filling, .filled, .canceled])
        XCTAssertEqual(folder.log.filter { $0.level == .error }.count, 0)
    }

    func testNumbersInEveryWriting() throws {
        let folder = try folder()
        try folder.append(folder.reports, folder.reportHeader)
        for (filled, amount) in [("1e2", 100), ("100.0", 100), ("", nil), ("-0", 0), ("100.000", 100)]
            as [(String, Int64?)]
        {
            try folder.append(folder.reports, folder.report(id, "1", filled: filled) + "\n")
            XCTAssertEqual(folder.gate.updates().map(\.filledAmount), [amount], filled)
        }
        for filled in ["-5", "1.5", "1,5", "99999999999999999999", "nan", "x"] {
            try folder.append(folder.reports, folder.report(id, "1", filled: filled) + "\n")
            XCTAssertEqual(folder.gate.updates().filter { $0.filledAmount != 0 && $0.filledAmount != 1 }, [], filled)
        }
    }

    func testBadRowsAreKeptSaidOnceAndTheRestIsRead() throws {
        let folder = try folder()
        try folder.append(
            folder.reports,
            folder.reportHeader + folder.report(id, "9") + "\n" + "1,2,\(id)\n" + folder.report(id, "2") + "\n")
        XCTAssertEqual(statuses(folder), [.filled])
        XCTAssertEqual(folder.log.filter { $0.level == .error }.count, 2)
        try folder.append(folder.reports, folder.report(id, "2") + "\n")
        XCTAssertEqual(statuses(folder), [.filled])
        XCTAssertEqual(folder.log.filter { $0.level == .error }.count, 2)
    }

    func testARowBeforeItsHeaderIsTriedAgain() throws {
        let folder = try folder()
        try folder.append(folder.reports, folder.report(id, "2") + "\n")
        XCTAssertEqual(statuses(folder), [])
        try folder.append(folder.reports, folder.reportHeader)
        XCTAssertEqual(statuses(folder), [.filled])
    }

    func testARowThatMustNotBePassedOverStopsOrders() throws {
        let folder = try folder(["ignore_error_line": false])
        try folder.append(
            folder.reports, folder.reportHeader + folder.report(id, "9") + "\n" + folder.report(id, "2") + "\n")
        XCTAssertEqual(statuses(folder), [.filled], "what follows it is read")
        XCTAssertEqual(statuses(folder), [])
        XCTAssertEqual(folder.log.filter { $0.level == .error }.count, 1)
        XCTAssertTrue(folder.gate.submit([folder.ticket()])[0].isRefused)
        try folder.rewrite(folder.reports, folder.reportHeader + folder.report(id, "2") + "\n")
        XCTAssertEqual(statuses(folder), [.filled])
        XCTAssertEqual(folder.gate.submit([folder.ticket()]), [.sent])
    }

    func testABadAnswerStopsOrdersThoughTheReportsAreGood() throws {
        let folder = try folder(["ignore_error_line": false])
        try folder.append(
            folder.results, folder.resultHeader + "100001.5,9,\(id),0,0,\n100001.6,1,\(id),1,0,no funds\n")
        try folder.append(folder.reports, folder.reportHeader + folder.report(id, "0") + "\n")
        XCTAssertEqual(statuses(folder), [.rejected, .open], "a refusal behind it is read")
        XCTAssertTrue(folder.gate.submit([folder.ticket()])[0].reason.contains("a row of \(folder.results)"))
        XCTAssertEqual(statuses(folder), [])
        XCTAssertTrue(folder.gate.submit([folder.ticket()])[0].isRefused, "at the next sync, too")
    }

    func testOthersRowsAreSkippedWhateverTheyHold() throws {
        let folder = try folder()
        try folder.append(
            folder.reports,
            folder.reportHeader
                + ["", "7", "9999999999", "x", "1234567890123", "-1", "12345"].map {
                    folder.report($0, "garbage", filled: "?") + "\n"
                }.joined() + "short,row\n" + folder.report(id, "2") + "\n")
        XCTAssertEqual(statuses(folder), [.filled])
        XCTAssertEqual(folder.log.filter { $0.level == .error }.count, 0)
    }

    func testAnIDThatComesBackCutOrRoundedIsSaidInCapitals() throws {
        for mangled in ["1234567", "123456789", "1234567936", "1.23456789e9", "1234567890.0"] {
            let folder = try folder()
            try folder.append(folder.reports, folder.reportHeader + folder.report(mangled, "2") + "\n")
            XCTAssertEqual(statuses(folder), [], mangled)
            XCTAssertTrue(folder.hasLogged("HAS CHANGED THE ID", .error), mangled)
        }
    }

    func testShrunkReplacedAndRewrittenFilesAreReadAgain() throws {
        let folder = try folder()
        try folder.append(
            folder.reports, folder.reportHeader + folder.report(id, "0") + "\n" + folder.report(id, "1") + "\n")
        XCTAssertEqual(statuses(folder), [.open, .filling])
        try folder.rewrite(folder.reports, folder.reportHeader + folder.report(id, "2") + "\n")
        XCTAssertEqual(statuses(folder), [.filled])
        try folder.disk.remove(folder.reports)
        XCTAssertEqual(statuses(folder), [])
        try folder.append(folder.reports, folder.reportHeader + folder.report(id, "4") + "\n")
        XCTAssertEqual(statuses(folder), [.canceled])
        try folder.rewrite(folder.reports, "")
        XCTAssertEqual(statuses(folder), [])
        try folder.append(folder.reports, folder.reportHeader)
        XCTAssertEqual(statuses(folder), [])
    }

    func testRowsRepeatedOutOfOrderAndTakingBackArePassedOn() throws {
        let folder = try folder()
        let rows = ["2", "2", "0", "1"].map { folder.report(id, $0) + "\n" }
        try folder.append(folder.reports, folder.reportHeader + rows.joined())
        XCTAssertEqual(statuses(folder), [.filled, .filled, .open, .filling])
    }

    func testTheDayRollsAndYesterdaysLastRowsStillCount() throws {
        let folder = try folder()
        let yesterday = folder.reports
        try folder.append(yesterday, folder.reportHeader + folder.report(id, "0") + "\n")
        XCTAssertEqual(statuses(folder), [.open])
        folder.day = folder.day + 3
        try folder.append(yesterday, folder.report(id, "4") + "\n")
        XCTAssertEqual(statuses(folder), [.canceled])
        let new = folder.ticket()
        XCTAssertEqual(folder.gate.submit([new]), [.sent])
        try folder.append(folder.reports, folder.reportHeader + folder.report(new.id, "2") + "\n")
        try folder.append(yesterday, folder.report(id, "5") + "\n")
        XCTAssertEqual(folder.gate.updates().map(\.id), [id, new.id])
        XCTAssertEqual(statuses(folder), [])
    }

    func testARestartOwnsTheOrdersOfTheDayAgain() throws {
        let folder = try folder()
        try folder.append(folder.reports, folder.reportHeader + folder.report(id, "0") + "\n")
        let ticket = folder.ticket(id)
        try folder.restart()
        XCTAssertEqual(statuses(folder), [])
        folder.gate.adopt([ticket])
        XCTAssertEqual(statuses(folder), [.open])
        XCTAssertTrue(folder.gate.submit([ticket])[0].isUnknown)
    }

    func testFilesThatAreNotThereYetAreNormalUntilTheOpening() throws {
        let folder = try Folder(at: TimeOfDay(8, 30))
        for _ in 0..<3 { XCTAssertEqual(statuses(folder), []) }
        XCTAssertEqual(folder.logged("no file of the terminal"), 1)
        XCTAssertFalse(folder.log.contains { $0.level == .error })
        folder.pass(.seconds(3600))
        for _ in 0..<3 { _ = folder.gate.updates() }
        XCTAssertEqual(folder.log.filter { $0.level == .error }.count, 1)
        try folder.append(folder.reports, "")
        for _ in 0..<3 { _ = folder.gate.updates() }
        XCTAssertEqual(folder.logged("has begun its files"), 1)
    }

    func testAFolderThatCannotBeReadIsSaidOnceAndReadLater() throws {
        let folder = try folder()
        try folder.append(folder.reports, folder.reportHeader + folder.report(id, "2") + "\n")
        folder.disk.beforeOperation = { [unowned folder] _, path in
            if path.hasPrefix("/o/") { folder.disk.faults.failures[folder.disk.operations - 1] = ESTALE }
        }
        for _ in 0..<3 { XCTAssertEqual(statuses(folder), []) }
        XCTAssertEqual(folder.log.filter { $0.level == .warn }.count, 2)
        folder.disk.beforeOperation = nil
        XCTAssertEqual(statuses(folder), [.filled])
        XCTAssertEqual(folder.logged("can be read again"), 2)
    }

    func testNothingNewCostsOneLookAtEachFile() throws {
        let folder = try folder()
        try folder.append(folder.reports, folder.reportHeader)
        try folder.append(folder.results, folder.resultHeader)
        _ = folder.gate.updates()
        let before = folder.disk.operations
        XCTAssertEqual(statuses(folder), [])
        XCTAssertEqual(folder.disk.operations, before + 3)
    }
}
