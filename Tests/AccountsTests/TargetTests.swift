import Gates
import Market
import XCTest

@testable import Accounts

final class TargetTests: XCTestCase {
    private func holding(_ amount: Int64, available: Int64, certain: ClosedRange<Int64>? = nil) -> Holding {
        var holding = Holding(PositionKey(security: bank, side: .long))
        holding.amount = amount
        holding.available = available
        holding.certain = certain ?? amount...amount
        return holding
    }

    private func open(_ amount: Int64, _ status: OrderStatus = .open, filled: Int64 = 0) -> OrderState {
        let ticket = OrderTicket(
            id: "\(amount)", security: bank, side: amount > 0 ? .buy : .sell, position: .long, amount: abs(amount),
            pricing: .limit(yuan(10)), day: ordinaryDay, createdAt: at(10, 0))
        var state = OrderState(ticket, priceThen: yuan(10))
        state.status = status
        state.filledAmount = filled
        return state
    }

    private func plan(
        _ target: OrderTarget, _ holding: Holding, _ open: [OrderState] = [], price: Double? = 10
    ) -> TargetPlan {
        TargetOrders(
            holding: holding, open: open, price: price.map(yuan), units: TradingUnits(of: bank, on: ordinaryDay)
        ).plan(target)
    }

    private func order(_ amount: Int64, _ note: String? = nil) -> TargetPlan { .order(amount, note: note) }

    private func isNothing(_ plan: TargetPlan) -> Bool { if case .nothing = plan { true } else { false } }

    func testAmounts() {
        let some = holding(1050, available: 1050)
        XCTAssertEqual(plan(.amount(2000), some), order(900), "a buy is rounded down")
        XCTAssertEqual(plan(.amount(500), some), order(-500), "and so is a sale")
        XCTAssertEqual(plan(.amount(0), some), order(-1050), "but for one that empties what is available")
        XCTAssertTrue(isNothing(plan(.amount(1050), some)))
        XCTAssertTrue(isNothing(plan(.amount(1100), some)))
        XCTAssertTrue(isNothing(plan(.amount(1000), some)))
        XCTAssertEqual(plan(.amount(0), holding(1000, available: 400)), order(-400, "600 more cannot be sold now"))
        XCTAssertTrue(isNothing(plan(.amount(0), holding(1000, available: 0))))
        guard case .refused = plan(.amount(-1), some) else { return XCTFail("not refused") }
    }

    func testOpenOrdersCountAsFilledOrGoFirst() {
        let some = holding(1000, available: 1000)
        XCTAssertEqual(plan(.amount(2000), some, [open(300)]), order(700))
        XCTAssertEqual(plan(.amount(2000), some, [open(300, .filling, filled: 100)]), order(800))
        XCTAssertTrue(isNothing(plan(.amount(1300), some, [open(300)])))
        XCTAssertEqual(plan(.amount(1100), some, [open(300)]), .waitFor(["300"]))
        XCTAssertEqual(plan(.amount(1000), some, [open(-300)]), .waitFor(["-300"]))
        XCTAssertEqual(plan(.amount(500), holding(1000, available: 700), [open(-300)]), order(-200))
    }

    func testWhatIsInDoubtIsNeverOvershot() {
        let doubtful = holding(1000, available: 500, certain: 500...1000)
        XCTAssertTrue(isNothing(plan(.amount(700), doubtful)))
        XCTAssertTrue(isNothing(plan(.amount(500), doubtful)))
        XCTAssertTrue(isNothing(plan(.amount(1000), doubtful)))
        XCTAssertEqual(plan(.amount(1200), doubtful), order(200))
        XCTAssertEqual(plan(.amount(200), doubtful), order(-300))
        let some = holding(1000, available: 1000)
        XCTAssertTrue(isNothing(plan(.amount(1200), some, [open(300, .unknown)])))
        XCTAssertEqual(plan(.amount(1500), some, [open(300, .unknown)]), order(200))
    }

    func testValues() {
        let some = holding(1050, available: 1050)
        XCTAssertEqual(plan(.value(20_000), some), order(900))
        XCTAssertEqual(plan(.value(0), some), order(-1050))
        XCTAssertEqual(plan(.change(5555), some), order(500))
        XCTAssertEqual(plan(.change(-5555), some), order(-500))
        XCTAssertEqual(plan(.change(-99_999), some), order(-1050, "8949 more cannot be sold now"))
        XCTAssertTrue(isNothing(plan(.change(999), some)))
        guard case .refused(let refusal) = plan(.value(1), some, price: nil) else { return XCTFail("no refusal") }
        XCTAssertEqual(refusal.rule, .price)
    }

    /// Where nobody tells what is held, a target is a guess; how much more or less is none.
    func testWithoutAPositionThereIsNoTarget() throws {
        let desk = Desk()
        desk.options.hasAccountSide = false
        let account = try desk.open()
        for target in [OrderTarget.amount(300), .amount(0), .value(3000)] {
            guard case .refused(let refusal) = account.reach(target, bank, at: .limit(10), now: at(9, 31)) else {
                return XCTFail("\(target) was not refused")
            }
            XCTAssertEqual(
                refusal.sentence,
                "this gate tells nothing of positions, so nobody knows what it takes: give what is missing with order()"
            )
        }
        for (yuan, amount) in [(3050, 300), (-3050, 300)] as [(Double, Int64)] {
            guard case .sent(let id, nil) = account.reach(.change(yuan), bank, at: .limit(10), now: at(9, 31)) else {
                return XCTFail("\(yuan) was not sent")
            }
            XCTAssertEqual(account.order(id)?.ticket.amount, amount)
            XCTAssertEqual(account.order(id)?.ticket.side, yuan > 0 ? .buy : .sell)
        }
        XCTAssertEqual(account.portfolio(now: at(9, 31)).staleness, "this gate tells nothing of cash and positions")
    }

    func testATargetWaitsForTheAccount() throws {
        let account = try Desk().open()
        guard case .refused(let refusal) = account.reach(.amount(0), bank, now: at(9, 31)) else {
            return XCTFail("not refused")
        }
        XCTAssertEqual(refusal.rule, .notSynced)
    }

    /// What is refused before anybody knows how many shares it is, is shown like any other refused order.
    func testRefusedTargetsAreKept() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let targets: [(OrderTarget, String)] = [
            (.amount(-1), "a target of -1 shares: it is below 0"),
            (
                .value(5000),
                "a target worth 5000.0: the last price of 000001.XSHE is not known: give one with LimitOrderStyle"
            ), (.value(1e300), "a target worth 1e+300: 1e+300 yuan is no amount that anybody can trade"),
            (.change(.nan), "an order worth nan: nan yuan is no amount that anybody can trade"),
            (.change(-.infinity), "an order worth -inf: -inf yuan is no amount that anybody can trade"),
        ]
        for (target, _) in targets {
            guard case .refused = account.reach(target, bank, now: at(9, 31)) else { return XCTFail("\(target)") }
        }
        let told = account.orders(status: .rejected)
        XCTAssertEqual(told.map(\.message), targets.map(\.1))
        XCTAssertEqual(told.map(\.ticket.side), [.buy, .buy, .buy, .buy, .sell])
        XCTAssertEqual(try desk.openSynced(at(9, 40), seed: 2).orders(status: .rejected), told)
    }

    func testNothingLeavesBeforeACancelIsConfirmed() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        guard case .sent(let id, nil) = account.reach(.amount(1500), bank, at: .limit(10), now: at(9, 31)) else {
            return XCTFail("not sent")
        }
        for second in [0, 5] {
            let outcome = account.reach(.amount(200), bank, at: .limit(10), now: at(9, 32, second))
            XCTAssertEqual(outcome, .waiting([id]))
        }
        XCTAssertEqual(desk.broker.ledger, [id])
        XCTAssertEqual(desk.broker.cancels, [id], "canceled once")
        desk.broker.cancel(id)
        desk.sync(account, at(9, 33))
        guard case .sent(let sale, nil) = account.reach(.amount(200), bank, at: .limit(10), now: at(9, 33)) else {
            return XCTFail("not sent")
        }
        XCTAssertEqual(account.order(sale)?.ticket.amount, 800)
    }
}
