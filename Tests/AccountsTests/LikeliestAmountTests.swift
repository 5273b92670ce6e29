import Gates
import Market
import XCTest

@testable import Accounts

/// What is shown while it cannot be told whether the snapshot knows a fill: the likeliest, and never more to be sold.
final class LikeliestAmountTests: XCTestCase {
    private let buy = OrderRequest(bank, 300, .limit(10))

    /// A desk with 1000 shares and an order to buy 300 more, given some seconds before.
    private func bought(_ request: OrderRequest? = nil) throws -> (Desk, Account, OrderID) {
        let desk = Desk()
        let account = try desk.openSynced()
        let id = try account.give(request ?? buy, at(9, 31))
        desk.sync(account, at(9, 31, 10))
        return (desk, account, id)
    }

    private func snapshot(_ desk: Desk, amount: Int64, at time: Instant) {
        var snapshot = desk.broker.snapshot(day: ordinaryDay, at: time)
        snapshot.holdings[0].amount = amount
        desk.gate.snapshot = snapshot
    }

    func testASnapshotThatKnowsTheFillsAndOneThatDoesNotShowTheSame() throws {
        for told: Int64 in [1300, 1000] {
            let (desk, account, id) = try bought()
            desk.broker.fill(id, 300)
            snapshot(desk, amount: told, at: at(9, 31, 11))
            _ = account.sync(now: at(9, 31, 11))
            XCTAssertEqual(account.position(bank).amount, 1300, "told \(told)")
            XCTAssertEqual(account.position(bank).certain, told...told + 300)
            XCTAssertLessThanOrEqual(account.position(bank).available, 1000)
            desk.sync(account, at(9, 31, 20))
            XCTAssertEqual(account.position(bank).amount, 1300)
            XCTAssertEqual(account.position(bank).certain, 1300...1300)
        }
    }

    func testASnapshotThatKnowsAFillBeforeItIsHeardOf() throws {
        let (desk, account, id) = try bought()
        snapshot(desk, amount: 1300, at: at(9, 31, 11))
        _ = account.sync(now: at(9, 31, 11))
        XCTAssertEqual(account.position(bank).amount, 1300)
        desk.broker.fill(id, 100)
        _ = account.sync(balance: false, now: at(9, 31, 12))
        XCTAssertEqual(account.position(bank).amount, 1300)
        desk.broker.fill(id, 200)
        _ = account.sync(balance: false, now: at(9, 31, 13))
        XCTAssertEqual(account.position(bank).amount, 1300)
        XCTAssertEqual(account.position(bank).available, 1000)
    }

    func testPartsOfAnOrder() throws {
        let (desk, account, id) = try bought()
        for (second, amount, told, shown): (Int, Int64, Int64, Int64) in [
            (11, 100, 1000, 1100), (12, 100, 1100, 1200), (13, 50, 1200, 1250), (14, 50, 1300, 1300),
        ] {
            desk.broker.fill(id, amount)
            snapshot(desk, amount: told, at: at(9, 31, second))
            _ = account.sync(now: at(9, 31, second))
            XCTAssertEqual(account.position(bank).amount, shown, "second \(second)")
            XCTAssertTrue(account.position(bank).certain.contains(shown))
        }
    }

    func testASaleThatWasFilled() throws {
        for told: Int64 in [600, 1000] {
            let (desk, account, id) = try bought(OrderRequest(bank, -400, .limit(10)))
            desk.broker.fill(id, 400)
            snapshot(desk, amount: told, at: at(9, 31, 11))
            _ = account.sync(now: at(9, 31, 11))
            XCTAssertEqual(account.position(bank).amount, 600)
            XCTAssertLessThanOrEqual(account.position(bank).available, 600)
        }
    }

    func testWhenSomebodyElseTradesItStaysInDoubt() throws {
        let (desk, account, id) = try bought()
        desk.broker.fill(id, 300)
        snapshot(desk, amount: 5000, at: at(9, 31, 11))
        _ = account.sync(now: at(9, 31, 11))
        XCTAssertEqual(account.position(bank).certain, 5000...5300)
        XCTAssertEqual(account.position(bank).amount, 5000, "written when the fill was known")
        XCTAssertLessThanOrEqual(account.position(bank).available, 1000)
        snapshot(desk, amount: 5000, at: at(9, 31, 20))
        _ = account.sync(now: at(9, 31, 20))
        XCTAssertEqual(account.position(bank).certain, 5000...5000)
        XCTAssertEqual(account.position(bank).amount, 5000)
    }

    /// What was bought by somebody else explains no later fill of ours that the snapshot cannot know.
    func testALaterFillIsAdded() throws {
        let (desk, account, id) = try bought()
        snapshot(desk, amount: 1300, at: at(9, 31, 11))
        _ = account.sync(now: at(9, 31, 11))
        _ = account.sync(now: at(9, 31, 20))
        desk.broker.fill(id, 300)
        _ = account.sync(now: at(9, 31, 25))
        XCTAssertEqual(account.position(bank).amount, 1600)
        XCTAssertEqual(account.position(bank).certain, 1600...1600)
    }

    func testAfterARestartAndForThoseWhoOnlyLook() throws {
        let (desk, account, id) = try bought()
        desk.broker.fill(id, 300)
        desk.sync(account, at(9, 31, 11))
        try account.flushPending(now: at(9, 31, 12))
        let looked = try OrderHistory.read(ordinaryDay, taskFolder: "/task", disk: desk.disk, options: desk.options)
        XCTAssertEqual(looked.portfolio.holdings.map(\.amount), [1300])
        let again = try desk.open(at(9, 40), seed: 2)
        XCTAssertEqual(again.position(bank).amount, 1300)
        desk.sync(again, at(9, 40))
        XCTAssertEqual(again.position(bank).amount, 1300)
    }
}
