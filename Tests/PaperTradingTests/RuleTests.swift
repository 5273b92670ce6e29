import Gates
import Market
import XCTest

@testable import PaperTrading

final class RuleTests: XCTestCase {
    private let wednesday = Day(number: 18178)

    func testSharesAreSoldOnTheNextDayAndFromTheListOnTheSame() {
        let gold = Security("518880.XSHG")
        let floor = Floor { $0.sameDayCodes = [gold] }
        for security in [bank, gold] {
            floor.flat(at(9, 31), 4, of: security)
            floor.order(1000, at(9, 31), of: security)
            floor.flat(at(9, 32), 4, of: security)
        }
        XCTAssertEqual(
            floor.refusal(-1000, at(9, 33)), "1000 cannot be sold: 0 of 1000 000001.XSHE are available")
        XCTAssertEqual(floor.holding(at(9, 33))?.available, 0)
        XCTAssertEqual(floor.holding(at(9, 33), of: gold)?.available, 1000)
        floor.order(-1000, at(9, 33), of: gold)
        XCTAssertEqual(floor.holding(at(9, 33), of: gold)?.available, 0, "an open order holds them")
        floor.exchange.advance(to: at(9, 0, day: wednesday))
        XCTAssertEqual(floor.holding(at(9, 0, day: wednesday))?.available, 1000)
        XCTAssertEqual(floor.holding(at(9, 0, day: wednesday), of: gold)?.available, 1000, "the order has ended")
    }

    func testTPlusHoldsForAll() {
        for (days, refusal) in [(0, nil), (1, "100 cannot be sold: 0 of 100 113001.XSHG are available")] {
            let floor = Floor { $0.tPlus = days }
            let bond = Security("113001.XSHG")
            floor.flat(at(9, 31), 110, of: bond)
            floor.order(100, at(9, 31), of: bond)
            floor.flat(at(9, 32), 110, of: bond)
            XCTAssertEqual(floor.refusal(-100, at(9, 32), of: bond), refusal)
        }
    }

    func testAfterTheCloseAnOrderIsForTheNextDay() {
        let floor = Floor()
        floor.flat(at(9, 31), 10)
        floor.order(100, at(9, 31))
        floor.flat(at(15, 0), 10)
        let sale = floor.order(-100, at(15, 0))
        floor.flat(at(9, 31, day: wednesday), 10.5)
        XCTAssertEqual(floor.trades, ["100 @ 10", "-100 @ 10.5"])
        XCTAssertEqual(floor.status(sale), .filled)
    }

    func testAtTheCloseOfThisDaySharesOfTodayStillWait() {
        let floor = Floor { $0.fill = .thisClose }
        floor.flat(at(15, 0), 10)
        floor.order(100, at(15, 0))
        XCTAssertEqual(floor.trades, ["100 @ 10"])
        XCTAssertEqual(floor.refusal(-100, at(15, 0)), "100 cannot be sold: 0 of 100 000001.XSHE are available")
    }

    func testASplitEndsTheOrdersThatSell() {
        let floor = Floor {
            $0.rules = .none
            $0.actions = [CorporateAction(security: bank, exDate: wednesday, ratio: 100_000)]
        }
        floor.flat(at(9, 31), 10)
        floor.order(300, at(9, 31))
        floor.flat(at(9, 32), 10)
        let sale = floor.order(-300, at(9, 32), .at(12))
        floor.exchange.advance(to: at(9, 0, day: wednesday))
        XCTAssertEqual(floor.updates()[sale]?.message, "the shares were split")
        XCTAssertEqual(floor.holding(at(9, 0, day: wednesday))?.available, 30)
    }

    func testLotsAndOddLots() {
        let floor = Floor()
        let star = Security("688001.XSHG")
        floor.flat(at(9, 31), 10)
        floor.flat(at(9, 31), 30, of: star)
        XCTAssertEqual(
            floor.refusal(150, at(9, 31)),
            "150 is no amount of 000001.XSHE, which is ordered in lots of 100, at least 100")
        XCTAssertEqual(floor.refusal(199, at(9, 31), of: star)?.hasPrefix("199 is no amount"), true)
        XCTAssertNil(floor.refusal(201, at(9, 31), of: star))
        XCTAssertEqual(
            floor.refusal(1_000_100, at(9, 31), .at(0.01)),
            "1000100 is more than the largest order of 000001.XSHE, 1000000")
    }

    func testWhatIsLeftBelowALotIsSoldWholeAloneOrWithLots() {
        let split = CorporateAction(security: bank, exDate: wednesday, ratio: 1_150_000)
        for (amount, isTaken) in [(45, true), (145, true), (300, true), (345, true), (44, false), (150, false)] {
            let floor = Floor { $0.actions = [split] }
            floor.flat(at(9, 31), 10)
            floor.order(300, at(9, 31))
            floor.flat(at(9, 32), 10)
            XCTAssertEqual(floor.holding(at(9, 31, day: wednesday))?.amount, 345)
            XCTAssertEqual(floor.refusal(Int64(-amount), at(9, 31, day: wednesday)) == nil, isTaken, "\(amount)")
            floor.flat(at(9, 32, day: wednesday), 9)
            XCTAssertEqual(floor.trades.last, isTaken ? "-\(amount) @ 9" : "300 @ 10")
        }
    }

    func testPricesWithinTheLimitsAndOnTheTick() {
        let floor = Floor()
        floor.facts(preClose: 10.05)
        XCTAssertEqual(
            floor.refusal(100, at(9, 31), .at(11.07)),
            "11.07 is above 11.06, the highest price of 000001.XSHE on 2019-10-08")
        XCTAssertEqual(
            floor.refusal(100, at(9, 31), .at(9.04)),
            "9.04 is below 9.05, the lowest price of 000001.XSHE on 2019-10-08")
        XCTAssertEqual(
            floor.refusal(100, at(9, 31), .at(10.005)),
            "10.005 is between two prices of 000001.XSHE, which are 0.01 apart")
        XCTAssertEqual(floor.refusal(100, at(9, 31), .at(-1)), "-1 is no price: it must be above 0")
        XCTAssertNil(floor.refusal(100, at(9, 31), .at(11.06)))
    }

    func testWithoutPreCloseTheCloseBeforeMakesTheLimits() {
        let thursday = Day(number: 18179)
        let floor = Floor { $0.actions = [CorporateAction(security: bank, exDate: thursday, cash: 500_000)] }
        var said: [String] = []
        floor.exchange.log = { said.append($1) }
        floor.bar(at(15, 0), 10.5, 11.11, 10, 11.11, unit: .day)
        floor.order(100, at(15, 0))
        floor.bar(at(15, 0, day: wednesday), 12.22, 12.22, 12.22, 12.22, unit: .day)
        XCTAssertEqual(floor.trades, [], "one price all day, the highest")
        XCTAssertEqual(
            floor.refusal(100, at(9, 0, day: thursday), .at(12.9)),
            "12.9 is above 12.89, the highest price of 000001.XSHE on 2019-10-10", "(12.22 - 0.5) × 1.1")
        XCTAssertEqual(
            said,
            [
                "price limits: reckoned from the close before, for the market data gives neither limits nor pre_close;"
                    + " on the first day there are none"
            ])
    }

    func testWhatTheMarketContradictsIsNoLimit() {
        let floor = Floor()
        floor.bar(at(15, 0), 10, 10, 10, 10, unit: .day)
        floor.order(100, at(15, 0))
        floor.bar(at(15, 0, day: wednesday), 5, 5, 5, 5, unit: .day)
        XCTAssertEqual(floor.trades, ["100 @ 5"], "it was split, and nobody said so")
        floor.order(-100, at(15, 0, day: wednesday))
        floor.bar(at(15, 0, day: wednesday + 1), 4.5, 4.5, 4.5, 4.5, unit: .day)
        XCTAssertEqual(floor.trades.count, 1, "from then on limits hold again")
        // A share in its first days: it begins near the close before and goes far beyond.
        floor.flat(at(9, 31, day: wednesday + 2), 4.6)
        floor.flat(at(9, 32, day: wednesday + 2), 6)
        XCTAssertNil(floor.refusal(100, at(9, 32, day: wednesday + 2), .at(6.5)))
        floor.flat(at(9, 33, day: wednesday + 2), 6.4)
        XCTAssertEqual(floor.trades.last, "100 @ 6.4")
    }

    func testThePriceCage() {
        let day = Day(number: 19800)  // 2024-03-18
        let floor = Floor()
        floor.tick(at(9, 30, 3, day: day), 10, bids: [(10, 100)], asks: [(10.05, 100)])
        XCTAssertEqual(
            floor.refusal(100, at(9, 30, 4, day: day), .at(10.26)),
            "10.26 is outside the price cage: a buy of 000001.XSHE may be at 10.25 at most while others are at 10.05")
        XCTAssertNil(floor.refusal(100, at(9, 30, 4, day: day), .at(10.25)))
    }

    func testStrangeOrdersAreRefused() {
        let floor = Floor()
        floor.flat(at(9, 31), 10)
        let table: [(Security, Int64, PositionSide, String)] = [
            (Security("XYZ"), 100, .long, "XYZ is no code of a share, fund, convertible bond or future"),
            (bank, 100, .short, "000001.XSHE cannot be sold short"),
            (bank, 1 << 41, .long, "2199023255552 is no amount that anybody can order"),
            (Security("ZZ2001.XSGE"), 1, .long, "ZZ2001.XSGE is a contract of ZZ.XSGE, which is not known here"),
            (bank, -100, .long, "100 cannot be sold: 0 of 0 000001.XSHE are available"),
        ]
        for (security, amount, side, beginning) in table {
            let refusal = floor.refusal(amount, at(9, 31), side: side, of: security) ?? "none"
            XCTAssertTrue(refusal.hasPrefix(beginning), refusal)
        }
        let ticket = floor.ticket(bank, 100, .market, side: .long, at(9, 31))
        XCTAssertEqual(floor.exchange.submit(ticket, now: at(9, 31)), .sent)
        XCTAssertEqual(
            floor.exchange.submit(ticket, now: at(9, 31)), .refused("the order \(ticket.id) is here already"))
        XCTAssertEqual(floor.exchange.cancel("no", now: at(9, 31)), .refused("no order no is open here"))
    }

    func testACancelGivesTheCashBack() {
        let floor = Floor()
        floor.flat(at(9, 31), 10)
        let id = floor.order(1000, at(9, 31), .at(9.5))
        XCTAssertEqual(floor.exchange.snapshot(now: at(9, 31)).lockedCash, yuan(9505.19))
        XCTAssertEqual(floor.exchange.cancel(id, now: at(9, 32)), .sent)
        let snapshot = floor.exchange.snapshot(now: at(9, 32))
        XCTAssertEqual([snapshot.lockedCash, snapshot.availableCash], [.zero, yuan(100_000)])
        XCTAssertEqual(floor.status(id), .canceled)
        XCTAssertEqual(
            floor.exchange.cancel(id, now: at(9, 33)), .refused("no order \(id) is open here"))
    }

    func testOrdersEndWithTheirDayButNotWithoutRules() {
        for (rules, status) in [(MarketRules.aShare, OrderStatus.canceled), (.none, nil)] {
            let floor = Floor { $0.rules = rules }
            floor.flat(at(9, 31), 10)
            let id = floor.order(100, at(9, 31), .at(9))
            _ = floor.updates()
            var closes: [DayClose] = []
            floor.exchange.onSettled = { closes.append($0) }
            floor.exchange.advance(to: at(15, 4, 59))
            XCTAssertTrue(closes.isEmpty)
            floor.exchange.advance(to: at(15, 5))
            XCTAssertEqual(closes.map(\.day), [tuesday])
            XCTAssertEqual(floor.status(id), status)
        }
    }
}
