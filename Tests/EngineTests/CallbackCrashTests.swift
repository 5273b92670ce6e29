import Gates
import JQTrade
import Market
import Simulation
import TestSupport
import XCTest

@testable import Engine

/// A callback that ended the worker of a live task is not called again for the same, nor on that day.
final class CallbackCrashTests: XCTestCase {
    private let start = shanghai("2026-11-19 09:30")
    /// A machine whose task trades with a broker that is not on it.
    private func liveMachine() throws -> Machine {
        let machine = try Machine(start)
        machine.mayTrade = true
        return machine
    }

    /// What a broker has after `on_trade` ordered, died, and was started again, and what was told.
    private func afterDeath(
        in callback: String, _ choice: String = "suspend", after end: String = "2026-11-19 09:40"
    ) throws -> (orders: [String], machine: Machine, calls: [String]) {
        let machine = try liveMachine()
        let (broker, sea) = (ScriptedBroker(cash: Money(units: 10_000_000_000)), SimulatedDisk())
        var calls: [String] = []
        var dies = true
        func answer(_ name: String, _ word: String) {
            calls.append("\(name) \(word)")
            guard name == callback else { return }
            order("600019.XSHG", 100, LimitOrderStyle(5))
            if dies { machine.kill() }
        }
        func begin() {
            let gate = ScriptedGate(broker, disk: sea)
            gate.snapshot = broker.snapshot(day: MarketHours().tradingDay(at: machine.clock.now), at: machine.clock.now)
            machine.start(
                StrategyEntry(
                    initialize: { _ in
                        set_options(trade_gate: gate, sync_internal: 1, on_job_crash: choice)
                        run_daily({ _ in order("000001.XSHE", 100, LimitOrderStyle(10)) }, "9:31", name: "buy")
                        run_daily({ _ in order("000001.XSHE", 200, LimitOrderStyle(10)) }, "9:35", name: "more")
                    },
                    onOrder: { _, order in if order.status == "filled" { answer("on_order", "\(order.amount)") } },
                    onTrade: { _, trade in answer("on_trade", "\(trade.amount)") }))
        }
        func fillAll() {
            for id in broker.ledger where broker.orders[id]?.ticket.security.code == "000001.XSHE" {
                broker.fill(id, broker.orders[id]?.rest ?? 0)
            }
        }
        begin()
        machine.pass(until: "2026-11-19 09:31")
        fillAll()
        machine.pass(until: "2026-11-19 09:31:05")
        XCTAssertTrue(machine.isDead, machine.log.joined(separator: "\n"))
        dies = false
        for restart in ["2026-11-19 09:32", "2026-11-19 09:33"] {
            machine.bury(restart: shanghai(restart))
            begin()
            machine.pass(until: shanghai(restart) + .seconds(30))
        }
        machine.pass(until: "2026-11-19 09:35:01")
        fillAll()
        machine.pass(until: end)
        return (broker.ledger.compactMap { broker.orders[$0]?.ticket.security.code }, machine, calls)
    }

    func testWhatItWasToldOfIsNotToldAgain() throws {
        let (orders, machine, calls) = try afterDeath(in: "on_trade")
        XCTAssertEqual(orders, ["000001.XSHE", "600019.XSHG", "000001.XSHE"], "one order of one callback")
        XCTAssertEqual(calls, ["on_order 100", "on_trade 100", "on_order 200"])
        let errors = machine.log.filter { $0.hasPrefix("ERROR") }
        let broken = errors.filter { $0.contains("the worker ended while on_trade was told of order") }
        XCTAssertEqual(broken.count, 1, errors.joined(separator: "\n"))
        XCTAssertTrue(broken.first?.contains("buy 100 000001.XSHE: it is not told of that again") ?? false)
        XCTAssertTrue(
            errors.contains(
                "ERROR on_trade is suspended for 2026-11-19: the worker ended while it ran. See with get_orders what it has"
                    + " sent. To run it again today, start the task with --set on_job_crash=continue."),
            errors.joined(separator: "\n"))
    }

    func testItIsCountedOnce() throws {
        let (_, machine, _) = try afterDeath(in: "on_order")
        XCTAssertEqual(machine.log.filter { $0.contains("while on_order was told of order") }.count, 1)
        XCTAssertEqual(machine.counts.jobErrors, 1)
    }

    func testItIsCalledForWhatComesLaterIfAskedTo() throws {
        let (orders, _, calls) = try afterDeath(in: "on_trade", "continue")
        XCTAssertEqual(orders, ["000001.XSHE", "600019.XSHG", "000001.XSHE", "600019.XSHG"])
        XCTAssertEqual(calls, ["on_order 100", "on_trade 100", "on_order 200", "on_trade 200"])
    }

    func testOnTheNextDayItIsCalledAgain() throws {
        let (_, machine, _) = try afterDeath(in: "on_trade")
        XCTAssertEqual(machine.run?.isSuspended(callback: "on_trade"), true)
        machine.pass(until: "2026-11-20 09:00")
        XCTAssertEqual(machine.run?.isSuspended(callback: "on_trade"), false)
    }

    /// Three restarts of a worker that a bar's callback ends each time it may.
    private func ordersOfABar(_ choice: String) throws -> (orders: Int, log: [String]) {
        let machine = try liveMachine()
        let (broker, sea) = (ScriptedBroker(cash: Money(units: 10_000_000_000)), SimulatedDisk())
        for minute in [31, 34, 37] {
            let gate = ScriptedGate(broker, disk: sea)
            gate.snapshot = broker.snapshot(day: MarketHours().tradingDay(at: machine.clock.now), at: machine.clock.now)
            machine.feed = ScriptedFeed(
                .minute,
                bars: ["000001.XSHE": (1...20).map { bar(shanghai("2026-11-19 09:30") + .seconds(60 * $0), 10) }])
            machine.start { _ in
                set_options(trade_gate: gate, market_data: "csv:/data", on_job_crash: choice)
                subscribe("000001.XSHE", "1m") { (_: Bar) in
                    order("600019.XSHG", 100, LimitOrderStyle(5))
                    machine.kill()
                }
            }
            machine.pass(until: shanghai("2026-11-19 09:\(minute)") + .seconds(90))
            if !machine.isDead { machine.kill() }
            machine.bury(restart: shanghai("2026-11-19 09:\(minute + 2)"))
        }
        return (broker.ledger.count, machine.log)
    }

    func testACallbackOfTheMarketsDataIsSuspended() throws {
        let (orders, log) = try ordersOfABar("suspend")
        XCTAssertEqual(orders, 1, log.joined(separator: "\n"))
        XCTAssertTrue(
            log.contains { $0.hasPrefix("ERROR bar 000001.XSHE 1m is suspended for 2026-11-19: the worker ended") },
            log.joined(separator: "\n"))
        XCTAssertEqual(try ordersOfABar("continue").orders, 3)
    }
}
