import Gates
import Market
import XCTest

@testable import PaperTrading

final class TickMatchingTests: XCTestCase {
    func testAMarketOrderEatsTheBookAndWaitsForTheNext() {
        let floor = Floor()
        floor.tick(at(9, 30, 3), 10, asks: [(10.01, 200), (10.03, 300)])
        let id = floor.order(700, at(9, 30, 4))
        XCTAssertEqual(floor.trades, ["200 @ 10.01", "300 @ 10.03"])
        XCTAssertEqual(floor.status(id), .filling)
        // What was eaten is not there for another.
        floor.order(100, at(9, 30, 5))
        XCTAssertEqual(floor.trades.count, 2)
        floor.tick(at(9, 30, 6), 10.02, asks: [(10.02, 5000)])
        XCTAssertEqual(floor.trades.suffix(2), ["200 @ 10.02", "100 @ 10.02"])
    }

    func testALimitOrderTakesWhatIsGoodEnough() {
        let floor = Floor()
        floor.tick(at(9, 30, 3), 10, bids: [(9.99, 500)], asks: [(10.01, 200), (10.03, 300)])
        floor.order(400, at(9, 30, 4), .at(10.01))
        XCTAssertEqual(floor.trades, ["200 @ 10.01"])
        floor.tick(at(9, 30, 6), 10, bids: [(9.99, 500)], asks: [(10, 100)])
        XCTAssertEqual(floor.trades.last, "100 @ 10")
    }

    func testTheBestPriceIsTheOthersOrOneTickBeyondTheLast() {
        let floor = Floor()
        floor.tick(at(9, 30, 3), 10, asks: [(10.02, 100)])
        floor.order(200, at(9, 30, 4), .at(0))
        XCTAssertEqual(floor.trades, ["100 @ 10.02"])
        floor.tick(at(9, 30, 6), 10.02, asks: [(10.03, 5000)])
        XCTAssertEqual(floor.trades.count, 1, "the rest waits at 10.02")
        floor.tick(at(9, 30, 7), 5, of: steel)
        floor.order(100, at(9, 30, 8), .best, of: steel)
        XCTAssertEqual(floor.trades.last, "100 @ 5", "no book: the last price is better than the limit of 5.01")
    }

    func testAtTheHighestPriceNobodySells() {
        let floor = Floor()
        floor.facts(preClose: 10)
        floor.tick(at(9, 30, 3), 11, bids: [(11, 10_000)])
        floor.order(100, at(9, 30, 4), .at(11))
        floor.tick(at(9, 30, 6), 11)
        XCTAssertEqual(floor.trades, [])
        floor.tick(at(9, 30, 9), 11, asks: [(11, 100)])
        XCTAssertEqual(floor.trades, ["100 @ 11"])
    }

    func testTheOpeningAuctionGivesOnePriceToThoseBeforeIt() {
        let floor = Floor { $0.slippage = .fixed(yuan(0.1)) }
        floor.tick(at(9, 0), 9.5, volume: 0)
        let market = floor.order(100, at(9, 16))
        let below = floor.order(100, at(9, 24), .at(9.8))
        floor.tick(at(9, 24, 59), 9.9, volume: 0)
        floor.tick(at(9, 25, 3), 9.9, volume: 500, asks: [(9.91, 100_000)])
        XCTAssertEqual(floor.trades, ["100 @ 9.9"])
        let late = floor.order(100, at(9, 26))
        floor.tick(at(9, 26, 3), 9.9, volume: 500, asks: [(9.91, 100_000)])
        XCTAssertEqual(floor.trades.count, 1)
        floor.tick(at(9, 30), 9.9, volume: 600, asks: [(9.91, 100_000)])
        XCTAssertEqual(floor.trades, ["100 @ 9.9", "100 @ 9.91"])
        let updates = floor.updates()
        XCTAssertEqual(updates[market]?.news, .state(.filled))
        XCTAssertEqual(updates[late]?.news, .state(.filled))
        XCTAssertEqual(updates[below]?.news, .state(.open))
    }

    func testTheClosingAuctionMatchesOnceAtTheClose() {
        let floor = Floor()
        floor.tick(at(9, 30), 10, asks: [(10.01, 100_000)])
        floor.tick(at(14, 56, 59), 10, asks: [(10.01, 100_000)])
        let id = floor.order(100, at(14, 57), .at(10.05))
        floor.tick(at(14, 58), 10, asks: [(10.01, 100_000)])
        XCTAssertEqual(floor.trades, [])
        XCTAssertEqual(
            floor.exchange.cancel(id, now: at(14, 58)),
            .refused("cancels are not taken from 09:20 to 09:25 and in the closing auction"))
        floor.tick(at(15, 0, 3), 10.04)
        XCTAssertEqual(floor.trades, ["100 @ 10.04"])
    }

    func testFuturesTradeToTheEnd() {
        let floor = Floor()
        let future = Security("RB2001.XSGE")
        floor.tick(at(14, 58), 3500, of: future)
        floor.order(1, at(14, 58), of: future)
        XCTAssertEqual(floor.trades, ["1 @ 3500"])
    }
}
