import CSupport
import Notation
import XCTest

/// The simulated terminal as a person starts it.
final class RunTerminalTests: WorkplaceTestCase {
    private let header =
        "updTime,custBatchNo,acctType,acct,symbol,tradeSide,targetQty,algoId,priceType,ticks,highLimitPrice,lowLimitPrice\n"

    private func start(_ more: [String] = []) throws -> RunningProgram {
        let program = try place.start(
            ["run_terminal", "--dir", place.folder + "/orders", "--account", "8890", "--ledger", "ledger"] + more)
        XCTAssertTrue(eventually { !names("assetInfo_").isEmpty }, program.errors)
        return program
    }

    private func names(_ prefix: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: place.folder + "/orders")) ?? []
        return all.filter { $0.hasPrefix(prefix) }
    }

    /// The file of orders belongs to the day of the terminal's own files.
    private func order(_ id: Int) throws {
        let day = try XCTUnwrap(names("assetInfo_").first).dropFirst("assetInfo_".count)
        let name = "orders/algoOrder_\(day)"
        let row = "093000.000000,\(id),UM0,8890,600000.SH,1,100,DMA,AT,0,9.8,9.8\n"
        let before = place.exists(name) ? place.read(name) : header
        try place.write(before + row, to: name)
    }

    private func accepted() throws -> [String] {
        try place.read("ledger").split(separator: "\n").map { try JSON(parsing: $0) }
            .filter { $0["event"]?.string == "accepted" }.compactMap { $0["id"]?.string }
    }

    func testOrdersAreFilledAcrossAKillAndCtrlCEndsItWithASummary() throws {
        try FileManager.default.createDirectory(atPath: place.folder + "/orders", withIntermediateDirectories: true)
        let first = try start(["--market-data", "limit"])
        try order(1)
        try first.waitFor("filled 1: 100 of 100 600000.XSHG, id 1")
        let second = try place.run(["run_terminal", "--dir", "orders", "--account", "8890"])
        XCTAssertEqual(second.code, 1)
        XCTAssertTrue(second.errors.contains("another simulated terminal is at work"), second.errors)
        first.send(SIGKILL)
        try first.waitForExit()
        try order(2)
        let again = try start(["--market-data", "limit"])
        try again.waitFor("filled 2")
        again.send(SIGINT)
        let end = try again.waitForExit()
        XCTAssertEqual(end.code, 0)
        XCTAssertTrue(end.output.contains("orders taken: 2 (2 filled), refused: 0\ncash 998040,"), end.output)
        XCTAssertEqual(try accepted(), ["1", "2"])
    }

    /// What another has written in a folder is not overwritten, also where simulated terminals have been at work before.
    func testAFolderWhereARealTerminalMayBeAtWorkIsLeftAlone() throws {
        try FileManager.default.createDirectory(atPath: place.folder + "/orders", withIntermediateDirectories: true)
        let first = try start()
        first.send(SIGTERM)
        XCTAssertEqual(try first.waitForExit().code, 0)
        let name = "orders/" + (try XCTUnwrap(names("assetInfo_").first))
        // Made while the other is there, it has another number.
        try place.write("a real account", to: "orders/new")
        XCTAssertEqual(rename(place.folder + "/orders/new", place.folder + "/" + name), 0)
        let second = try place.run(["run_terminal", "--dir", "orders", "--account", "8890"])
        XCTAssertEqual(second.code, 1)
        XCTAssertTrue(second.errors.contains("\(name) was not written by a simulated terminal"), second.errors)
        XCTAssertEqual(place.read(name), "a real account")
        try place.write("1,", to: "cats/OrderReportList.csv")
        let third = try place.run(["run_terminal", "--dir", "cats", "--account", "8890", "--format", "cats"])
        XCTAssertTrue(third.errors.contains("OrderReportList.csv was not written"), third.errors)
    }

    func testItGoesByTheHomesRulesAndActions() throws {
        for (name, text, sentence) in [
            ("rules.json", #"{"fees": {"comission": 0}}"#, "comission"), ("actions.csv", "code,when\n", "ex_date"),
        ] {
            try place.write(text, to: "home/" + name)
            let end = try place.run(["run_terminal", "--dir", ".", "--account", "1"])
            XCTAssertEqual(end.code, 1, end.errors)
            XCTAssertTrue(end.errors.contains("\(place.home)/\(name)") && end.errors.contains(sentence), end.errors)
            try FileManager.default.removeItem(atPath: place.home + "/" + name)
        }
    }

    func testBadInputIsASentence() throws {
        for (words, code, sentence) in [
            (["--dir", "nowhere", "--account", "1"], 1, "there is no folder"),
            (["--dir", "."], 2, "run_terminal needs --account NO"),
            (["--dir", ".", "--account", "1", "--faults", "tron=1"], 2, "Did you mean torn?"),
            (["--dir", ".", "--account", "1", "--format", "qmt"], 2, "--format is one of onequant, cats"),
            (["--dir", ".", "--account", "1", "--cash", "lots"], 2, "--cash asks for yuan"),
            (["--dir", ".", "--account", "1", "--encoding", "big5"], 2, "--encoding is GBK or UTF-8"),
            (["--dir", ".", "--account", "1", "--positions", "none.csv"], 1, "there is no file"),
            (["--dir", ".", "--account", "1", "--market-data", "csv:none.csv"], 1, "none.csv"),
            (["--dir", ".", "--account", "1", "--market-data", "random:seed=x"], 1, "is no whole number"),
            (["--dir", ".", "--account", "1", "--market-data", "cvs:a"], 1, "did you mean \"csv\"?"),
            (["--dir", ".", "--account", "a,b"], 2, "--account asks for a number"),
        ] {
            let end = try place.run(["run_terminal"] + words)
            XCTAssertEqual(end.code, Int32(code), words.joined(separator: " "))
            XCTAssertTrue(end.errors.contains(sentence), end.errors)
        }
    }
}
