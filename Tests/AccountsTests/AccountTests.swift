import Gates
import Market
import Storage
import TestSupport
import XCTest

@testable import Accounts

final class AccountTests: XCTestCase {
    private let buy = OrderRequest(steel, 300, .limit(10))

    func testAnOrderFromTheIntentToItsFills() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let id = try account.give(buy, at(9, 31))
        XCTAssertEqual(desk.broker.ledger, [id])
        XCTAssertEqual(account.order(id)?.status, .new)
        desk.broker.open(id)
        desk.broker.fill(id, 100, at: yuan(9.9))
        let changes = account.sync(now: at(9, 32))
        let words = changes.map { change in
            switch change {
            case .order(let order, let was, let number): "\(number) \(was) \(order.status) \(order.filledAmount)"
            case .trade(let trade, let number): "\(number) \(trade.id) \(trade.amount) \(trade.price)"
            default: "\(change)"
            }
        }
        XCTAssertEqual(words, ["1 new open 0", "2 open filling 100", "3 \(id)-100 100 9.9"])
        desk.broker.fill(id, 200)
        XCTAssertEqual(account.sync(now: at(9, 33)).compactMap(\.number), [4, 5])
        let order = try XCTUnwrap(account.order(id))
        XCTAssertEqual(order.status, .filled)
        XCTAssertEqual(order.filledValue, yuan(2990))
        XCTAssertEqual(account.trades.map(\.amount), [100, 200])
        XCTAssertEqual(account.openOrders(), [])
    }

    func testOneOrderAndABatchCostTwoFlushes() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        _ = try account.give(buy, at(9, 31))
        for count in [1, 20] {
            let before = desk.disk.operations
            XCTAssertEqual(account.submit(Array(repeating: buy, count: count), now: at(9, 32)).count, count)
            let flushes = desk.disk.log[before...].filter { $0.operation == .flush }.map(\.path)
            XCTAssertEqual(flushes, ["/task/orders/20261120.journal", "/orders.txt"])
            XCTAssertEqual(desk.disk.log[before...].filter { $0.operation == .append }.count, 3)
        }
    }

    func testTheNameOfARefusalThatTheJournalLostIsGivenToNoOther() throws {
        let desk = Desk()
        var account = try desk.openSynced()
        let odd = OrderRequest(steel, 150, .limit(10))
        _ = account.refusal(odd, at(9, 31))
        desk.disk.beforeOperation = { [unowned disk = desk.disk] kind, _ in
            if kind == .append { disk.faults.shortWrites[disk.operations - 1] = 0 }
        }
        _ = account.submit([buy, odd], now: at(9, 32))
        desk.disk.beforeOperation = nil
        _ = account.refusal(odd, at(9, 33))
        account = try desk.openSynced(at(9, 34), seed: 2)
        _ = account.refusal(odd, at(9, 35))
        let names = [1, 3, 4].map { "refused-20261120-\($0)" }
        XCTAssertEqual(account.orders().map(\.id), names)
        let history = try OrderHistory.read(ordinaryDay, taskFolder: "/task", disk: desk.disk)
        XCTAssertEqual(history.orders.map(\.id), names)
    }

    func testOneBadOrderDoesNotStopTheOthers() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let results = account.submit([buy, OrderRequest(steel, 150, .limit(10)), buy], now: at(9, 31))
        XCTAssertEqual(desk.broker.ledger.count, 2)
        guard case .failure(let refusal) = results[1] else { return XCTFail("not refused") }
        XCTAssertEqual(refusal.rule, .lot)
        XCTAssertEqual(account.orders().map(\.status), [.new, .rejected, .new])
        XCTAssertEqual(account.orders(status: .rejected).map(\.message), [refusal.sentence])
        let again = try desk.openSynced(at(9, 40), seed: 2)
        XCTAssertEqual(again.orders(status: .rejected), account.orders(status: .rejected))
    }

    func testWhatTheGateAnswersIsWhatTheOrderIs() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        desk.gate.answers = [[.sent, .refused("disk full"), .unknown("short write")]]
        let results = account.submit([buy, buy, buy, buy], now: at(9, 31))
        XCTAssertEqual(account.orders().map(\.status), [.new, .rejected, .unknown, .unknown])
        XCTAssertEqual(try results[2].get(), account.orders()[2].id)
        guard case .failure(let refusal) = results[1] else { return XCTFail("not refused") }
        XCTAssertEqual(refusal, Refusal(.gate, "disk full"))
        let told = account.sync(now: at(9, 32)).compactMap(\.number)
        XCTAssertEqual(told, [1, 2], "what is in doubt is told")
    }

    func testAnIdIsNeverUsedTwice() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        desk.gate.ids = { "7" }
        XCTAssertEqual(try account.give(buy, at(9, 31)), "7")
        XCTAssertEqual(account.refusal(buy, at(9, 31))?.rule, .gate)
        let again = try desk.openSynced(at(9, 40))
        desk.gate.ids = { "7" }
        XCTAssertEqual(again.refusal(buy, at(9, 41))?.rule, .gate)
        XCTAssertEqual(desk.broker.ledger, ["7"])
    }

    func testNothingIsSentThatTheJournalDidNotTake() throws {
        for failing in [0, 1] {
            let desk = Desk()
            let account = try desk.openSynced()
            desk.disk.faults.failures = [desk.disk.operations + failing: 5]
            XCTAssertEqual(account.refusal(buy, at(9, 31))?.rule, .journal)
            XCTAssertEqual(desk.broker.ledger, [])
            XCTAssertEqual(account.orders().map(\.status), [.rejected])
            XCTAssertEqual(account.availableCash, yuan(100_000))
        }
    }

    func testOutcomesThatCouldNotBeWrittenAreWrittenLater() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let before = desk.disk.operations
        _ = try account.give(buy, at(9, 31))
        let outcome = desk.disk.operations - before - 1
        desk.disk.faults.failures = [desk.disk.operations + outcome: 28]
        let id = try account.give(buy, at(9, 32))
        XCTAssertEqual(account.order(id)?.status, .new)
        try account.flushPending(now: at(9, 33))
        _ = try account.give(buy, at(9, 34))
        let again = try desk.open(at(9, 40))
        XCTAssertNil(desk.gate.calls["find"])
        XCTAssertEqual(again.orders().map(\.status), [.new, .new, .new])
    }

    func testCancels() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let ids = try (0..<2).map { _ in try account.give(buy, at(9, 31)) }
        XCTAssertEqual(account.cancel(ids + ["none"], now: at(9, 32)).map { $0?.rule }, [nil, nil, .unknownOrder])
        XCTAssertEqual(ids.map { account.order($0)?.status }, [.canceling, .canceling])
        desk.broker.cancel(ids[0])
        desk.broker.refuseCancel(ids[1], "too late")
        let changes = account.sync(now: at(9, 33))
        XCTAssertEqual(ids.map { account.order($0)?.status }, [.canceled, .new])
        guard case .cancelRefused(_, "too late", let number) = changes.last else { return XCTFail("\(changes)") }
        XCTAssertEqual(number, 2)
        XCTAssertEqual(account.cancel([ids[0]], now: at(9, 34)).map { $0?.rule }, [.finished])
        // The second refusal in the same words is one of the second cancel.
        XCTAssertEqual(account.cancel([ids[1]], now: at(9, 35)), [nil])
        desk.broker.refuseCancel(ids[1], "too late")
        _ = account.sync(now: at(9, 36))
        XCTAssertEqual(account.order(ids[1])?.status, .new)
        XCTAssertEqual(account.unanswered(now: at(9, 36)).map(\.id), [ids[1]], "of itself nothing was heard")
    }

    func testWhatIsReadAgainOrIsOthersSaysNothing() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let id = try account.give(buy, at(9, 31))
        desk.broker.open(id)
        desk.broker.fill(id, 100)
        desk.broker.say(OrderUpdate(id: "stranger", news: .state(.filled)))
        _ = account.sync(now: at(9, 32))
        desk.broker.said.forEach { update in
            var again = update
            again.source = "another line"
            desk.broker.say(again)
        }
        XCTAssertEqual(account.sync(now: at(9, 33)), [])
        let state = account.order(id)
        let again = try desk.open(at(9, 40))
        again.told(upTo: 3, now: at(9, 40))
        let changes = again.sync(now: at(9, 41))
        XCTAssertEqual(changes.compactMap(\.number), [1, 2, 3])
        XCTAssertEqual(again.order(id), state)
    }

    func testOrdersWithoutAnswerAreToldOnce() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let first = try account.give(buy, at(9, 31, 0))
        let second = try account.give(buy, at(9, 31, 5))
        desk.broker.open(second)
        _ = account.sync(now: at(9, 31, 10))
        XCTAssertEqual(account.unanswered(now: at(9, 31, 14)), [])
        XCTAssertEqual(account.unanswered(now: at(9, 31, 15)).map(\.id), [first])
        XCTAssertEqual(account.unanswered(now: at(9, 45)), [])
    }

    func testWhatAStrategyCannotSeeIsNotTold() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let id = try account.give(buy, at(9, 31))
        desk.broker.say(OrderUpdate(id: id, news: .state(.new), counterNumber: "77"))
        XCTAssertEqual(account.sync(now: at(9, 32)), [])
        XCTAssertEqual(account.order(id)?.counterNumber, "77")
        XCTAssertEqual(account.unanswered(now: at(9, 45)), [], "it was answered")
        desk.broker.say(OrderUpdate(id: id, news: .state(.new), message: "in the queue"))
        XCTAssertEqual(account.sync(now: at(9, 33)).compactMap(\.number), [1])
        let again = try desk.open(at(9, 40))
        XCTAssertEqual(again.order(id), account.order(id))
        XCTAssertEqual(again.sync(now: at(9, 41)).compactMap(\.number), [1], "what was not told yet")
    }

    func testAnAccountWithoutAFolderRemembersNothing() throws {
        let desk = Desk()
        let parts = Account.Parts(
            gate: desk.gate, folder: nil, disk: desk.disk, boot: BootID("1"), options: desk.options)
        let account = try Account.open(parts, now: at(9, 30))
        desk.sync(account, at(9, 30))
        let id = try account.give(buy, at(9, 31))
        desk.broker.fill(id, 300)
        XCTAssertEqual(desk.sync(account, at(9, 32)).compactMap(\.number), [1, 2])
        account.told(upTo: 2, now: at(9, 32))
        try account.flushPending(now: at(9, 33))
        XCTAssertEqual(account.position(steel).amount, 300)
        desk.sync(account, at(9, 31, daysLater: 3))
        XCTAssertEqual(account.day, ordinaryDay + 3)
        XCTAssertEqual(Set(desk.disk.log.map(\.path)), ["/orders.txt"])
        XCTAssertEqual(try Account.open(parts, now: at(9, 40)).orders(), [])
    }

    /// Where a gate tells everything once, nobody keeps what was heard; what is told again all the same changes nothing.
    func testWhatIsHeardNeedNotBeKept() {
        for isKept in [true, false] {
            let book = OrderBook()
            book.remembersNews = isKept
            let ticket = OrderTicket(
                id: "1", security: steel, side: .buy, position: .long, amount: 300, pricing: .limit(yuan(10)),
                day: ordinaryDay, createdAt: at(9, 31))
            let state = OrderState(ticket, priceThen: yuan(10))
            book.add(BookedOrder(state, LiveOrder(state, line: 0, nil, at: at(9, 31))))
            let update = OrderUpdate(id: "1", news: .state(.filling), filledAmount: 100, averagePrice: yuan(10))
            guard case .obeyed = book.hear(update, at: at(9, 32)) else { return XCTFail("it is not obeyed") }
            switch book.hear(update, at: at(9, 33)) {
            case .known: XCTAssertTrue(isKept)
            case .nothingNew: XCTAssertFalse(isKept)
            default: XCTFail("it was obeyed twice")
            }
            XCTAssertEqual(book["1"]?.state.filledAmount, 100)
        }
    }

    /// What became of an order of the day before may be found out, and numbered, after today's journal was begun.
    func testAChangeThatIsPlayedAgainKeepsTheNumberUnderWhichItWasTold() {
        func ticket(_ id: OrderID) -> OrderTicket {
            OrderTicket(
                id: id, security: steel, side: .buy, position: .long, amount: 300, pricing: .limit(yuan(10)),
                day: ordinaryDay,
                createdAt: at(9, 31))
        }
        var books = AccountBooks(AccountOptions(), day: ordinaryDay)
        var changes: [AccountChange] = []
        let entries: [JournalEntry] = [
            .intent(ticket("1"), priceThen: nil), .outcome("1", .unknown("ask the broker"), number: 6),
            .intent(ticket("2"), priceThen: nil), .outcome("2", .sent, number: nil),
            .heard(OrderUpdate(id: "2", news: .state(.filled), filledAmount: 300, averagePrice: yuan(10)), number: 1),
        ]
        for entry in entries {
            books.replay(.init(entry: entry, time: at(9, 32), boot: BootID("1")), &changes)
        }
        XCTAssertEqual(changes.compactMap(\.number), [6, 1, 2])
        XCTAssertEqual(books.lastNumber, 6, "no number is given twice")
    }
}
