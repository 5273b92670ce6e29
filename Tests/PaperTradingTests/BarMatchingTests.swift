import Gates
import Market
import XCTest

@testable import PaperTrading

final class BarMatchingTests: XCTestCase {
    func testAnOrderGivenAfterABarTradesAtTheNextOpen() {
        let floor = Floor()
        floor.flat(at(9, 31), 10)
        let id = floor.order(200, at(9, 31))
        // Another bar of the same instant was traded before the order was given.
        floor.flat(at(9, 31), 9)
        XCTAssertEqual(floor.trades, [])
        floor.bar(at(9, 32), 10.05, 10.2, 10, 10.1)
        XCTAssertEqual(floor.trades, ["200 @ 10.05"])
        XCTAssertEqual(floor.status(id), .filled)
    }

    func testThisCloseTradesAtOnceAtTheCloseOfTheBar() {
        let floor = Floor { $0.fill = .thisClose }
        floor.bar(at(9, 31), 10, 10.2, 9.9, 10.1)
        floor.order(200, at(9, 31))
        XCTAssertEqual(floor.trades, ["200 @ 10.1"])
        floor.order(200, at(9, 31), .at(10))
        XCTAssertEqual(floor.trades.count, 1)
        floor.bar(at(9, 32), 10.05, 10.1, 10, 10.05)
        XCTAssertEqual(floor.trades.last, "200 @ 10")
        floor.bar(at(15, 0), 10.5, 10.6, 10.4, 10.6)
        floor.order(100, at(15, 0))
        XCTAssertEqual(floor.trades.last, "100 @ 10.6", "the last bar's close is a close as any other")
    }

    func testLimitOrdersOnBothSides() {
        // limit, bar (open, high, low), price of a buy, price of a sale
        let table: [(Double, (Double, Double, Double), String?, String?)] = [
            (10, (10.5, 10.6, 10.2), nil, "10.5"),
            (10, (10.5, 10.6, 10), "10", "10.5"),
            (10, (10.5, 10.6, 9.9), "10", "10.5"),
            (10, (9.5, 9.8, 9.4), "9.5", nil),
            (10, (9.5, 10.1, 9.4), "9.5", "10"),
            (10, (10, 10, 10), "10", "10"),
        ]
        for (limit, bar, buy, sale) in table {
            for (amount, price) in [(Int64(100), buy), (-100, sale)] {
                let floor = Floor { $0.tPlus = 0 }
                floor.flat(at(9, 31), 10)
                floor.order(100, at(9, 31))
                floor.flat(at(9, 32), 10)
                floor.order(amount, at(9, 32), .at(limit))
                floor.bar(at(9, 33), bar.0, bar.1, bar.2, bar.0)
                let trade = price.map { "\(amount) @ \($0)" }
                XCTAssertEqual(floor.trades.dropFirst().first, trade, "\(amount) at \(limit) in \(bar)")
            }
        }
    }

    func testSlippageIsHalfOfTheSpreadForEachSideAndEndsOnAPrice() {
        let table: [(Slippage, String, String)] = [
            (.fixed(yuan(0.04)), "10.02", "9.98"), (.fixed(yuan(0.01)), "10.01", "9.99"),
            (.relative(millionths: 2460), "10.02", "9.98"), (.steps(2), "10.01", "9.99"), (.steps(3), "10.02", "9.98"),
        ]
        for (slippage, buy, sale) in table {
            let floor = Floor {
                $0.slippage = slippage
                $0.tPlus = 0
            }
            floor.flat(at(9, 31), 10)
            floor.order(100, at(9, 31))
            floor.flat(at(9, 32), 10)
            floor.order(-100, at(9, 32))
            floor.flat(at(9, 33), 10)
            XCTAssertEqual(floor.trades, ["100 @ \(buy)", "-100 @ \(sale)"], "\(slippage)")
        }
    }

    func testOrdersOfABarShareItsVolumeInTheOrderOfArrival() {
        let floor = Floor()
        floor.flat(at(9, 31), 10)
        let first = floor.order(600, at(9, 31))
        let second = floor.order(600, at(9, 31))
        floor.flat(at(9, 32), 10, volume: 3500)  // 25 % are 875
        XCTAssertEqual(floor.trades, ["600 @ 10", "200 @ 10"])
        let updates = floor.updates()
        XCTAssertEqual(updates[first]?.news, .state(.filled))
        XCTAssertEqual(updates[second]?.news, .state(.filling))
        floor.flat(at(9, 33), 10.1, volume: 0)
        XCTAssertEqual(floor.trades.count, 2)
        floor.flat(at(9, 34), 10.1, volume: 100_000)
        XCTAssertEqual(floor.trades.last, "400 @ 10.1")
        XCTAssertEqual(floor.updates()[second]?.averagePrice, Money(units: 100_667))
    }

    func testWithoutAShareAnyAmountTrades() {
        let floor = Floor {
            $0.rules = .none
            $0.volumeShare = 0
        }
        let any = Security("BTCUSDT")
        floor.flat(at(3, 0), 0.0123, volume: 1, of: any)
        floor.order(7, at(3, 0), of: any)
        floor.flat(at(4, 0), 0.0123, volume: 1, of: any)
        XCTAssertEqual(floor.trades, ["7 @ 0.0123"])
        floor.order(-7, at(4, 0), of: any)
        floor.flat(at(5, 0), 0.02, volume: 1, of: any)
        XCTAssertEqual(floor.trades.last, "-7 @ 0.02", "no rule keeps what was bought today")
    }

    func testTheBestPriceOnBarsIsOneTickBeyondTheLast() {
        let floor = Floor()
        floor.flat(at(9, 31), 10)
        let id = floor.order(100, at(9, 31), .best)
        floor.bar(at(9, 32), 10.02, 10.05, 10.02, 10.03)
        XCTAssertEqual(floor.trades, [])
        floor.bar(at(9, 33), 10.02, 10.05, 10.0, 10.03)
        XCTAssertEqual(floor.trades, ["100 @ 10.01"])
        XCTAssertEqual(floor.status(id), .filled)
    }

    func testNothingTradesWithoutTheOtherSide() {
        let floor = Floor()
        floor.facts(preClose: 10)
        floor.flat(at(9, 31), 10)
        floor.order(100, at(9, 31))
        floor.flat(at(9, 32), 11)
        XCTAssertEqual(floor.trades, [], "locked at the highest price")
        floor.bar(at(9, 33), 11, 11, 10.9, 10.95)
        XCTAssertEqual(floor.trades, ["100 @ 11"])
        XCTAssertEqual(floor.fills.last?.time, at(9, 33), "not at the open, but when the limit was left")
    }

    func testAnOrderTradesOnlyInBarsThatBeginWhenItIsThere() {
        let floor = Floor()
        floor.flat(at(10, 0), 10)
        floor.order(100, at(10, 0, 30))
        floor.bar(at(10, 1), 10.1, 10.2, 10, 10.1)
        XCTAssertEqual(floor.trades, [], "that bar began before")
        floor.bar(at(10, 2), 10.2, 10.3, 10.2, 10.3)
        XCTAssertEqual(floor.trades, ["100 @ 10.2"])
        XCTAssertEqual(floor.fills.last?.time, at(10, 1))
        // The hour of trading that ends at 14:00 began at 13:00.
        floor.bar(at(10, 30), 10, 10, 10, 10, unit: .minutes60)
        floor.order(100, at(10, 45))
        floor.order(100, at(10, 45), .at(9.9))
        floor.bar(at(11, 30), 9.8, 10, 9.7, 10, unit: .minutes60)
        XCTAssertEqual(floor.trades.count, 1)
        floor.bar(at(14, 0), 10, 10.4, 9.9, 10.4, unit: .minutes60)
        XCTAssertEqual(floor.trades.suffix(2), ["100 @ 10", "100 @ 9.9"])
        XCTAssertEqual(floor.fills.suffix(2).map(\.time), [at(13, 0), at(14, 0)])
    }

    func testABarThatComesLateIsThereWithTheOrderThatAnswersTheOneBefore() {
        let floor = Floor()
        floor.exchange.lateness = .seconds(3)
        floor.flat(at(10, 0), 10)
        floor.order(100, at(10, 0, 2))
        floor.order(200, at(10, 0, 4))
        floor.bar(at(10, 1), 10.1, 10.2, 10, 10.1)
        XCTAssertEqual(floor.trades, ["100 @ 10.1"])
        XCTAssertEqual(floor.fills.last?.time, at(10, 0, 2), "no fill is before its order")
    }

    func testADaysBarTradesWhatWasGivenBeforeItsOpen() {
        let wednesday = tuesday + 1
        let floor = Floor()
        let early = floor.order(100, at(9, 20))
        let atOpen = floor.order(200, at(9, 30))
        let within = floor.order(300, at(14, 0), .at(9.5))
        let forClose = floor.order(400, at(14, 58))
        floor.bar(at(15, 0), 10, 10.2, 9.4, 9.9, unit: .day)
        XCTAssertEqual(floor.trades, ["100 @ 10", "200 @ 10", "400 @ 9.9"])
        XCTAssertEqual(floor.fills.map(\.time), [at(9, 30), at(9, 30), at(15, 0)])
        XCTAssertEqual(floor.fills.map(\.id), [early, atOpen, forClose])
        floor.bar(at(15, 0, day: wednesday), 9.8, 9.9, 9.4, 9.6, unit: .day)
        XCTAssertEqual(floor.trades.last, "300 @ 9.5")
        XCTAssertEqual(floor.fills.last?.id, within)
    }

    func testThisCloseWithinABarIsItsOwnClose() {
        let floor = Floor { $0.fill = .thisClose }
        floor.flat(at(10, 30), 10)
        floor.order(100, at(10, 45))
        XCTAssertEqual(floor.trades, [], "the last close was before it")
        floor.bar(at(11, 30), 9.8, 10.2, 9.7, 10.1, unit: .minutes60)
        XCTAssertEqual(floor.trades, ["100 @ 10.1"])
        floor.order(200, at(14, 0))
        floor.bar(at(15, 0), 9.8, 10.2, 9.7, 9.9, unit: .day)
        XCTAssertEqual(floor.trades.last, "200 @ 9.9")
        XCTAssertEqual(floor.fills.last?.time, at(15, 0))
    }

    func testNothingTradesOutsideTheSessionsOrWhenPaused() {
        let floor = Floor()
        floor.facts(preClose: 5, isPaused: true, of: steel)
        floor.flat(at(9, 31), 10)
        floor.order(100, at(11, 30), .at(10))
        floor.flat(at(12, 30), 9)
        XCTAssertEqual(floor.trades, [])
        floor.flat(at(13, 1), 9.5)
        XCTAssertEqual(floor.trades, ["100 @ 9.5"])
        XCTAssertEqual(floor.refusal(100, at(13, 1), of: steel), "600019.XSHG is not traded on 2019-10-08")
    }

    func testWhatTheCashDoesNotPayForIsCanceled() {
        let floor = Floor()
        floor.flat(at(9, 31), 10)
        XCTAssertEqual(
            floor.refusal(10_000, at(9, 31)), "it costs 100032 with fees, and 100000 is available")
        let id = floor.order(9900, at(9, 31))
        floor.flat(at(9, 32), 10.5, volume: 100_000_000)
        XCTAssertEqual(floor.trades, ["9500 @ 10.5"])
        let update = floor.updates()[id]
        XCTAssertEqual(update?.news, .state(.partly_canceled))
        XCTAssertEqual(update?.message, "the cash pays for no more")
        XCTAssertEqual(floor.exchange.snapshot(now: at(9, 32)).lockedCash, .zero)
    }
}
