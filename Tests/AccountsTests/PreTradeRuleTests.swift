import Gates
import Market
import XCTest

@testable import Accounts

final class PreTradeRuleTests: XCTestCase {
    private let star = Security("688001.XSHG")

    private func account(_ change: (inout AccountOptions) -> Void = { _ in }) throws -> (Desk, Account) {
        let desk = Desk(cash: 100_000, shares: [bank: 1050, star: 150])
        change(&desk.options)
        return (desk, try desk.openSynced())
    }

    private func rule(_ request: OrderRequest, _ now: Instant = at(9, 31)) throws -> Refusal.Rule? {
        try account().1.refusal(request, now)?.rule
    }

    private func sentence(_ request: OrderRequest) throws -> String {
        try account().1.refusal(request, at(9, 31))?.sentence ?? ""
    }

    func testCodesAmountsAndSides() throws {
        for code in ["000001", "000001.XSHG", "RB2001.XSGE", "00001.XSHE", "", "999999.XSHE", "浦发"] {
            XCTAssertEqual(try rule(OrderRequest(Security(code), 100, .limit(10))), .code, code)
        }
        XCTAssertEqual(try rule(OrderRequest(bank, 0)), .amount)
        XCTAssertEqual(try rule(OrderRequest(bank, .max)), .amount)
        XCTAssertEqual(try rule(OrderRequest(bank, .min)), .amount)
        XCTAssertEqual(try rule(OrderRequest(bank, 100, .limit(10), side: .short)), .side)
        XCTAssertNil(try rule(OrderRequest(bank, 100, .limit(10))))
    }

    func testLotsAndOddLots() throws {
        XCTAssertEqual(
            try sentence(OrderRequest(bank, 150, .limit(10))),
            "150 is no amount of 000001.XSHE, which is ordered in whole lots of 100, at least 100: the nearest right amount"
                + " is 100 or 200, or all 1050".replacingOccurrences(of: ", or all 1050", with: ""))
        XCTAssertEqual(try rule(OrderRequest(bank, 99, .limit(10))), .lot)
        XCTAssertNil(try rule(OrderRequest(bank, -1000, .limit(10))))
        XCTAssertNil(try rule(OrderRequest(bank, -1050, .limit(10))), "a sell that empties what is available")
        for size: Int64 in [50, 150, 950] {
            XCTAssertNil(try rule(OrderRequest(bank, -size, .limit(10))), "\(size): lots and the whole odd rest")
        }
        for (size, right): (Int64, String) in [
            (20, "amount is 50, or all 1050"), (60, "amount is 50 or 100, or all 1050"),
            (120, "amount is 100 or 150, or all 1050"), (1049, "amount is 1000 or 1050"),
        ] {
            XCTAssertEqual(try rule(OrderRequest(bank, -size, .limit(10))), .lot)
            let sentence = try sentence(OrderRequest(bank, -size, .limit(10)))
            XCTAssertTrue(sentence.hasSuffix(right), sentence)
        }
        XCTAssertEqual(try rule(OrderRequest(bank, -1150, .limit(10))), .available)
        XCTAssertEqual(try rule(OrderRequest(star, 199, .limit(10))), .lot)
        XCTAssertNil(try rule(OrderRequest(star, 201, .limit(10))))
        XCTAssertNil(try rule(OrderRequest(star, -150, .limit(10))))
        XCTAssertEqual(try rule(OrderRequest(star, -149, .limit(10))), .lot)
        XCTAssertEqual(try rule(OrderRequest(star, 100_001, .limit(0.01))), .lot)
        XCTAssertNil(try rule(OrderRequest(star, 100_000, .limit(0.01))))
        XCTAssertEqual(try rule(OrderRequest(star, 50_001, .market)), .lot)
    }

    func testPrices() throws {
        for price in [.nan, .infinity, -.infinity, -1, -0.01, 1e300, 1e-9] {
            XCTAssertNotNil(try rule(OrderRequest(bank, 100, .limit(price))), "\(price)")
        }
        XCTAssertEqual(
            try sentence(OrderRequest(bank, 100, .limit(10.005))),
            "10.005 is between two prices of 000001.XSHE: the nearest are 10 and 10.01")
        XCTAssertEqual(try rule(OrderRequest(bank, 100, .limit(10.00001))), .tick)
        XCTAssertNil(try rule(OrderRequest(bank, 100, .limit(0.1 + 0.2))), "calculated")
        let (desk, account) = try account()
        for price in [Double.nan, .infinity, 1e300] {
            XCTAssertNotNil(account.refusal(OrderRequest(bank, 100, .limit(price)), at(9, 31)))
            XCTAssertEqual(account.orders().last?.ticket.pricing, .limit(.zero), "a limit, if none that can be told")
        }
        let id = try account.give(OrderRequest(bank, 100, .limit(10 * 1.1)), at(9, 31))
        XCTAssertEqual(desk.broker.orders[id]?.ticket.pricing, .limit(yuan(11)))
        let best = try account.give(OrderRequest(bank, 100, .limit(0)), at(9, 31))
        XCTAssertEqual(desk.broker.orders[best]?.ticket.pricing, .best)
    }

    func testHours() throws {
        let buy = OrderRequest(steel, 100, .limit(10))
        let (_, account) = try account { $0.longestSilence = .zero }
        for (hour, minute, second, isOpen) in [
            (9, 30, 0, true), (11, 29, 59, true), (11, 30, 0, false), (12, 59, 59, false), (13, 0, 0, true),
            (14, 59, 59, true), (15, 0, 0, false),
        ] {
            let refusal = account.refusal(buy, at(hour, minute, second))
            XCTAssertEqual(refusal?.rule, isOpen ? nil : .session, "\(hour):\(minute):\(second)")
        }
        let desk = Desk()
        let early = try desk.openSynced(at(9, 0))
        XCTAssertEqual(early.refusal(buy, at(9, 14, 59))?.rule, .session)
        XCTAssertNil(early.refusal(buy, at(9, 15)))
        desk.options.takesOffSessionOrders = true
        XCTAssertNil(try desk.openSynced(at(20, 0)).refusal(buy, at(20, 0)))
    }

    func testCancelsOutsideAuctionsOnly() throws {
        for (hour, minute, second, isTaken) in [
            (9, 19, 59, true), (9, 20, 0, false), (9, 24, 59, false), (9, 25, 0, true), (12, 0, 0, true),
            (14, 56, 59, true), (14, 57, 0, false), (15, 0, 0, true),
        ] {
            let account = try Desk().openSynced(at(9, 16))
            let id = try account.give(OrderRequest(steel, 100, .limit(10)), at(9, 16))
            let refusal = account.cancel([id], now: at(hour, minute, second))[0]
            XCTAssertEqual(refusal?.rule, isTaken ? nil : .session, "\(hour):\(minute):\(second)")
        }
    }

    func testClosedAndUnknownDays() throws {
        let buy = OrderRequest(steel, 100, .limit(10))
        let desk = Desk()
        XCTAssertEqual(
            try desk.openSynced(at(10, 0, daysLater: 1)).refusal(buy, at(10, 0, daysLater: 1))?.rule, .session)
        let beyond = MarketZone.shanghai.instant(Day(number: 20822), TimeOfDay(10, 0))  // 2027-01-04
        XCTAssertEqual(try Desk().openSynced(beyond).refusal(buy, beyond)?.rule, .calendar)
        let paper = Desk()
        paper.options.isLive = false
        XCTAssertNil(try paper.openSynced(beyond).refusal(buy, beyond))
    }

    func testTheTerminal() throws {
        let buy = OrderRequest(steel, 100, .limit(10))
        let desk = Desk()
        let account = try desk.open()
        XCTAssertEqual(account.refusal(buy, at(9, 31))?.rule, .notSynced)
        desk.gate.snapshot = desk.broker.snapshot(day: ordinaryDay - 1, at: at(9, 31))
        XCTAssertEqual(account.refusal(buy, at(9, 32))?.rule, .notSynced, "yesterday's account")
        desk.gate.snapshot = desk.broker.snapshot(day: ordinaryDay, at: at(9, 33))
        XCTAssertNil(account.refusal(buy, at(9, 33)), "an order looks before it is refused")
        desk.gate.watchesSilence = true
        desk.gate.lastSign = at(9, 34)
        desk.sync(account, at(9, 34, 10))
        XCTAssertNil(account.refusal(buy, at(9, 34, 30)))
        XCTAssertEqual(account.refusal(buy, at(9, 34, 31))?.rule, .silence)
        let id = try XCTUnwrap(account.openOrders().first?.id)
        XCTAssertEqual(account.cancel([id], now: at(9, 40)), [nil], "cancels go all the same")
        XCTAssertEqual(account.sync(now: at(9, 41)).filter { if case .stale = $0 { true } else { false } }.count, 1)
        XCTAssertEqual(account.sync(now: at(9, 42)), [], "said once")
    }

    /// A terminal may go on writing files that cannot be read: that it lives does not make the account new.
    func testAnAccountThatCannotBeReadGrowsOld() throws {
        let buy = OrderRequest(steel, 100, .limit(10))
        let desk = Desk()
        let account = try desk.openSynced(at(9, 30))
        XCTAssertNil(account.refusal(buy, at(9, 45)), "a gate that tells only what is new")
        desk.gate.watchesSilence = true
        desk.gate.lastSign = at(9, 30, 30)
        XCTAssertNil(account.refusal(buy, at(9, 30, 30)))
        desk.gate.lastSign = at(9, 30, 31)
        XCTAssertEqual(
            account.refusal(buy, at(9, 30, 31)),
            Refusal(
                .notSynced,
                "the account was last read whole 31 s ago, and cash and positions may be others by now: the log says why its"
                    + " files cannot be read (max_gate_silence is 30 s)"))
        XCTAssertEqual(account.portfolio(now: at(9, 30, 31)).staleness, "it was last read whole 31 s ago")
        XCTAssertEqual(account.sync(now: at(9, 30, 31)), [.stale("it was last read whole 31 s ago")])
        desk.gate.snapshot = desk.broker.snapshot(day: ordinaryDay, at: at(9, 30, 32))
        desk.gate.lastSign = at(9, 30, 32)
        XCTAssertNil(account.refusal(buy, at(9, 30, 32)), "an order looks before it is refused")
        XCTAssertNil(account.portfolio(now: at(9, 30, 40)).staleness)
    }

    func testSharesAndCash() throws {
        XCTAssertEqual(try rule(OrderRequest(bank, -1100, .limit(10))), .available)
        XCTAssertEqual(try rule(OrderRequest(steel, -100, .limit(10))), .available)
        XCTAssertNil(try rule(OrderRequest(steel, 10_000, .limit(10))))
        XCTAssertEqual(try rule(OrderRequest(steel, 10_000, .limit(10.01))), .cash)
        let (_, account) = try account { $0.fees = FeeEstimate() }
        let refusal = account.refusal(OrderRequest(steel, 10_000, .limit(10)), at(9, 31))
        XCTAssertEqual(
            refusal, Refusal(.cash, "it costs 100000 and about 31 in fees, and 100000 is available"))
        XCTAssertNil(account.refusal(OrderRequest(steel, 9900, .limit(10)), at(9, 31)))
    }

    /// What is there is said before in what lots it could be sold.
    func testWhatIsNotThereIsNotALot() throws {
        XCTAssertEqual(
            try sentence(OrderRequest(steel, -150, .limit(10))), "150 cannot be sold: 0 of 0 600019.XSHG are available")
        XCTAssertEqual(try rule(OrderRequest(bank, -1051, .limit(10))), .available)
    }

    /// With real money nothing goes at the market while nobody can tell what it costs.
    func testAnOrderWithoutAKnownPrice() throws {
        for price in [OrderRequest.Price.market, .best, .limit(0)] {
            let buy = OrderRequest(steel, 100, price)
            let (_, guarded) = try account()
            XCTAssertEqual(
                guarded.refusal(buy, at(9, 31)),
                Refusal(
                    .price,
                    "no price of 600019.XSHG is known, so nobody can tell whether it is within max_order_value and"
                        + " max_traded_value_per_day: name a limit price, or have prices come with market_data. Without"
                        + " these limits (0) it goes at any price"))
            let (_, oneLimit) = try account { $0.largestOrderValue = nil }
            XCTAssertEqual(oneLimit.refusal(buy, at(9, 31))?.rule, .price)
            let (_, priced) = try account { $0.largestOrderValue = yuan(1000) }
            priced.lastPrice = { _ in yuan(10) }
            XCTAssertNil(priced.refusal(buy, at(9, 31)))
            XCTAssertEqual(priced.refusal(OrderRequest(steel, 200, price), at(9, 31))?.rule, .orderValue)
            // The broker tells the price of what is held.
            XCTAssertNil(guarded.refusal(OrderRequest(bank, 100, price), at(9, 31)))
            XCTAssertNil(guarded.refusal(OrderRequest(bank, -100, price), at(9, 31)))
            let (_, noAccount) = try account { $0.hasAccountSide = false }
            XCTAssertEqual(noAccount.refusal(OrderRequest(bank, -100, price), at(9, 31))?.rule, .price)
            let paper = Desk()
            paper.options.isLive = false
            XCTAssertNil(try paper.openSynced().refusal(buy, at(9, 31)), "the exchange on paper knows its prices")
        }
    }

    /// Who takes the limits away has it go, and it holds all cash until the broker has frozen what it takes.
    func testAPurchaseAtAnyPriceHoldsAllCash() throws {
        let (desk, account) = try account {
            $0.largestOrderValue = nil
            $0.largestValuePerDay = nil
        }
        let id = try account.give(OrderRequest(steel, 100, .market), at(9, 31))
        XCTAssertEqual(account.availableCash, .zero)
        XCTAssertEqual(account.refusal(OrderRequest(steel, 100, .limit(10)), at(9, 31))?.rule, .cash)
        let again = try desk.open(at(9, 31))
        XCTAssertEqual(again.availableCash, .zero, "a restart forgets nothing")
        desk.broker.open(id)
        desk.sync(again, at(9, 32))
        desk.sync(again, at(9, 33))
        XCTAssertEqual(again.availableCash, yuan(100_000), "what the broker says is available is so again")
    }

    func testLimitsOfValueAndNumber() throws {
        let buy = OrderRequest(steel, 100, .limit(10))
        let (_, worth) = try account { $0.largestOrderValue = yuan(1000) }
        XCTAssertNil(worth.refusal(buy, at(9, 31)))
        XCTAssertEqual(worth.refusal(OrderRequest(steel, 100, .limit(10.01)), at(9, 31))?.rule, .orderValue)

        let (desk, counted) = try account { $0.mostPerMinute = 3 }
        let id = try counted.give(buy, at(9, 31))
        _ = counted.cancel([id], now: at(9, 31, 30))
        XCTAssertNil(counted.refusal(buy, at(9, 31, 40)))
        XCTAssertEqual(counted.refusal(buy, at(9, 31, 59))?.rule, .perMinute)
        let again = try desk.openSynced(at(9, 31, 59), seed: 2)
        XCTAssertEqual(again.refusal(buy, at(9, 31, 59))?.rule, .perMinute, "a restart forgets nothing")
        XCTAssertNil(again.refusal(buy, at(9, 32)))

        let (dayDesk, day) = try account { $0.mostPerDay = 2 }
        XCTAssertEqual(day.submit([buy, buy, buy], now: at(9, 31)).filter { (try? $0.get()) != nil }.count, 2)
        XCTAssertEqual(try dayDesk.openSynced(at(14, 0), seed: 2).refusal(buy, at(14, 0))?.rule, .perDay)
        let monday = try dayDesk.openSynced(at(10, 0, daysLater: 3), seed: 3)
        XCTAssertNil(monday.refusal(buy, at(10, 0, daysLater: 3)))
    }

    func testTheDaysValueCountsWhatIsFilledOrMayBe() throws {
        let buy = OrderRequest(steel, 100, .limit(10))
        let (desk, account) = try account { $0.largestValuePerDay = yuan(2000) }
        let first = try account.give(buy, at(9, 31))
        _ = try account.give(buy, at(9, 31))
        XCTAssertEqual(account.refusal(buy, at(9, 31))?.rule, .valuePerDay)
        desk.broker.cancel(first)
        _ = account.sync(now: at(9, 32))
        XCTAssertNil(account.refusal(buy, at(9, 33)))
        let again = try desk.openSynced(at(9, 34), seed: 2)
        XCTAssertEqual(again.refusal(buy, at(9, 34))?.rule, .valuePerDay)
    }

    func testAContractIsWorthAllThatItStandsFor() throws {
        let desk = Desk()
        desk.options.rules = .none
        desk.options.largestOrderValue = yuan(70_000)
        let account = try desk.openSynced()
        let steel = Security("RB2001.XSGE")
        XCTAssertNil(account.refusal(OrderRequest(steel, 2, .limit(3500)), at(9, 31)), "10 tons each")
        XCTAssertEqual(account.refusal(OrderRequest(steel, 3, .limit(3500)), at(9, 31))?.rule, .orderValue)
    }

    func testNoRulesTakeAnything() throws {
        let desk = Desk()
        desk.options.rules = .none
        let account = try desk.openSynced(at(3, 0))
        XCTAssertNil(account.refusal(OrderRequest(Security("RB2001.XSGE"), 7, .limit(10.005)), at(3, 0)))
    }
}
