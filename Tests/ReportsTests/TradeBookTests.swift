import Market
import Reports
import XCTest

final class TradeBookTests: XCTestCase {
    private func profits(_ fills: [HistoryFill]) -> (each: [Money?], trades: [Money]) {
        var book = TradeBook()
        return (fills.map { book.take($0) }, book.closedTrades)
    }

    func testSoldSharesGainAgainstTheirAverageCostWithTheFeesOfBoth() {
        // Cost (1,000 + 5 + 1,200 + 5) / 200 = 11.05 a share.
        let result = profits([
            fill(0, .buy, 100, at: 10, fees: 5), fill(1, .buy, 100, at: 12, fees: 5),
            fill(2, .sell, 50, at: 13, fees: 3), fill(3, .sell, 150, at: 11, fees: 4),
        ])
        XCTAssertEqual(result.each, [nil, nil, yuan(650 - 3 - 552.5), yuan(1_650 - 4 - 1_657.5)])
    }

    func testPartsOfOneSaleAreOneTradeAndASaleAfterTheNextPurchaseIsAnother() {
        let result = profits([
            fill(0, .buy, 300, at: 10), fill(1, .sell, 100, at: 11), fill(1, .sell, 100, at: 9),
            fill(2, .buy, 100, at: 10), fill(3, .sell, 200, at: 12),
        ])
        XCTAssertEqual(result.trades, [yuan(0), yuan(400)])
    }

    func testAShortPositionGainsWhenThePriceFallsTimesItsMultiplier() {
        let code = "RB2001.XSGE"
        let result = profits([
            fill(0, .sell, 2, at: 3_800, fees: 4, position: .short, code: code, multiplier: 10),
            fill(1, .buy, 2, at: 3_750, fees: 4, position: .short, code: code, multiplier: 10),
        ])
        XCTAssertEqual(result.each, [nil, yuan(1_000 - 8)])
    }

    func testLongAndShortAndTwoSecuritiesAreKeptApart() {
        let result = profits([
            fill(0, .buy, 100, at: 10), fill(0, .sell, 100, at: 20, position: .short),
            fill(0, .buy, 100, at: 30, code: "600000.XSHG"), fill(1, .sell, 100, at: 11),
            fill(1, .buy, 100, at: 15, position: .short), fill(1, .sell, 100, at: 30, code: "600000.XSHG"),
        ])
        XCTAssertEqual(result.each.compactMap { $0 }, [yuan(100), yuan(500), .zero])
    }

    /// 100 yuan are paid for 200 shares, half of which were sold before: what is sold later has cost that much less.
    func testDividendsBelongToWhatWasHeldWhenTheyWerePaid() {
        let paid = HistoryDividend(time: close(1) + .seconds(1), security: Security("000001.XSHE"), cash: yuan(100))
        let fills = [
            fill(0, .buy, 200, at: 10), fill(1, .sell, 100, at: 10), fill(2, .sell, 100, at: 9.5),
            fill(3, .buy, 100, at: 10), fill(4, .sell, 100, at: 10),
        ]
        var book = TradeBook(dividends: [paid])
        XCTAssertEqual(fills.map { book.take($0) }, [nil, .zero, yuan(50), nil, .zero])
        XCTAssertEqual(book.closedTrades, [yuan(50), .zero])
        var run = history(start: 10_000, [10_000])
        (run.fills, run.dividends) = (fills, [paid])
        XCTAssertEqual(Metrics(run).winRate, 0.5)
    }

    func testASplitLeavesTheCostAndMovesTheAmount() {
        // 100 became 200: half of them cost 500.
        let result = profits([
            fill(0, .buy, 100, at: 10), fill(1, .sell, 100, at: 6, held: 100), fill(2, .sell, 100, at: 6, held: 0),
        ])
        XCTAssertEqual(result.each, [nil, yuan(100), yuan(100)])
    }

    func testASaleOfWhatWasNeverBoughtGainsAllItBrings() {
        XCTAssertEqual(profits([fill(0, .sell, 100, at: 10, fees: 1)]).each, [yuan(999)])
    }

    func testNumbersOutOfAllMeasureDoNotTrap() {
        let huge = HistoryFill(
            time: close(0), security: Security("000001.XSHE"), side: .buy, amount: .max, price: Money(units: .max),
            fees: Money(units: .max))
        var sold = huge
        sold.side = .sell
        sold.held = .max
        XCTAssertNotNil(profits([huge, huge, sold]).each[2])
    }
}
