import Gates
import Market
import Storage
import TestSupport
import XCTest

@testable import Accounts

final class CrashTests: XCTestCase {
    /// The program dies before each operation of a day, with and without the power, and is started again.
    func testDeathAtEveryOperationOfADay() throws {
        for losingPower in [false, true] {
            for seed in 0..<4 as Range<UInt64> {
                var stopAt = 0
                var finished = false
                while !finished {
                    let day = ScriptedDay(stopAt: stopAt, losingPower: losingPower, seed: seed)
                    finished = try day.run()
                    stopAt += 1
                }
                XCTAssertGreaterThan(stopAt, 30)
            }
        }
    }
}

/// A morning with orders, a batch, cancels and fills, in which the program dies once.
private final class ScriptedDay {
    private let desk = Desk()
    private let stopAt: Int
    private let losingPower: Bool
    private let seed: UInt64
    private var told: [Int: AccountChange] = [:]
    private var cursor = 0
    private var died = false
    private var place: String { "stop at \(stopAt), power lost: \(losingPower), seed \(seed)" }

    init(stopAt: Int, losingPower: Bool, seed: UInt64) {
        self.stopAt = stopAt
        self.losingPower = losingPower
        self.seed = seed
    }

    /// True if nothing was left to die at.
    func run() throws -> Bool {
        desk.disk.faults.stopAt = stopAt
        morning(try? desk.openSynced(seed: seed))
        let finished = desk.disk.operations < stopAt
        let inDoubt = desk.broker.ledger
        desk.disk.crash(losingUnflushed: losingPower, seed: seed)
        if losingPower { desk.boot += 1 }
        died = true

        let account = try desk.open(at(10, 0), seed: seed + 100)
        listen(account, at(10, 0))
        XCTAssertTrue(desk.broker.ledger == inDoubt, "a start sends nothing: \(place)")
        for id in inDoubt { XCTAssertNotNil(account.order(id), "unknown to the journal: \(place)") }
        for order in account.orders() where order.isSent { check(order) }
        for id in inDoubt { desk.broker.open(id) }
        desk.gate.snapshot = desk.broker.snapshot(day: ordinaryDay, at: at(10, 1))
        listen(account, at(10, 1))
        _ = try account.give(OrderRequest(steel, 100, .limit(10)), at(10, 2))
        for id in desk.broker.ledger { desk.broker.fill(id, desk.broker.orders[id]?.rest ?? 0) }
        listen(account, at(10, 3))
        listen(account, at(10, 4))
        XCTAssertEqual(Set(desk.broker.ledger).count, desk.broker.ledger.count, "sent twice: \(place)")
        for id in desk.broker.ledger {
            XCTAssertEqual(account.order(id)?.filledAmount, desk.broker.orders[id]?.filled, place)
            XCTAssertEqual(
                account.trades.filter { $0.ticket.id == id }.reduce(0) { $0 + $1.amount },
                desk.broker.orders[id]?.filled, place)
        }
        XCTAssertEqual(told.keys.sorted(), Array(1...max(told.count, 1)), "each change was told: \(place)")
        return finished
    }

    private func morning(_ account: Account?) {
        guard let account else { return }
        _ = account.submit([OrderRequest(steel, 300, .limit(10))], now: at(9, 31))
        _ = account.submit(
            [OrderRequest(bank, -500, .limit(11)), OrderRequest(steel, 150), OrderRequest(bank, -200, .limit(11))],
            now: at(9, 32))
        for id in desk.broker.ledger { desk.broker.open(id) }
        listen(account, at(9, 33))
        if let id = desk.broker.ledger.first { _ = account.cancel([id], now: at(9, 34)) }
        if let id = desk.broker.cancels.first { desk.broker.cancel(id) }
        if let id = desk.broker.ledger.last { desk.broker.fill(id, 100) }
        listen(account, at(9, 35))
        _ = account.submit([OrderRequest(steel, 100, .limit(10))], now: at(9, 36))
        try? account.flushPending(now: at(9, 37))
    }

    /// The strategy is told: never again what it was told before, as long as the cursor was written.
    private func listen(_ account: Account, _ now: Instant) {
        let changes = account.sync(now: now)
        guard died || desk.disk.operations < stopAt else { return }
        for change in changes {
            guard let number = change.number else { continue }
            if number <= cursor, !losingPower { XCTFail("\(number) was told twice: \(place)") }
            told[number] = change
        }
        guard let last = changes.compactMap(\.number).last else { return }
        account.told(upTo: last, now: now)
        if died || desk.disk.operations < stopAt { cursor = last }
    }

    /// After a start: what the broker has is not refused, and what cannot be told is unknown.
    private func check(_ order: OrderState) {
        let left = desk.broker.orders[order.id] != nil
        switch order.status {
        case .rejected: XCTAssertFalse(left, "\(order.id) left: \(place)")
        case .unknown: XCTAssertTrue(losingPower, "\(order.id) need not be in doubt: \(place)")
        default: XCTAssertTrue(left, "\(order.id) \(order.status) never left: \(place)")
        }
    }
}
