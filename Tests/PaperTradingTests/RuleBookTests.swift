import Market
import XCTest

@testable import PaperTrading

final class RuleBookTests: XCTestCase {
    private func book(_ text: String) throws -> RuleBook { try RuleBook(json: Array(text.utf8), name: "rules.json") }

    func testAFileChangesWhatItNames() throws {
        let book = try book(
            """
            {"same_day": ["518880.XSHG"],
             "limits": [{"code": "000001.XSHE", "from": "2019-10-01", "to": "2019-10-31", "percent": 5},
                        {"code": "600019.XSHG", "percent": null}],
             "fees": {"commission": 0.00025, "min_commission": 0, "stamp_duty": 0.0005},
             "futures": {"RB.XSGE": {"margin": 0.15, "commission_per_lot": 3},
                         "zz.xsge": {"multiplier": 5, "tick": 0.5, "margin": 0.2}}}
            """)
        XCTAssertEqual(book.sameDayCodes, [Security("518880.XSHG")])
        XCTAssertEqual(book.thousandths(of: bank, on: tuesday), 50)
        XCTAssertEqual(book.thousandths(of: bank, on: Day(number: 18201)), 100)
        XCTAssertNil(book.thousandths(of: steel, on: tuesday))
        let fees = book.fees(of: .share, on: tuesday)
        XCTAssertEqual(
            [fees.openCommission, fees.closeCommission, fees.sellingDuty, fees.transfer], [250, 250, 500, 20])
        XCTAssertEqual(fees.leastCommission, .zero)
        let rebar = book.product(of: Security("RB2001.XSGE"))
        XCTAssertEqual([rebar?.multiplier, rebar?.margin, rebar?.fees.openCommission], [10, 150, 0])
        XCTAssertEqual(rebar?.fees.lotCommission, yuan(3))
        XCTAssertEqual(book.product(of: Security("ZZ2001.XSGE"))?.tick, yuan(0.5))
    }

    func testAMistakeIsNamedByItsPlace() {
        let mistakes = [
            ("{", "rules.json: line 1, column 2: "), ("[]", "rules.json must be an object: {…}"),
            ("{\"sameday\": []}", "rules.json: sameday is not known: did you mean same_day?"),
            ("{\"same_day\": [1]}", "rules.json: same_day[0] must be a code, like \"000001.XSHE\""),
            ("{\"limits\": [{\"code\": \"000001.XSHE\"}]}", "rules.json: limits[0] needs a code and a percent"),
            (
                "{\"limits\": [{\"code\": \"000001.XSHE\", \"percent\": 5, \"from\": \"today\"}]}",
                "rules.json: limits[0].from must be a day, like \"2024-05-06\""
            ),
            ("{\"fees\": {\"commission\": 3}}", "rules.json: fees.commission must be a number from 0 to below 1"),
            ("{\"futures\": {\"RB\": {}}}", "rules.json: futures.RB is no product: write its letters and the exchange"),
            ("{\"futures\": {\"ZZ.XSGE\": {}}}", "rules.json: futures.ZZ.XSGE needs a multiplier"),
            (
                "{\"futures\": {\"RB.XSGE\": {\"multiplier\": 0}}}",
                "rules.json: futures.RB.XSGE.multiplier must be a whole number from 1 to 1000000"
            ),
        ]
        for (text, beginning) in mistakes {
            XCTAssertThrowsError(try book(text)) { XCTAssertTrue("\($0)".hasPrefix(beginning), "\($0)") }
        }
    }
}
