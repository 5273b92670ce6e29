import FileOrders
import Market
import XCTest

/// What a terminal's account holds at first, as a person writes it down.
final class TerminalPositionsTests: XCTestCase {
    private func holdings(_ text: String) throws -> [Security: TerminalAccount.Holding] {
        try TerminalAccount.holdings(csv: Array(text.utf8), path: "p.csv", format: .oneQuant)
    }

    func testPositionsWithAllColumnsOrFewer() throws {
        let held = try holdings(
            "\u{FEFF}code,amount,available,cost,last\r\n000001.XSHE,1000,400,10.5,10.8\r\n600000.SH, 200 \n\n"
                + "600036.XSHG,100,,35")
        XCTAssertEqual(held.count, 3)
        XCTAssertEqual(
            held[Security("000001.XSHE")],
            .init(amount: 1000, available: 400, costPrice: Money(units: 105_000), lastPrice: Money(units: 108_000)))
        let standard = TerminalAccount.standardPrice(of: Security("600000.XSHG"))
        XCTAssertEqual(held[Security("600000.XSHG")], .init(amount: 200, costPrice: standard))
        XCTAssertEqual(held[Security("600036.XSHG")]?.available, 100)
        XCTAssertEqual(held[Security("600036.XSHG")]?.lastPrice, Money(35))
        XCTAssertTrue(try holdings("").isEmpty)
    }

    func testABadLineIsNamed() {
        for (text, sentence) in [
            ("code,amount\n000001.XSHE,-1\n", "line 2 of p.csv is not CODE,AMOUNT"),
            ("000001.XSHE,100,200\n", "line 1 of p.csv is not CODE,AMOUNT"),
            ("RB2001.XSGE,1\n", "line 1 of p.csv is not CODE,AMOUNT"),
            ("000001.XSHE,100,100,0\n", "line 1 of p.csv is not CODE,AMOUNT"),
            ("000001.XSHE,99999999999999\n", "line 1 of p.csv is not CODE,AMOUNT"),
            ("000001.XSHE,1\n000001.SZ,1\n", "line 2 of p.csv names 000001.XSHE once more."),
        ] {
            XCTAssertThrowsError(try holdings(text)) { XCTAssertTrue("\($0)".hasPrefix(sentence), "\($0)") }
        }
    }
}
