import Gates
import JQTrade
import Market
import Simulation
import TestSupport
import XCTest

@testable import Engine

/// A gate of the strategy's own says itself whether it knows cash and positions.
final class OwnGateTests: XCTestCase {
    private func run(_ gate: @escaping (Machine) -> ScriptedGate, _ job: @escaping (Context) -> Void) throws -> Machine
    {
        let machine = try Machine(shanghai("2026-11-19 09:30"))
        machine.mayTrade = true
        let gate = gate(machine)
        machine.start { _ in
            set_options(trade_gate: gate, sync_internal: 1)
            run_daily({ job($0) }, "9:31", name: "first")
            run_daily({ job($0) }, "9:33", name: "second")
        }
        machine.pass(until: "2026-11-19 09:32")
        gate.snapshot = gate.broker.snapshot(
            day: MarketHours().tradingDay(at: machine.clock.now), at: machine.clock.now)
        machine.pass(until: "2026-11-19 09:34")
        return machine
    }

    private func broker() -> ScriptedBroker { ScriptedBroker(cash: Money(units: 100_000 * 10_000)) }

    /// What the broker does not tell at first counts once he does: nothing is ordered that nobody can measure.
    func testAnAccountThatComesLateIsWaitedFor() throws {
        var answers: [String?] = []
        let machine = try run({ _ in ScriptedGate(self.broker(), disk: SimulatedDisk()) }) { _ in
            answers.append(order("000001.XSHE", 100_000, LimitOrderStyle(10)))
            answers.append(order("000001.XSHE", 100, LimitOrderStyle(10)))
        }
        XCTAssertEqual(answers.map { $0 == nil }, [true, true, true, false], machine.log.joined(separator: "\n"))
        let refused = machine.log.filter { $0.contains("refused:") }
        XCTAssertTrue(refused.first?.contains("has not been read yet") ?? false, refused.joined(separator: "\n"))
        XCTAssertTrue(refused.last?.contains("it costs 1000000") ?? false, refused.joined(separator: "\n"))
        XCTAssertTrue(machine.log.contains { $0.hasPrefix("WARN the gate has not told its account yet") })
    }

    func testTheFirstSnapshotIsTaken() throws {
        var cash: [Double] = []
        _ = try run({ machine in
            let gate = ScriptedGate(self.broker(), disk: SimulatedDisk())
            gate.snapshot = gate.broker.snapshot(
                day: MarketHours().tradingDay(at: machine.clock.now), at: machine.clock.now)
            return gate
        }) { cash.append($0.portfolio.available_cash) }
        XCTAssertEqual(cash, [100_000, 100_000])
    }

    func testAGateWithoutAnAccountSideIsNotAskedForIt() throws {
        var answers: [String?] = []
        let gate = ScriptedGate(broker(), disk: SimulatedDisk())
        gate.hasAccountSide = false
        _ = try run({ _ in gate }) { _ in answers.append(order("000001.XSHE", -100, LimitOrderStyle(10))) }
        XCTAssertEqual(answers.map { $0 == nil }, [false, false])
        XCTAssertNil(gate.calls["account"])
    }
}
