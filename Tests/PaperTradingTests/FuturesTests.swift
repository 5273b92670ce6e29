import Gates
import Market
import XCTest

@testable import PaperTrading

/// Calculated by hand: RB is 10 tons a contract, margin 10 %, commission 0.01 %.
final class FuturesTests: XCTestCase {
    private let rebar = Security("RB2001.XSGE")
    private let wednesday = Day(number: 18178)

    func testALongPositionOverTwoDays() {
        let floor = Floor()
        floor.flat(at(9, 31), 3500, of: rebar)
        floor.order(4, at(9, 31), of: rebar)
        floor.flat(at(9, 32), 3500, of: rebar)
        // 4 × 10 × 3500 = 140,000: margin 14,000, commission 14.
        var snapshot = floor.exchange.snapshot(now: at(9, 32))
        XCTAssertEqual(floor.exchange.cash, yuan(99_986))
        XCTAssertEqual(snapshot.availableCash, yuan(85_986))
        floor.flat(at(14, 59), 3520, of: rebar)
        XCTAssertEqual(floor.exchange.equity, yuan(99_986 + 800))
        floor.exchange.advance(to: at(15, 5))
        // The day's 800 are paid, the margin is that of 140,800.
        snapshot = floor.exchange.snapshot(now: at(15, 5))
        XCTAssertEqual(floor.exchange.cash, yuan(100_786))
        XCTAssertEqual(snapshot.availableCash, yuan(100_786 - 14_080))
        XCTAssertEqual(snapshot.holdings.first?.cost, yuan(3500))
        floor.flat(at(9, 31, day: wednesday), 3510, of: rebar)
        XCTAssertEqual(floor.exchange.equity, yuan(100_786 - 400))
        floor.order(-1, at(9, 31, day: wednesday), of: rebar)
        floor.flat(at(9, 32, day: wednesday), 3510, of: rebar)
        // One contract loses 100 since the settlement; its commission is 3.51. It has earned 100 in all.
        XCTAssertEqual(floor.exchange.cash, yuan(100_786 - 100 - 3.51))
        XCTAssertEqual(floor.fills.last?.profit, yuan(100))
        XCTAssertEqual(floor.exchange.equity, yuan(100_786 - 400 - 3.51))
    }

    func testAShortPositionEarnsWhenPricesFall() {
        let floor = Floor()
        floor.flat(at(9, 31), 3500, of: rebar)
        floor.order(2, at(9, 31), side: .short, of: rebar)
        floor.flat(at(9, 32), 3500, of: rebar)
        XCTAssertEqual(floor.trades, ["-2 @ 3500"])
        floor.flat(at(9, 33), 3450, of: rebar)
        XCTAssertEqual(floor.exchange.equity, yuan(100_000 - 7 + 1000))
        floor.order(-2, at(9, 33), side: .short, of: rebar)
        floor.flat(at(9, 34), 3450, of: rebar)
        XCTAssertEqual(floor.trades.last, "2 @ 3450")
        XCTAssertEqual(floor.exchange.cash, yuan(100_000 - 7 + 1000 - 6.9))
        let snapshot = floor.exchange.snapshot(now: at(9, 34))
        XCTAssertEqual(snapshot.availableCash, floor.exchange.cash)
        XCTAssertTrue(snapshot.holdings.isEmpty)
    }

    func testAMarginCallClosesWhatTheCashDoesNotCover() {
        let floor = Floor()
        var said: [String] = []
        floor.exchange.log = { level, sentence in if level != .info { said.append(sentence) } }
        floor.flat(at(9, 31), 3500, of: rebar)
        floor.order(28, at(9, 31), of: rebar)
        floor.flat(at(9, 32), 3500, of: rebar)
        floor.flat(at(14, 59), 3400, of: rebar)
        floor.order(-28, at(15, 2), .at(3450), of: rebar)
        floor.exchange.advance(to: at(15, 5))
        // 100,000 less 98 of fees and 28,000 lost; 28 contracts need 95,200, and each that goes frees 3396.6.
        XCTAssertEqual(floor.trades.last, "-7 @ 3400")
        XCTAssertEqual(floor.exchange.cash, yuan(71_902 - 23.8))
        let snapshot = floor.exchange.snapshot(now: at(15, 5))
        XCTAssertEqual(snapshot.availableCash, yuan(71_878.2 - 71_400))
        XCTAssertEqual(snapshot.holdings.map(\.available), [21], "the order that would have closed them ended")
        XCTAssertEqual(
            said,
            [
                "margin call on 2019-10-08: the contracts need a margin of 95200, and the cash is 71902",
                "margin call: 7 long RB2001.XSGE were closed at the settlement price, 3400",
            ])
        floor.flat(at(9, 31, day: wednesday), 2900, of: rebar)
        floor.exchange.advance(to: at(15, 5, day: wednesday))
        XCTAssertEqual(floor.trades.last, "-21 @ 2900")
        XCTAssertTrue(floor.exchange.snapshot(now: at(15, 5, day: wednesday)).holdings.isEmpty)
        XCTAssertEqual(
            said.last,
            "the account has lost more than it had: it owes 33182.7 yuan after the settlement of 2019-10-09, and can open"
                + " nothing more")
        XCTAssertNotNil(floor.refusal(1, at(9, 31, day: wednesday + 1), of: rebar))
        let count = said.count
        floor.exchange.advance(to: at(15, 5, day: wednesday + 1))
        XCTAssertEqual(said.count, count, "what is owed is said once")
    }

    func testAMarginCallTakesTheLargestMarginFirst() {
        let floor = Floor()
        let index = Security("IH2001.CCFX")
        for (security, price) in [(rebar, 3500.0), (index, 800)] {
            floor.flat(at(9, 31), price, of: security)
            floor.order(security == rebar ? 14 : 1, at(9, 31), side: security == rebar ? .long : .short, of: security)
            floor.flat(at(9, 32), price, of: security)
        }
        floor.flat(at(9, 33), 3300, of: rebar)
        floor.flat(at(9, 33), 900, of: index)
        floor.exchange.advance(to: at(15, 5))
        // 58,000 are lost, and 46,200 + 32,400 are needed: steel goes first, as far as it takes.
        XCTAssertEqual(floor.trades.last, "-12 @ 3300")
        XCTAssertEqual(floor.holding(at(15, 5), of: rebar)?.amount, 2)
        XCTAssertGreaterThanOrEqual(floor.exchange.cash, floor.exchange.margins)
    }

    func testBothSidesAtOnceAndTheMarginLimitsWhatIsOpened() {
        let floor = Floor()
        floor.flat(at(9, 31), 3500, of: rebar)
        floor.order(10, at(9, 31), of: rebar)
        floor.order(10, at(9, 31), side: .short, of: rebar)
        floor.flat(at(9, 32), 3500, of: rebar)
        let snapshot = floor.exchange.snapshot(now: at(9, 32))
        XCTAssertEqual(snapshot.holdings.map(\.side), [.long, .short])
        XCTAssertEqual(snapshot.holdings.map(\.value), [yuan(35_000), yuan(35_000)])
        XCTAssertEqual(
            snapshot.availableCash + snapshot.lockedCash + snapshot.holdings.reduce(.zero) { $0 + $1.value },
            snapshot.totalValue)
        XCTAssertEqual(
            floor.refusal(9, at(9, 32), of: rebar), "it costs 31531.5 with fees, and 29930 is available")
        XCTAssertNil(floor.refusal(8, at(9, 32), of: rebar))
    }
}
