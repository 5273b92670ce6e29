import Gates
import JQTrade
import TestSupport
import XCTest

@testable import Engine

/// A run that is over leaves nothing behind: a process that plays many days needs no more memory than for one.
final class GoneRunTests: XCTestCase {
    private let code = "000001.XSHE"

    /// Whether a run is still there after a morning with jobs, bars and an order, at the end of which it was stopped, or
    /// killed in the midst of a job.
    private func staysBehind(live: Bool, killed: Bool) throws -> Bool {
        let machine = try Machine(shanghai("2026-11-19 09:20"))
        machine.mayTrade = live
        machine.feed = ScriptedFeed(.minute, bars: [code: [bar(shanghai("2026-11-19 09:32"), 10)]])
        var calls = 0
        let strategy = StrategyEntry(
            initialize: { [code] context in
                if live { set_options(trade_gate: SilentGate(), market_data: "csv:bars.csv") }
                context.state["day"] = 1
                subscribe(code, "1m") { _ in calls += 1 }
                run_daily({ _ in order(code, 100, .limit(10)) }, "9:31", name: "order")
                run_daily({ _ in if killed { machine.kill() } }, "9:40", name: "end")
            },
            onOrder: { context, _ in calls += context.portfolio.positions.keys.count + 1 })
        XCTAssertEqual(machine.start(strategy), .ready)
        machine.pass(until: "2026-11-19 09:45")
        if !killed { machine.stop() }
        XCTAssertGreaterThan(calls, live ? 0 : 1)
        weak let run = machine.run
        XCTAssertNotNil(run)
        StrategyHost.attach(nil)
        machine.bury(restart: shanghai("2026-11-19 09:50"))
        return run != nil
    }

    func testNothingHoldsARunThatWasStoppedOrKilled() throws {
        for live in [false, true] {
            for killed in [false, true] {
                XCTAssertFalse(try staysBehind(live: live, killed: killed), "live: \(live), killed: \(killed)")
            }
        }
    }
}
