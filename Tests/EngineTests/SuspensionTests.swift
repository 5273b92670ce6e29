import JQTrade
import TestSupport
import XCTest

@testable import Engine

/// A job that ended the worker of a live task does not run again on that day.
final class SuspensionTests: XCTestCase {
    /// A worker that is killed in the 9:31 slot of a job, and what the next one ran until the next morning.
    private func ranAfterACrash(live: Bool, _ choice: String) throws -> (ran: [String], log: [String]) {
        let machine = try Machine(shanghai("2026-11-19 09:30"))
        machine.mayTrade = live
        var ran: [String] = []
        var dies = true
        func start() {
            machine.start { context in
                set_options(trade_gate: SilentGate(), on_job_crash: choice)
                let work = { (context: Context) in
                    if dies { return machine.kill() }
                    ran.append("work \(context.current_dt.time)")
                }
                run_daily(work, "9:31", name: "work")
                run_daily(work, "14:00", name: "work")
                run_daily({ ran.append("other \($0.current_dt.time)") }, "14:00", name: "other")
            }
        }
        start()
        machine.pass(until: "2026-11-19 09:31")
        dies = false
        machine.bury(restart: shanghai("2026-11-19 09:32"))
        start()
        machine.pass(until: "2026-11-20 09:31")
        return (ran, machine.log)
    }

    func testItIsSuspendedForTheDayAndSaidSo() throws {
        let (ran, log) = try ranAfterACrash(live: true, "suspend")
        XCTAssertEqual(ran, ["other 14:00:00", "work 09:31:00"])
        XCTAssertEqual(
            log.filter { $0.hasPrefix("ERROR work") },
            [
                "ERROR work is suspended for 2026-11-19: the worker ended while it ran (slot 09:31:00). See with "
                    + "get_orders what it has sent. To run it again today, start the task with --set "
                    + "on_job_crash=continue."
            ])
        XCTAssertTrue(
            log.contains(
                "INFO skipped: work (slot 14:00:00): its job is suspended for the day: the worker ended while it ran"),
            log.joined(separator: "\n"))
    }

    func testTheJobThatEndedTheWorkerCountsAsAnError() throws {
        let machine = try Machine(shanghai("2026-11-19 09:30"))
        machine.start { _ in run_daily({ _ in machine.kill() }, "9:31", name: "work") }
        machine.pass(until: "2026-11-19 09:31")
        machine.bury(restart: shanghai("2026-11-19 09:32"))
        machine.start { _ in run_daily({ _ in }, "9:31", name: "work") }
        XCTAssertEqual(machine.counts.jobErrors, 1)
    }

    /// Slots and syncs in step: a sync that would come just before a slot comes just after it.
    func testSlotsInStepWithTheSyncsLeaveNoneOut() throws {
        let machine = try Machine(shanghai("2026-11-19 09:29") + .milliseconds(-20))
        machine.mayTrade = true
        machine.start { _ in
            set_options(trade_gate: SilentGate(), sync_internal: 60)
            run_daily({ _ in }, "every_minute", name: "job")
        }
        machine.pass(until: "2026-11-19 09:40")
        XCTAssertGreaterThanOrEqual(machine.events.filter { $0.hasPrefix("begin sync") }.count, 10)
    }

    func testItRunsOnIfAskedToAndOnPaper() throws {
        let all = ["work 14:00:00", "other 14:00:00", "work 09:31:00"]
        XCTAssertEqual(try ranAfterACrash(live: true, "continue").ran, all)
        XCTAssertEqual(try ranAfterACrash(live: false, "suspend").ran, all)
    }
}
