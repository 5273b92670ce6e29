import Gates
import Market
import XCTest

@testable import Accounts

final class LedgerTests: XCTestCase {
    func testABuyFreezesCashAtOnceAndASellShares() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        _ = try account.give(OrderRequest(steel, 300, .limit(10)), at(9, 31))
        XCTAssertEqual(account.availableCash, yuan(97_000))
        XCTAssertEqual(account.portfolio(now: at(9, 31)).lockedCash, yuan(3000))
        _ = try account.give(OrderRequest(bank, -400, .limit(10)), at(9, 31))
        XCTAssertEqual(account.position(bank).available, 600)
        XCTAssertEqual(account.position(bank).locked, 400)
        XCTAssertEqual(account.position(bank).amount, 1000)
        XCTAssertEqual(account.refusal(OrderRequest(bank, -700, .limit(10)), at(9, 31))?.rule, .available)
    }

    func testFeesThatAreToldTakeThePlaceOfTheEstimate() throws {
        let desk = Desk()
        desk.options.fees = FeeEstimate()
        let account = try desk.openSynced()
        let id = try account.give(OrderRequest(steel, 300, .limit(10)), at(9, 31))
        func cash(afterFilling amount: Int64, fees: Double?) -> Money {
            desk.broker.say(
                OrderUpdate(
                    id: id, news: .state(amount == 300 ? .filled : .filling), filledAmount: amount,
                    filledValue: yuan(10 * Double(amount)), commission: fees.map(yuan)))
            _ = account.sync(now: at(9, 32))
            return account.availableCash
        }
        XCTAssertEqual(account.availableCash, yuan(96_994.97), "5 of commission and 0.03 of transfer fee are expected")
        XCTAssertEqual(cash(afterFilling: 100, fees: nil), yuan(96_989.97), "5.01 for this and 5.02 for the rest")
        XCTAssertEqual(cash(afterFilling: 200, fees: 0), yuan(96_994.99), "nothing for this, and 5.01 for the rest")
        XCTAssertEqual(cash(afterFilling: 300, fees: 1.5), yuan(96_998.5))
    }

    func testAnAccountThatKnowsTheOrderIsNotFrozenTwice() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let buy = try account.give(OrderRequest(steel, 300, .limit(10)), at(9, 31))
        let sell = try account.give(OrderRequest(bank, -400, .limit(10)), at(9, 31))
        desk.broker.open(buy)
        desk.broker.open(sell)
        desk.sync(account, at(9, 31, 5))
        XCTAssertEqual(account.position(bank).available, 200, "the files may or may not know: take the worse")
        desk.sync(account, at(9, 31, 10))
        XCTAssertEqual(account.position(bank).available, 600)
        XCTAssertEqual(account.availableCash, yuan(97_000))
    }

    func testAReservationIsNotReleasedByAFile() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let id = try account.give(OrderRequest(bank, -400, .limit(10)), at(9, 31))
        desk.broker.open(id)
        for second in [5, 10, 15] {
            var snapshot = desk.broker.snapshot(day: ordinaryDay, at: at(9, 31, second))
            snapshot.holdings[0].available = 1000
            desk.gate.snapshot = snapshot
            _ = account.sync(now: at(9, 31, second))
            XCTAssertLessThanOrEqual(account.position(bank).available, 600)
        }
        desk.broker.cancel(id)
        desk.sync(account, at(9, 32))
        XCTAssertEqual(account.position(bank).available, 1000)
    }

    func testAPartOfACanceledOrderStays() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let id = try account.give(OrderRequest(steel, 300, .limit(10)), at(9, 31))
        desk.broker.fill(id, 100)
        _ = account.sync(now: at(9, 32))
        XCTAssertEqual(account.availableCash, yuan(97_000))
        _ = account.cancel([id], now: at(9, 33))
        desk.broker.cancel(id)
        _ = account.sync(now: at(9, 34))
        XCTAssertEqual(account.availableCash, yuan(99_000))
        XCTAssertEqual(account.position(steel).amount, 100)
        XCTAssertEqual(account.position(steel).available, 0, "bought today")
        desk.sync(account, at(9, 35))
        XCTAssertEqual(account.availableCash, yuan(99_000))
        XCTAssertEqual(account.position(steel).amount, 100)
        XCTAssertEqual(account.position(steel).certain, 100...100)
    }

    func testFillsAfterTheSnapshotCountAndThoseBeforeDoNotCountTwice() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let id = try account.give(OrderRequest(bank, -400, .limit(10)), at(9, 31))
        _ = account.sync(now: at(9, 32))
        desk.broker.fill(id, 400)
        _ = account.sync(now: at(9, 32, 5))
        XCTAssertEqual(account.position(bank).certain, 600...600, "the snapshot is older than the fill")
        XCTAssertEqual(account.availableCash, yuan(100_000), "cash comes when the broker says so")
        desk.sync(account, at(9, 32, 6))
        XCTAssertEqual(account.position(bank).certain, 200...600, "it may know of the fill or not")
        desk.sync(account, at(9, 32, 10))
        XCTAssertEqual(account.position(bank).certain, 600...600)
        XCTAssertEqual(account.position(bank).available, 600)
        XCTAssertEqual(account.availableCash, yuan(104_000))
    }

    func testATrueZeroIsAZero() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        desk.broker.cash = .zero
        desk.broker.shares = [:]
        desk.sync(account, at(9, 31))
        XCTAssertEqual(account.availableCash, .zero)
        XCTAssertEqual(account.position(bank).amount, 0)
        XCTAssertEqual(account.portfolio(now: at(9, 31)).holdings, [])
        XCTAssertNil(account.portfolio(now: at(9, 31)).staleness)
    }

    func testWhatWasBoughtTodayIsSoldTomorrow() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let id = try account.give(OrderRequest(bank, 500, .limit(10)), at(9, 31))
        desk.broker.fill(id, 500)
        desk.sync(account, at(9, 32))
        desk.sync(account, at(9, 33))
        XCTAssertEqual(account.position(bank).amount, 1500)
        XCTAssertEqual(account.position(bank).available, 1000)
        XCTAssertEqual(account.position(bank).boughtToday, 500)
        var careless = desk.broker.snapshot(day: ordinaryDay, at: at(9, 34))
        careless.holdings[0].available = 1500
        desk.gate.snapshot = careless
        _ = account.sync(now: at(9, 34))
        XCTAssertEqual(account.position(bank).available, 1000)
        desk.broker.shares[bank] = (1500, 0)
        desk.sync(account, at(9, 30, daysLater: 3))
        XCTAssertEqual(account.position(bank).available, 1500)
        XCTAssertEqual(account.position(bank).boughtToday, 0)
    }

    func testARestartKnowsTheSame() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let buy = try account.give(OrderRequest(steel, 300, .limit(10)), at(9, 31))
        _ = try account.give(OrderRequest(bank, -400, .limit(10)), at(9, 31))
        desk.broker.fill(buy, 100)
        desk.sync(account, at(9, 32))
        desk.sync(account, at(9, 33))
        try account.flushPending(now: at(9, 34))
        let again = try desk.open(at(9, 35), seed: 2)
        XCTAssertEqual(again.availableCash, account.availableCash)
        XCTAssertEqual(again.portfolio(now: at(9, 35)), account.portfolio(now: at(9, 35)))
        let looked = try OrderHistory.read(ordinaryDay, taskFolder: "/task", disk: desk.disk, options: desk.options)
        XCTAssertEqual(looked.orders, account.orders())
        XCTAssertEqual(looked.trades, account.trades)
        XCTAssertEqual(looked.portfolio.holdings, account.portfolio(now: at(9, 35)).holdings)
    }

    func testAnOlderSnapshotIsNotTaken() throws {
        let desk = Desk()
        let account = try desk.openSynced(at(9, 32))
        desk.broker.cash = yuan(1)
        desk.gate.snapshot = desk.broker.snapshot(day: ordinaryDay, at: at(9, 31))
        guard case .trouble = account.sync(now: at(9, 33)).first else { return XCTFail("nothing said") }
        XCTAssertEqual(account.availableCash, yuan(100_000))
    }

    /// A broker may keep the shares of one code in several places, each with a row of its own.
    func testRowsOfOnePositionAreOnePosition() throws {
        let desk = Desk()
        let account = try desk.open()
        func sync(_ now: Instant, _ rows: [(amount: Int64, available: Int64, cost: Double)]) {
            var snapshot = desk.broker.snapshot(day: ordinaryDay, at: now)
            snapshot.holdings = rows.map { row in
                .init(
                    security: bank, amount: row.amount, available: row.available, cost: yuan(row.cost),
                    lastPrice: yuan(10), value: yuan(10 * Double(row.amount)))
            }
            desk.gate.snapshot = snapshot
            _ = account.sync(now: now)
        }
        // Said again in the same order, in fewer rows and in more: each snapshot stands by itself.
        for (second, rows) in [
            [(1000, 900, 9.0), (200, 100, 12.0)], [(1000, 900, 9), (200, 100, 12)], [(1200, 1000, 9.5)],
            [(200, 100, 12), (600, 600, 9), (400, 300, 9)],
        ].enumerated() as EnumeratedSequence<[[(amount: Int64, available: Int64, cost: Double)]]> {
            sync(at(9, 30, 10 * second), rows)
            let held = account.position(bank)
            XCTAssertEqual([held.amount, held.available], [1200, 1000], "\(rows)")
            XCTAssertEqual(held.cost, yuan(9.5), "\(rows)")
            XCTAssertEqual(held.value, yuan(12_000), "\(rows)")
        }
        XCTAssertNil(account.refusal(OrderRequest(bank, -1000, .limit(10)), at(9, 31)))
        sync(at(9, 33), [(.max, .max, 1), (.max, .max, 1)])
        XCTAssertEqual(account.position(bank).amount, 1 << 50)
        sync(at(9, 35), [(1000, 900, 9), (200, 100, 12)])
        try account.flushPending(now: at(9, 35))
        XCTAssertEqual(try desk.open(at(9, 36)).position(bank).amount, 1200, "as the journal has it")
    }

    func testPositionsAreWorthTheLastPrice() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        XCTAssertEqual(account.portfolio(now: at(9, 31)).totalValue, yuan(110_000))
        var prices = [bank: yuan(11.5), steel: yuan(5)]
        account.lastPrice = { prices[$0] }
        XCTAssertEqual(account.position(bank).value, yuan(11_500))
        XCTAssertEqual(account.position(bank).lastPrice, yuan(11.5))
        XCTAssertEqual(account.portfolio(now: at(9, 31)).totalValue, yuan(111_500))
        XCTAssertEqual(account.portfolio(now: at(9, 31)).positionValue, yuan(11_500))
        let id = try account.give(OrderRequest(steel, 300, .limit(5)), at(9, 31))
        desk.broker.fill(id, 300)
        _ = account.sync(now: at(9, 32))
        XCTAssertEqual(account.position(steel).value, yuan(1500))
        XCTAssertEqual(account.portfolio(now: at(9, 32)).totalValue, yuan(111_500), "its cash is in the broker's total")
        prices = [:]
        XCTAssertEqual(account.portfolio(now: at(9, 32)).totalValue, yuan(110_000))
    }

    func testWhatMayBeSoldOnTheSameDay() throws {
        let bond = Security("113001.XSHG")
        for (tPlus, codes, expected): (Int?, Set<Security>, [Int64]) in [
            (nil, [], [0, 100]), (0, [], [100, 100]), (1, [], [0, 100]), (1, [bank], [100, 100]),
            (nil, [bank], [100, 100]),
        ] {
            let desk = Desk(shares: [:])
            desk.options.tPlus = tPlus
            desk.options.sellsSameDayCodes = codes
            let account = try desk.openSynced()
            for security in [bank, bond] {
                desk.broker.fill(try account.give(OrderRequest(security, 100, .limit(10)), at(9, 31)), 100)
            }
            for minute in [32, 33] {
                var snapshot = desk.broker.snapshot(day: ordinaryDay, at: at(9, minute))
                for place in snapshot.holdings.indices { snapshot.holdings[place].available = 100 }
                desk.gate.snapshot = snapshot
                _ = account.sync(now: at(9, minute))
            }
            XCTAssertEqual([bank, bond].map { account.position($0).available }, expected, "\(tPlus as Any) \(codes)")
        }
    }
}
