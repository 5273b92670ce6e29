import Gates
import Market
import XCTest

@testable import Accounts

/// What the journal keeps of the strategy's callbacks.
final class CallbackMemoryTests: XCTestCase {
    private let buy = OrderRequest(steel, 100, .limit(10))

    private func filled(_ desk: Desk) throws -> (Account, AccountChange) {
        let account = try desk.openSynced()
        let id = try account.give(buy, at(9, 31))
        desk.broker.fill(id, 100)
        let trade = account.sync(now: at(9, 32)).first { if case .trade = $0 { true } else { false } }
        return (account, try XCTUnwrap(trade))
    }

    func testWhatWasBeingToldCountsAsTold() throws {
        let desk = Desk()
        let (account, trade) = try filled(desk)
        account.begin("on_trade", of: trade, now: at(9, 32))
        let again = try desk.open(at(9, 33))
        XCTAssertEqual(again.sync(now: at(9, 33)).compactMap(\.number), [])
        XCTAssertEqual(again.lastBroken?.name, "on_trade")
        XCTAssertEqual(again.lastBroken?.order, trade.order)
        XCTAssertEqual(again.brokenCallbacks.map(\.name), ["on_trade"])
        let third = try desk.open(at(9, 34))
        XCTAssertNil(third.lastBroken, "it is the last run's no more")
        XCTAssertEqual(third.brokenCallbacks.map(\.name), ["on_trade"])
        XCTAssertEqual(try desk.open(at(9, 31, daysLater: 3)).brokenCallbacks, [], "another day")
    }

    func testWhatHasEndedIsNotBroken() throws {
        let desk = Desk()
        let (account, trade) = try filled(desk)
        account.begin("on_trade", of: trade, now: at(9, 32))
        account.endCallback(now: at(9, 32))
        let again = try desk.open(at(9, 33))
        XCTAssertNil(again.lastBroken)
        XCTAssertEqual(again.brokenCallbacks, [])
    }

    func testTheNoteIsFlushedBeforeTheFirstOrderOfTheCallback() throws {
        let desk = Desk()
        let (account, trade) = try filled(desk)
        account.begin("on_trade", of: trade, now: at(9, 32))
        _ = try account.give(buy, at(9, 32))
        desk.disk.crash(losingUnflushed: true, seed: 7)
        desk.boot += 1
        XCTAssertEqual(try desk.open(at(9, 40)).lastBroken?.name, "on_trade")
    }

    /// The machine was down over night: that is told on the next day, once, and suspends nothing any more.
    func testACallbackOfTheDayBeforeIsToldOnce() throws {
        let desk = Desk()
        let (account, trade) = try filled(desk)
        account.begin("on_trade", of: trade, now: at(14, 59))
        let monday = try desk.open(at(9, 0, daysLater: 3))
        XCTAssertEqual(monday.lastBroken?.day, ordinaryDay)
        XCTAssertEqual(monday.brokenCallbacks, [])
        XCTAssertNil(try desk.open(at(9, 1, daysLater: 3)).lastBroken)
    }

    /// A callback that begins on one day and ends on the next is whole.
    func testACallbackOverMidnightIsNotBroken() throws {
        let desk = Desk()
        let (account, trade) = try filled(desk)
        account.begin("on_trade", of: trade, now: at(23, 59))
        _ = account.sync(now: at(0, 1, daysLater: 3))
        account.endCallback(now: at(0, 1, daysLater: 3))
        XCTAssertNil(try desk.open(at(9, 0, daysLater: 3)).lastBroken)
    }
}
