import CSupport
import Gates
import Market
import Storage
import TestSupport
import XCTest

@testable import Accounts

final class DayTests: XCTestCase {
    private let buy = OrderRequest(steel, 300, .limit(10))

    func testAfterTheDayUnfinishedOrdersHaveEnded() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let ids = try (0..<3).map { _ in try account.give(buy, at(14, 0)) }
        desk.broker.fill(ids[1], 100)
        desk.gate.answers = [[.unknown("short write")]]
        let doubtful = try account.give(buy, at(14, 0))
        let before = desk.sync(account, at(15, 29, 59))
        XCTAssertEqual(ids.map { account.order($0)?.status }, [.new, .filling, .new])
        let changes = account.sync(now: at(15, 30))
        XCTAssertEqual(ids.map { account.order($0)?.status }, [.canceled, .partly_canceled, .canceled])
        XCTAssertEqual(account.order(ids[1])?.canceledAmount, 200)
        XCTAssertEqual(account.order(ids[0])?.message, "day ended, not confirmed by the terminal")
        XCTAssertEqual(account.order(doubtful)?.status, .unknown)
        XCTAssertEqual(changes.compactMap(\.number), (1...3).map { $0 + (before.compactMap(\.number).last ?? 0) })
        XCTAssertEqual(account.sync(now: at(15, 31)), [])
        desk.broker.fill(ids[2], 300)
        _ = account.sync(now: at(15, 32))
        XCTAssertEqual(account.order(ids[2])?.status, .filled, "the broker knows better")
        let again = try desk.open(at(16, 0), seed: 2)
        XCTAssertEqual(again.orders(), account.orders())
    }

    func testAnOrderThatNoDayEndsIsKeptUntilItIsOver() throws {
        let desk = Desk()
        desk.options.isLive = false
        desk.options.rules = .none
        desk.options.dayEndsAfterClose = .seconds(36_500 * 86_400)
        let account = try desk.openSynced()
        let resting = try account.give(buy, at(14, 0))
        let over = try account.give(buy, at(14, 0))
        desk.broker.fill(over, 300)
        for later in [0, 3, 4, 5, 6] { desk.sync(account, at(14, 30, daysLater: later)) }
        XCTAssertEqual(account.orders().map(\.id), [resting])
        XCTAssertNil(account.order(over), "what is over is forgotten after a day")
        desk.broker.fill(resting, 300)
        desk.sync(account, at(14, 31, daysLater: 6))
        XCTAssertEqual(account.order(resting)?.status, .filled)
    }

    func testTheNextDayBeginsAnew() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let id = try account.give(buy, at(14, 0))
        let monday = at(9, 31, daysLater: 3)
        XCTAssertTrue(
            account.sync(now: monday).contains { change in
                if case .order(let order, _, _) = change { order.id == id && order.status == .canceled } else { false }
            })
        XCTAssertEqual(account.orders(), [])
        XCTAssertEqual(account.day, ordinaryDay + 3)
        XCTAssertEqual(account.refusal(buy, monday)?.rule, .notSynced)
        desk.sync(account, monday)
        let new = try account.give(buy, monday)
        XCTAssertEqual(account.orders(status: .new).map(\.id), [new])
        // Yesterday's last row still counts for yesterday's order.
        desk.broker.fill(id, 300)
        XCTAssertEqual(account.sync(now: at(9, 32, daysLater: 3)).compactMap(\.number).count, 2)
        XCTAssertEqual(account.order(id)?.status, .filled)
        let again = try desk.open(at(9, 33, daysLater: 3), seed: 2)
        XCTAssertEqual(again.order(id)?.status, .filled)
        XCTAssertEqual(again.order(new)?.status, .new)
    }

    func testWhatIsHeardOfYesterdaysOrdersIsInYesterdaysHistory() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let id = try account.give(buy, at(14, 0))
        desk.broker.fill(id, 300)
        let monday = at(9, 31, daysLater: 3)
        desk.sync(account, monday)
        _ = try account.give(buy, monday)
        try account.flushPending(now: monday)
        let friday = try OrderHistory.read(ordinaryDay, taskFolder: "/task", disk: desk.disk, options: desk.options)
        XCTAssertEqual(friday.orders.map(\.id), [id])
        XCTAssertEqual(friday.orders.map(\.status), [.filled])
        XCTAssertEqual(friday.trades.map(\.amount), [300])
    }

    /// A file that goes on from day to day still holds Friday's order when the terminal looks into it on Monday.
    func testAnOrderThatLayOverNightIsOpenAgain() throws {
        for isHeardFirst in [false, true] {
            let desk = Desk()
            let account = try desk.openSynced()
            let id = try account.give(buy, at(14, 59))
            if !isHeardFirst { XCTAssertTrue(account.sync(now: at(9, 0, daysLater: 3)).contains { $0.number != nil }) }
            var taken = OrderUpdate(id: id, news: .state(.open))
            taken.entrustedAt = at(9, 10, daysLater: 3)
            desk.broker.say(taken)
            desk.sync(account, at(9, 11, daysLater: 3))
            XCTAssertEqual(account.order(id)?.status, .open)
            desk.sync(account, at(15, 29, daysLater: 3))
            XCTAssertEqual(account.order(id)?.status, .open)
            desk.sync(account, at(15, 30, daysLater: 3))
            XCTAssertEqual(account.order(id)?.status, .canceled)
            // Friday's own words, read again, change nothing.
            taken.entrustedAt = at(14, 59, 1)
            desk.broker.say(taken)
            desk.sync(account, at(15, 31, daysLater: 3))
            XCTAssertEqual(account.order(id)?.status, .canceled)
        }
    }

    func testNoOrderGoesOutUnderYesterdayWhileTodaysJournalCannotBeOpened() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let monday = at(9, 31, daysLater: 3)
        desk.gate.snapshot = desk.broker.snapshot(day: ordinaryDay + 3, at: monday)
        try account.flushPending(now: at(15, 0))
        desk.disk.faults.failures[desk.disk.operations] = EIO
        let refusal = try XCTUnwrap(account.refusal(buy, monday))
        XCTAssertEqual(refusal.rule, .journal)
        XCTAssertTrue(refusal.sentence.contains("2026-11-23"), refusal.sentence)
        XCTAssertEqual(desk.broker.ledger, [])
        desk.disk.faults.failures = [:]
        desk.sync(account, monday)
        let id = try account.give(buy, monday)
        XCTAssertEqual(account.order(id)?.ticket.day, ordinaryDay + 3)
    }

    func testAnOrderGivenAtNightIsOfTheNextDay() throws {
        let desk = Desk()
        desk.options.takesOffSessionOrders = true
        let account = try desk.openSynced(at(20, 0))
        let id = try account.give(buy, at(20, 0))
        desk.sync(account, at(14, 59, daysLater: 3))
        XCTAssertEqual(account.openOrders().map(\.status), [.new])
        desk.sync(account, at(15, 30, daysLater: 3))
        XCTAssertEqual(account.order(id)?.status, .canceled)
    }

    /// Died on Friday while sending; found out on Monday, whatever happens to that start.
    func testWhatWasLeftOpenYesterdayIsResolvedBeforeToday() throws {
        for stop in 0..<40 {
            let losingPower = stop % 2 == 1
            let desk = Desk()
            let account = try desk.openSynced()
            desk.disk.faults.stopAt = desk.disk.operations + 4
            let id = account.submit([buy], now: at(14, 0)).compactMap { try? $0.get() }
            XCTAssertEqual(id, desk.broker.ledger)
            desk.disk.crash(losingUnflushed: false, seed: 1)
            desk.disk.faults.stopAt = desk.disk.operations + stop
            _ = try? desk.open(at(9, 0, daysLater: 3), seed: 2)
            desk.disk.crash(losingUnflushed: losingPower, seed: UInt64(stop))
            if losingPower { desk.boot += 1 }
            let monday = try desk.open(at(9, 1, daysLater: 3), seed: 3)
            for id in desk.broker.ledger {
                let status = monday.order(id)?.status
                XCTAssertTrue(status == .new || losingPower && status == .unknown, "stop at \(stop): \(status as Any)")
            }
            XCTAssertEqual(desk.gate.adopted.map(\.id), desk.broker.ledger)
        }
    }

    func testOldJournalsAreRemovedOnceTheirOrdersAreFinished() throws {
        let desk = Desk()
        desk.options.daysKept = 5
        var account = try desk.openSynced()
        func journals() throws -> [Int] {
            try OrderHistory.days(taskFolder: "/task", disk: desk.disk).map { $0 - ordinaryDay }
        }
        _ = try account.give(buy, at(14, 0))
        desk.gate.answers = [[.unknown("short write")]]
        desk.sync(account, at(9, 31, daysLater: 3))
        _ = try account.give(buy, at(9, 32, daysLater: 3))
        for day in [4, 5] { desk.sync(account, at(9, 31, daysLater: day)) }
        XCTAssertEqual(try journals(), [0, 3, 4, 5])
        for day in [6, 7] { desk.sync(account, at(9, 31, daysLater: day)) }
        XCTAssertEqual(try journals(), [3, 4, 5, 6, 7])
        desk.sync(account, at(9, 31, daysLater: 10))
        XCTAssertEqual(try journals(), [3, 5, 6, 7, 10], "the order of the 3rd day is in doubt for ever")
        account = try desk.open(at(9, 30, daysLater: 40), seed: 2)
        XCTAssertEqual(try journals(), [3, 10, 40], "the last two are kept")
    }

    /// The rows of what was filled yesterday stand beside those of what was not: the gate must know both for ours.
    func testWithOneOfYesterdaysOrdersTheGateKnowsAll() throws {
        let desk = Desk()
        let account = try desk.openSynced()
        let (filled, open) = (try account.give(buy, at(14, 0)), try account.give(buy, at(14, 1)))
        desk.broker.fill(filled, 300)
        desk.sync(account, at(14, 2))
        let monday = try desk.open(at(9, 0, daysLater: 3), seed: 2)
        XCTAssertEqual(desk.gate.adopted.map(\.id), [filled, open])
        desk.broker.fill(open, 300)
        desk.sync(monday, at(9, 1, daysLater: 3))
        _ = try desk.open(at(9, 2, daysLater: 3), seed: 3)
        XCTAssertEqual(desk.gate.adopted.map(\.id), [])
    }

    func testAJournalOfALaterDayIsAWrongClock() throws {
        let desk = Desk()
        _ = try desk.openSynced(at(9, 30, daysLater: 3))
        XCTAssertThrowsError(try desk.open(at(9, 30))) { XCTAssertTrue("\($0)".contains("2026-11-23")) }
    }

    func testAnotherBootLeavesDoubt() throws {
        for (boot, presence, expected) in [
            (1, Presence.absent, OrderStatus.rejected), (2, .absent, .unknown), (2, .found, .new),
            (1, .inDoubt("no file"), .unknown),
        ] {
            let desk = Desk()
            let account = try desk.openSynced()
            desk.gate.ids = { "7" }
            desk.disk.faults.stopAt = desk.disk.operations + 2
            _ = account.submit([buy], now: at(9, 31))
            desk.disk.crash(losingUnflushed: false, seed: 1)
            desk.boot = boot
            let parts = Account.Parts(
                gate: gate(desk, presence), folder: "/task", disk: desk.disk, boot: BootID("boot \(desk.boot)"),
                options: desk.options)
            let again = try Account.open(parts, now: at(9, 40))
            XCTAssertEqual(again.order("7")?.status, expected)
            XCTAssertEqual(again.sync(now: at(9, 41)).compactMap(\.number), [1])
            if expected == .rejected {
                XCTAssertEqual(again.order("7")?.message, "never left: the program ended before it was sent")
            }
        }
    }

    private func gate(_ desk: Desk, _ presence: Presence) -> ScriptedGate {
        let gate = ScriptedGate(desk.broker, disk: desk.disk)
        gate.presences = ["7": presence]
        return gate
    }
}
