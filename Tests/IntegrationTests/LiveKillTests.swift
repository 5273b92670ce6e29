import CSupport
import Foundation
import Notation
import Processes
import Simulation
import TestSupport
import XCTest

/// 200 orders go through while worker, supervisor and terminal are killed. Afterwards the order file, the terminal's
/// ledger and the task's journal tell one story.
final class LiveKillTests: LiveTestCase {
    private enum Victim: CaseIterable { case worker, supervisor, terminal }

    func testKillsAtAnyMomentLoseNoOrderAndSendNoneTwice() throws {
        for seed in TestScale.killRounds {
            if seed > 0 {
                tearDown()
                try setUpWithError()
            }
            try killWhileOrdersGoThrough(seed)
            if let run = testRun, run.totalFailureCount > 0 { return XCTFail("seed \(seed)") }
        }
    }

    private func killWhileOrdersGoThrough(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var terminal = try startTerminal(["--cash", "100000000"])
        var task = try startTask()
        let victims = (Victim.allCases + [.worker]).shuffled(using: &random)
        let moments = victims.map { _ in Int.random(in: 5..<180, using: &random) }.sorted()
        for (victim, moment) in zip(victims, moments) {
            try waitForOrders(moment)
            switch victim {
            case .worker: if let pid = try place.task()?["pid"]?.int { _ = kill(Int32(pid), SIGKILL) }
            case .supervisor:
                task.send(SIGKILL)
                try task.waitForExit()
                task = try startTask()
            case .terminal:
                terminal.send(SIGKILL)
                try terminal.waitForExit()
                terminal = try startTerminal(["--cash", "100000000"])
            }
        }
        XCTAssertTrue(eventually { self.given == 200 }, "seed \(seed): \(place.read("demo.log"))")
        try waitForEndOfOrders(orderRows().count)
        try waitForShares(100 * orderRows().count)
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        try checkThatAllAgree(seed)
    }

    /// Starts the task, once the worker that a killed supervisor has left is gone.
    private func startTask() throws -> RunningProgram {
        XCTAssertTrue(try eventually { try self.place.task().map { $0["pid"] == .null } ?? true })
        let more = ["-o", "demo.log", "--set", "on_job_crash=continue", "--set", "max_orders_per_minute=1000"]
        return try place.startTask(Live.strategy, live("many", more))
    }

    private var given: Int? { try? JSON(parsing: place.read("home/tasks/demo/state.json"))["given"]?.int }

    private func waitForOrders(_ count: Int) throws {
        let came = eventually { self.orderRows().count >= count || self.given == 200 }
        XCTAssertTrue(came, "\(orderRows().count) of \(count) orders: \(place.read("demo.log"))")
    }

    /// The terminal writes the account every 5 s, and a fill counts as in it a little later.
    private func waitForShares(_ amount: Int) throws {
        var account: JSON?
        let came = try eventually {
            account = try JSON(parsing: self.place.run(["get_account", "-n", "demo", "--json"]).output)
            return account?["positions"]?.list?.first?["total_amount"]?.int == amount
        }
        XCTAssertTrue(came, "\(amount) shares, but \(account?.compact ?? "no account")")
    }

    private func checkThatAllAgree(_ seed: UInt64) throws {
        let rows = orderRows()
        XCTAssertTrue(rows.allSatisfy { $0.count == 12 }, "seed \(seed): a torn row")
        let written = rows.map { $0[1] }
        XCTAssertGreaterThan(written.count, 150, "seed \(seed)")
        XCTAssertEqual(Set(written).count, written.count, "seed \(seed): an id twice")
        // Each order has its own price, so an order that was sent again under another id would show.
        XCTAssertEqual(Set(rows.map { $0[10] }).count, rows.count, "seed \(seed): an order twice")

        let accepted = try ledger().filter { $0["event"]?.string == "accepted" }
        XCTAssertEqual(accepted.compactMap { $0["id"]?.string }.sorted(), written.sorted(), "seed \(seed)")
        let filled = try ledger().filter { $0["event"]?.string == "filled" }.compactMap { $0["amount"]?.int }
        XCTAssertEqual(filled.reduce(0, +), 100 * written.count, "seed \(seed)")

        let known = try taskOrders()
        let sent = known.filter { $0["status"]?.string == "filled" }
        XCTAssertEqual(sent.compactMap { $0["order_id"]?.string }.sorted(), written.sorted(), "seed \(seed)")
        XCTAssertEqual(sent.compactMap { $0["filled_amount"]?.int }.reduce(0, +), 100 * written.count, "seed \(seed)")
        XCTAssertTrue(known.allSatisfy { $0["status"]?.string != "unknown" }, "seed \(seed)")
        let told = place.read("demo.log").matches(of: #/ order (\d+) .* given/#).map { String($0.output.1) }
        XCTAssertTrue(Set(told).isSubset(of: written), "seed \(seed): \(Set(told).subtracting(written)) never left")
    }
}
