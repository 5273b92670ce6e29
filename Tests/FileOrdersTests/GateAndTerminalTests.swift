import FileOrders
import Gates
import Market
import Notation
import Simulation
import Storage
import TestSupport
import Time
import XCTest

/// Both sides of the folder together: what the gate was told in the end is what stands in the terminal's ledger.
final class GateAndTerminalTests: XCTestCase {
    private let faults =
        "delay=0.2,reject=0.1,partial=0.3,torn=0.2,truncate=0.1,rotate=0.1,duplicate=0.2,disorder=0.2,silent=0.05,"
        + "down=0.05,late-start=0.3"

    func testTheyAgreeWhateverTheTerminalDoes() throws {
        for seed in TestScale.seeds(3) { try oneDay(seed) }
    }

    private func oneDay(_ seed: UInt64) throws {
        let clock = VirtualClock(start: shanghai("2026-11-20 10:00"))
        let rig = try TerminalRig(faults: faults, seed: seed) { $0.pollInterval = .milliseconds(500) }
        rig.disk.clock = { clock.now.nanoseconds }
        try rig.client.makeFolder("/t")
        let gate = FileOrderGate(
            format: .oneQuant, disk: rig.client, clock: clock, random: SeededRandom(seed: seed))
        try gate.setup(
            GateDesk(
                options: ["account_no": "8890", "order_dir": "/orders"], taskName: "t", folder: "/t",
                now: { clock.now }, day: { MarketHours().tradingDay(at: clock.now) }, zone: .shanghai,
                log: { _, _ in }))
        var random = SeededRandom(seed: seed)
        var given: [OrderID] = []
        var told: [OrderID: [OrderUpdate]] = [:]
        let terminal = rig.terminal
        var due = clock.now
        for second in 0..<900 {
            if second < 60, given.count < 20 {
                let id = try XCTUnwrap(gate.nextID())
                let ticket = OrderTicket(
                    id: id, security: Security("000001.XSHE"), side: .buy, position: .long, amount: 1000,
                    pricing: .limit(Money(units: 105_000)), day: MarketHours().tradingDay(at: clock.now),
                    createdAt: clock.now, mark: gate.mark())
                XCTAssertEqual(gate.submit([ticket]), [.sent], "seed \(seed)")
                given.append(id)
                if random.oneIn(3), let id = given.randomElement(using: &random) { _ = gate.cancel([id]) }
            }
            clock.pass(.seconds(1))
            while due <= clock.now { due = try terminal.step(now: due) }
            for update in gate.updates() { told[update.id, default: []].append(update) }
        }
        XCTAssertEqual(Set(told.keys).subtracting(given), [], "seed \(seed)")
        let taken = rig.accepted()
        XCTAssertEqual(taken.count, Set(taken.map(\.id)).count, "seed \(seed): an id twice")
        for order in taken {
            let updates = told[order.id] ?? []
            XCTAssertTrue(
                updates.contains { $0.news == .state(order.status) && ($0.filledAmount ?? 0) == order.filled },
                "seed \(seed): \(order.id) is \(order.status) with \(order.filled), but the gate heard \(updates)")
            XCTAssertFalse(updates.contains { ($0.filledAmount ?? 0) > order.filled }, "seed \(seed)")
        }
        let refused = Set(given).subtracting(taken.map(\.id))
        for id in refused {
            XCTAssertTrue(
                told[id]?.contains { $0.news == .state(.rejected) && !$0.message.isEmpty } ?? false,
                "seed \(seed): \(id) was refused, but the gate heard \(told[id] ?? [])")
        }
    }
}
