import JQTrade
import TestSupport
import XCTest

@testable import Engine

/// What a strategy does wrong is logged at its place, counted, and never ends the task by itself.
final class MisuseTests: XCTestCase {
    private struct Trouble: Error, CustomStringConvertible { let description: String }

    private func machine() throws -> Machine { try Machine(shanghai("2026-11-20 09:29")) }

    func testCallsThatBelongToProcessInitializeAreCountedWithTheirPlace() throws {
        let machine = try machine()
        let site = OptionSite(labels: ["misfire_grace"], site: CallSite(path: "/s.swift", line: 9))
        machine.start(sites: [site]) { _ in
            run_daily(
                { _ in
                    run_daily({ _ in XCTFail("it was registered") }, "9:31", file: "/s.swift", line: 7)
                    run_weekly({ _ in }, 1, "9:31", file: "/s.swift", line: 8)
                    set_options(misfire_grace: 5)
                }, "open", name: "job")
        }
        machine.pass(until: "2026-11-20 09:32")
        XCTAssertEqual(machine.counts.jobErrors, 3)
        XCTAssertEqual(
            machine.log.filter { $0.hasPrefix("ERROR") },
            [
                "ERROR /s.swift:7: run_daily, run_weekly and run_monthly can be called in process_initialize only; "
                    + "this call has no effect.",
                "ERROR /s.swift:8: run_daily, run_weekly and run_monthly can be called in process_initialize only; "
                    + "this call has no effect.",
                "ERROR /s.swift:9: set_options can be called in process_initialize only; this call has no effect.",
            ])
        XCTAssertEqual(machine.run?.options.misfireGrace, .seconds(60))
        XCTAssertEqual(try machine.fates(of: "2026-11-20"), ["09:30:00 job done"])
    }

    func testAccountCallsAreSaidOnceAPlaceAndNotCounted() throws {
        let machine = try machine()
        machine.start { _ in
            set_options(use_account: false)
            run_daily(
                { context in
                    XCTAssertNil(order("000001.XSHE", 100, file: "/s.swift", line: 3))
                    XCTAssertNil(order("000001.XSHE", 100, file: "/s.swift", line: 4))
                    XCTAssertFalse(cancel_order("1", file: "/s.swift", line: 4))
                    XCTAssertEqual(get_trades(file: "/s.swift", line: 5).count, 0)
                    XCTAssertEqual(context.portfolio.total_value, 0)
                }, "every_minute", name: "job")
        }
        machine.pass(until: "2026-11-20 09:40")
        let reason =
            "this task has no account (use_account: false), so the call has no effect. It is said once for each place."
        XCTAssertEqual(
            machine.log.filter { $0.hasPrefix("ERROR") },
            [
                "ERROR /s.swift:3: order(): \(reason)", "ERROR /s.swift:4: order(): \(reason)",
                "ERROR /s.swift:4: cancel_order(): \(reason)", "ERROR /s.swift:5: get_trades(): \(reason)",
                "ERROR job job: context.portfolio: \(reason)",
            ])
        XCTAssertEqual(machine.counts.jobErrors, 0)
    }

    func testThrownErrorsAreCountedAndTheTaskGoesOn() throws {
        let machine = try machine()
        machine.start { _ in
            run_daily({ _ in throw Trouble(description: "no luck") }, "every_minute", name: "job")
            run_daily({ _ in log.info("well") }, "9:31", name: "other")
        }
        machine.pass(until: "2026-11-20 09:31")
        XCTAssertEqual(machine.counts.jobErrors, 2)
        XCTAssertTrue(machine.log.contains("ERROR job (slot 09:30:00) failed: no luck"))
        XCTAssertEqual(machine.log.last, "INFO well")
        XCTAssertEqual(
            try machine.fates(of: "2026-11-20").filter { !$0.hasSuffix("planned") },
            ["09:30:00 job failed", "09:31:00 job failed", "09:31:00 other done"])
    }

    func testOnJobErrorStopEndsTheRunAfterProcessExit() throws {
        let machine = try machine()
        var exited = 0
        machine.start(exit: { _ in exited += 1 }) { _ in
            set_options(on_job_error: "stop")
            run_daily({ _ in throw Trouble(description: "no luck") }, "9:31", name: "job")
            run_daily({ _ in XCTFail("it ran after the stop") }, "9:31", name: "other")
        }
        machine.pass(until: "2026-11-20 10:00")
        XCTAssertEqual(exited, 1)
        XCTAssertEqual(machine.run?.ending, .failed("job failed, and on_job_error is \"stop\""))
        XCTAssertEqual(
            try machine.fates(of: "2026-11-20").prefix(1), ["09:31:00 job failed"])
        XCTAssertEqual(machine.counts.jobErrors, 1)
    }

    func testAnErrorInProcessInitializeFailsTheStart() throws {
        let machine = try machine()
        let result = machine.start(exit: { _ in XCTFail("there is nothing to exit from") }) { _ in
            run_daily({ _ in XCTFail("it ran") }, "9:30")
            throw Trouble(description: "no config")
        }
        XCTAssertEqual(result, .failed(["process_initialize threw an error: no config"]))
        machine.pass(until: "2026-11-20 10:00")
        machine.stop()
        XCTAssertNil(try machine.read("/home/tasks/demo/schedule.json"))
    }

    func testAStopRunsProcessExitOnceAndWhatItThrowsIsCounted() throws {
        let machine = try machine()
        var exited = 0
        machine.start(exit: { _ in
            exited += 1
            throw Trouble(description: "cannot leave")
        }) { _ in run_daily({ _ in }, "open", name: "job") }
        machine.stop()
        machine.stop()
        machine.pass(until: "2026-11-20 10:00")
        XCTAssertEqual(exited, 1)
        XCTAssertEqual(machine.counts.jobErrors, 1)
        XCTAssertEqual(machine.log.last, "ERROR process_exit failed: cannot leave")
        XCTAssertEqual(machine.run?.ending, .asked)
    }

    func testAStopDuringAJobWaitsForItAndLeavesTheSlotsAfterIt() throws {
        let machine = try machine()
        var steps: [String] = []
        machine.start(exit: { _ in steps.append("exit") }) { _ in
            run_daily(
                { _ in
                    machine.stop()
                    machine.clock.work(for: .seconds(90))
                    steps.append("job")
                }, "every_minute", name: "job")
        }
        machine.pass(until: "2026-11-20 09:45")
        XCTAssertEqual(steps, ["job", "exit"])
        machine.bury(newTask: true, restart: shanghai("2026-11-20 09:59:30"))
        var exits = 0
        machine.start(exit: { _ in exits += 1 }) { _ in run_daily({ _ in exits += 10 }, "every_minute", name: "job") }
        machine.pass(until: "2026-11-20 10:00")
        XCTAssertEqual(exits, 10, "after a stop, the slots before the start are skipped and its own runs")
        XCTAssertEqual(
            try machine.fates(of: "2026-11-20").prefix(31).map { $0.split(separator: " ")[2] },
            ["done"] + Array(repeating: "skipped", count: 29) + ["done"])
    }

    func testARequestIsHeardBetweenTwoDueJobs() throws {
        let machine = try machine()
        var ran: [String] = []
        machine.betweenActivities = { machine.stop() }
        machine.start { _ in
            for name in ["a", "b"] { run_daily({ _ in ran.append(name) }, "open", name: name) }
        }
        machine.pass(until: "2026-11-20 09:40")
        XCTAssertEqual(ran, ["a"])
    }

    func testCallsAfterTheEndDoNothing() throws {
        let machine = try machine()
        var kept: Context?
        machine.start { context in kept = context }
        machine.stop()
        let lines = machine.log
        log.error("nobody hears this")
        run_daily({ _ in }, "open")
        order("000001.XSHE", 100)
        XCTAssertEqual(machine.log, lines)
        XCTAssertEqual(kept?.task_name, "demo")
    }
}
