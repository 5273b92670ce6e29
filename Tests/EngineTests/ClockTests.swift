import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// The wall clock is set, the machine sleeps, the task was away: what became of each slot is said and counted.
final class ClockTests: XCTestCase {
    private func started(
        _ start: String = "2026-11-20 09:29", _ jobs: @escaping (@escaping JobFunction) -> Void
    ) throws -> (machine: Machine, ran: () -> [String]) {
        let machine = try Machine(shanghai(start))
        let ran = Ran()
        XCTAssertEqual(machine.start { _ in jobs { ran.times.append("\($0.strategy_dt.time)") } }, .ready)
        return (machine, { ran.times })
    }

    private final class Ran { var times: [String] = [] }

    private func verdicts(_ machine: Machine) -> [String] {
        machine.log.filter { $0.contains("missed:") || $0.contains("skipped:") }
    }

    func testAFirstStartSkipsWhatIsPastAndSaysSo() throws {
        let (machine, ran) = try started("2026-11-20 10:00:30") { job in
            run_daily(job, "every_minute", name: "minute")
            run_daily(job, "open-30m", name: "before")
        }
        XCTAssertEqual(
            verdicts(machine),
            [
                "INFO skipped: before (slot 09:00:00): it was due before the task was started",
                "INFO skipped: minute (31 slots 09:30:00 to 10:00:00): it was due before the task was started",
            ])
        XCTAssertTrue(machine.log.last?.hasPrefix("INFO ready; next: 10:01:00 minute, 10:02:00 minute") ?? false)
        machine.pass(until: "2026-11-20 10:01")
        XCTAssertEqual(ran(), ["10:01:00"])
        XCTAssertEqual(machine.counts.missed, 0)
    }

    func testAClockThatIsSetForwardMissesWhatIsBeyondTheGrace() throws {
        let (machine, ran) = try started { job in
            run_daily(job, "9:40", name: "far")
            run_daily(job, "9:49:30", name: "near")
            run_daily(job, "9:30", name: "patient", )
        }
        machine.clock.set(to: shanghai("2026-11-20 09:50"))
        machine.pass(until: "2026-11-20 09:50:01")
        XCTAssertTrue(machine.log.contains("WARN the clock was set forward by 1260.0 s"))
        XCTAssertEqual(ran(), ["09:49:30"])
        XCTAssertEqual(
            verdicts(machine),
            [
                "WARN missed: patient (slot 09:30:00): it was later than its grace allows",
                "WARN missed: far (slot 09:40:00): it was later than its grace allows",
            ])
        XCTAssertEqual(machine.counts.missed, 2)
        XCTAssertTrue(machine.log.contains("INFO near (slot 09:49:30, 30 s late)"))
    }

    func testAClockThatGoesBackRunsNothingTwiceAndPlansWhatItMissed() throws {
        let (machine, ran) = try started { job in
            run_daily(job, "9:30", name: "done")
            run_daily(job, "9:40", name: "missed")
        }
        machine.pass(until: "2026-11-20 09:30")
        machine.clock.set(to: shanghai("2026-11-20 10:00"))
        machine.pass(until: "2026-11-20 10:00:01")
        XCTAssertEqual(try machine.fates(of: "2026-11-20"), ["09:30:00 done done", "09:40:00 missed missed"])
        machine.clock.set(to: shanghai("2026-11-20 09:20"))
        machine.pass(until: "2026-11-20 09:20:01")
        XCTAssertEqual(try machine.fates(of: "2026-11-20"), ["09:30:00 done done", "09:40:00 missed planned"])
        machine.pass(until: "2026-11-20 09:41")
        XCTAssertEqual(ran(), ["09:30:00", "09:40:00"])
        XCTAssertEqual(try machine.fates(of: "2026-11-20"), ["09:30:00 done done", "09:40:00 missed done"])
        XCTAssertTrue(machine.log.contains("WARN the clock was set back by 2401.0 s"))
    }

    func testAMachineThatSleptRunsTheLatestWithinTheGrace() throws {
        let (machine, ran) = try started { run_daily($0, "every_minute", name: "minute") }
        machine.pass(until: "2026-11-20 09:31")
        machine.clock.sleepMachine(.seconds(600))
        machine.pass(until: "2026-11-20 09:41:00")
        XCTAssertTrue(machine.log.contains("WARN the machine slept for 600.0 s"))
        XCTAssertEqual(ran(), ["09:30:00", "09:31:00", "09:41:00"])
        XCTAssertEqual(machine.counts.missed, 8)
        XCTAssertEqual(
            verdicts(machine).last, "INFO skipped: minute (slot 09:40:00): a later slot of the same job is due as well")
    }

    func testALongJobOfItsOwnMakesNobodyMiss() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        var ran: [String] = []
        machine.start { _ in
            run_daily(
                { _ in
                    ran.append("long")
                    machine.clock.work(for: .seconds(600))
                }, "9:30", name: "long")
            run_daily({ ran.append("minute \($0.strategy_dt.time)") }, "every_minute", name: "minute")
            run_daily({ _ in ran.append("waiting") }, "9:31", name: "waiting", misfire_grace: 1)
        }
        machine.pass(until: "2026-11-20 09:41")
        XCTAssertEqual(ran, ["minute 09:30:00", "long", "waiting", "minute 09:40:00", "minute 09:41:00"])
        XCTAssertTrue(machine.log.contains("INFO waiting (slot 09:31:00, 540 s late)"))
        XCTAssertEqual(machine.counts.missed, 0)
        XCTAssertEqual(
            verdicts(machine),
            [
                "INFO skipped: minute (slot 09:31:00): a later slot of the same job is due as well",
                "INFO skipped: minute (8 slots 09:32:00 to 09:39:00): a later slot of the same job is due as well",
            ])
    }

    func testALateSlotDoesNotRunPastTheEndOfItsSession() throws {
        let machine = try Machine(shanghai("2026-11-20 14:50"))
        var ran: [String] = []
        machine.start { _ in
            run_daily({ _ in machine.clock.work(for: .seconds(660)) }, "14:50", name: "long")
            run_daily({ _ in ran.append("order") }, "14:59", name: "order")
            run_daily({ _ in ran.append("close") }, "close", name: "close")
        }
        machine.pass(until: "2026-11-20 15:02")
        XCTAssertEqual(ran, ["close"])
        XCTAssertEqual(
            verdicts(machine), ["WARN missed: order (slot 14:59:00): its session ended before it could run"])
    }

    func testAReboot() throws {
        let (machine, ran) = try started { run_daily($0, "every_minute", name: "minute") }
        machine.pass(until: "2026-11-20 09:30:30")
        machine.kill()
        machine.bury(losingPower: true, seed: 1, restart: shanghai("2026-11-20 09:32:30"))
        machine.start { _ in run_daily({ _ in XCTFail("it ran") }, "every_minute", name: "minute") }
        XCTAssertEqual(ran(), ["09:30:00"])
        machine.pass(until: "2026-11-20 09:32:40")
        XCTAssertEqual(
            try machine.fates(of: "2026-11-20").prefix(4),
            ["09:30:00 minute done", "09:31:00 minute missed", "09:32:00 minute missed", "09:33:00 minute planned"])
        XCTAssertEqual(
            verdicts(machine),
            ["31", "32"].map { "WARN missed: minute (slot 09:\($0):00): it was due before the machine was started" })
    }

    func testDaysAwayAreJudgedAndDatedAndTooManyAreSaidInOneLine() throws {
        let (machine, _) = try started { run_daily($0, "9:30", name: "job") }
        machine.kill()
        machine.bury(restart: shanghai("2026-11-24 12:00"))
        machine.start { _ in run_daily({ _ in }, "9:30", name: "job") }
        machine.pass(until: "2026-11-24 12:00:01")
        let reason = "it was later than its grace allows"
        XCTAssertEqual(
            verdicts(machine),
            [
                "WARN missed: job (slot 2026-11-20 09:30:00): \(reason)",
                "WARN missed: job (slot 2026-11-23 09:30:00): \(reason)",
                "WARN missed: job (slot 09:30:00): \(reason)",
            ])
        machine.kill()
        machine.bury(restart: shanghai("2027-03-01 12:00"))
        machine.start { _ in run_daily({ _ in }, "9:30", name: "job") }
        machine.pass(until: "2027-03-01 12:00:01")
        XCTAssertEqual(
            machine.log.filter { $0.contains("ready; next") }.map { $0.prefix(42) },
            [
                "INFO ready; next: 09:30:00 job, 2026-11-23", "INFO ready; next: 2026-11-25 09:30:00 job,",
                "INFO ready; next: 2027-03-02 09:30:00 job,",
            ],
            "what was missed is not promised")
        XCTAssertTrue(
            machine.log.contains {
                $0.hasPrefix("WARN missed: all slots of 2026-11-2")
                    && $0.hasSuffix(" to 2027-01-28: too many days to judge one by one")
            }, "\(machine.log)")
    }
}
