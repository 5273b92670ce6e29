import Market
import Scheduling
import XCTest

/// The table of `docs/operations.md`: what happens to a slot that could not run on time.
final class MisfireTests: XCTestCase {
    private let journals = TestJournals()
    private let open = [("open", "open")]

    // MARK: Starting

    func testAFirstStartSkipsWhatWasBeforeItAndSaysSo() throws {
        let first = try journals.worker([("a", "09:30"), ("b", "10:00"), ("c", "11:00")], at: at("10:00:00.500000000"))
        XCTAssertEqual(first.judged, ["a 09:30:00 skipped", "b 10:00:00 skipped"], "not even half a second late")
        try first.run(until: at("23:59:00"))
        XCTAssertEqual(first.history, ["c 11:00:00"])
        XCTAssertEqual(first.keeper.start, .fresh)
    }

    func testAStartAfterARequestedStopSkipsToo() throws {
        let first = try journals.worker([("a", "09:30"), ("b", "10:00"), ("c", "11:00")], at: at("09:00:00"))
        try first.run(until: at("09:45:00"))
        try first.keeper.requestedStop(now: at("09:59:50"), busySince: at("09:59:50"))
        let second = try journals.worker([("a", "09:30"), ("b", "10:00"), ("c", "11:00")], at: at("10:00:10"))
        XCTAssertEqual(second.keeper.start, .fresh)
        XCTAssertEqual(second.judged, ["b 10:00:00 skipped"])
        try second.run(until: at("23:59:00"))
        XCTAssertEqual(first.history + second.history, ["a 09:30:00", "c 11:00:00"])
    }

    func testAStopDecidesWhatIsDue() throws {
        let worker = try journals.worker([("long", "09:30"), ("a", "09:32"), ("b", "10:30")], at: at("09:00:00"))
        let slot = try XCTUnwrap(try worker.keeper.take(now: at("09:30:00"), busySince: at("09:30:00")))
        try worker.keeper.begin(slot, now: at("09:30:00"))
        try worker.keeper.end(slot, failed: false, now: at("09:40:00"))
        try worker.keeper.requestedStop(now: at("09:40:00"), busySince: at("09:30:00"))
        XCTAssertEqual(
            worker.keeper.drainVerdicts().map(\.state), [.skipped(.stopped)], "it waited behind the long job")
        let second = try journals.worker([("long", "09:30"), ("a", "09:32"), ("b", "10:30")], at: at("10:00:00"))
        XCTAssertEqual(second.judged, [])
        try second.keeper.requestedStop(now: at("10:32:00"), busySince: at("10:32:00"))
        XCTAssertEqual(second.keeper.drainVerdicts().map(\.state), [.missed(.late)], "a suspend that nobody noticed")
        let memory = DayMemory(try journals.memory.read(day("2026-11-20")))
        let agenda = second.keeper.timetable.agenda(of: day("2026-11-20"))
        XCTAssertEqual(
            second.keeper.timetable.states(of: agenda, after: memory, at: at("16:00:00")).map(\.word),
            ["done", "skipped", "missed"])
    }

    func testACrashAfterAStartAfterAStopIsContinued() throws {
        let jobs = [("a", "09:30"), ("b", "10:00"), ("c", "11:00")]
        try journals.worker(jobs, at: at("09:00:00")).keeper.requestedStop(
            now: at("09:01:00"), busySince: at("09:01:00"))
        _ = try journals.worker(jobs, at: at("09:40:00"))
        let third = try journals.worker(jobs, at: at("10:00:10"))
        XCTAssertEqual(third.keeper.start, .continuing)
        try third.wake(at: at("10:00:10"))
        XCTAssertEqual(third.history, ["b 10:00:00@10:00:10"])
        XCTAssertEqual(third.judged, [], "what the second start skipped stays skipped")
        XCTAssertEqual(
            try third.keeper.states(of: day("2026-11-20"), now: at("10:01:00")).map(\.state.word),
            ["skipped", "done", "planned"])
    }

    /// The grace is for a time in which the task was not running; a timer that rings a moment late is none.
    func testATaskThatWaitsForItsSlotMissesNoneForWantOfGrace() throws {
        let jobs = [("a", "08:00"), ("b", "09:30"), ("c", "10:00")]
        let worker = try journals.worker(jobs, at: at("07:00:00"), grace: 0)
        try worker.wake(at: at("08:00:00.002000000"))
        try worker.wake(at: at("09:30:00.900000000"))
        XCTAssertEqual(worker.ran.count, 2, "\(worker.judged)")
        XCTAssertEqual(worker.judged, [])
        let again = try journals.worker(jobs, at: at("10:00:00.500000000"), grace: 0)
        try again.wake(at: at("10:00:00.500000000"))
        XCTAssertEqual(again.ran.count, 0)
        XCTAssertEqual(again.judged, ["c 10:00:00 missed"], "it was not running")
        let asleep = try TestJournals().worker(jobs, at: at("09:00:00"), grace: 0)
        try asleep.wake(at: at("09:30:02"))
        XCTAssertEqual(asleep.judged.last, "b 09:30:00 missed", "the machine slept")
    }

    func testSlotsWhileTheFirstStartPrepares() throws {
        let table = try timetable([("a", "09:30"), ("b", "09:31:30")])
        let worker = try TestWorker(table, journals, at: at("09:32:00"), startedAt: at("09:29:00"))
        try worker.wake(at: at("09:32:00"))
        XCTAssertEqual(worker.judged, ["a 09:30:00 missed"])
        XCTAssertEqual(worker.history, ["b 09:31:30@09:32:00"])
    }

    // MARK: Crash and restart

    func testARestartBeforeASlot() throws {
        _ = try journals.worker(open, at: at("09:00:00"))
        let second = try journals.worker(open, at: at("09:29:59"))
        try second.run(until: at("10:00:00"))
        XCTAssertEqual(second.history, ["open 09:30:00"])
    }

    func testARestartWithinTheGraceOfASlot() throws {
        _ = try journals.worker(open, at: at("09:00:00"))
        let second = try journals.worker(open, at: at("09:31:00"))
        try second.wake(at: at("09:31:00"))
        XCTAssertEqual(second.history, ["open 09:30:00@09:31:00"])
    }

    func testARestartAfterTheGraceOfASlot() throws {
        _ = try journals.worker(open, at: at("09:00:00"))
        let second = try journals.worker(open, at: at("09:31:00.000000001"))
        try second.wake(at: at("09:31:00.000000001"))
        XCTAssertEqual(second.history, [])
        XCTAssertEqual(second.judged, ["open 09:30:00 missed"])
        let third = try journals.worker(open, at: at("09:32:00"))
        try third.wake(at: at("09:32:00"))
        XCTAssertEqual(third.judged, [], "warned of once, however often the worker restarts")
    }

    func testARestartDuringASlotNeverRunsItAgain() throws {
        let first = try journals.worker(open, at: at("09:00:00"))
        let slot = try XCTUnwrap(try first.keeper.take(now: at("09:30:00"), busySince: at("09:30:00")))
        try first.keeper.begin(slot, now: at("09:30:00"))
        let second = try journals.worker(open, at: at("09:30:02"))
        try second.wake(at: at("09:30:02"))
        XCTAssertEqual(second.history, [])
        XCTAssertEqual(second.verdicts.map(\.state), [.failed(.interrupted)])
        let third = try journals.worker(open, at: at("09:30:04"))
        try third.wake(at: at("09:30:04"))
        XCTAssertEqual(third.history + third.judged, [])
    }

    func testARestartBetweenTakingAndBeginningRunsIt() throws {
        let first = try journals.worker(open, at: at("09:00:00"))
        XCTAssertNotNil(try first.keeper.take(now: at("09:30:00"), busySince: at("09:30:00")))
        let second = try journals.worker(open, at: at("09:30:02"))
        try second.wake(at: at("09:30:02"))
        XCTAssertEqual(second.history, ["open 09:30:00@09:30:02"])
    }

    func testARestartAfterASlot() throws {
        try journals.worker(open, at: at("09:00:00")).run(until: at("09:30:00"))
        let second = try journals.worker(open, at: at("09:30:01"))
        try second.wake(at: at("09:30:01"))
        XCTAssertEqual(second.history + second.judged, [])
        XCTAssertEqual(try second.keeper.next()?.day, day("2026-11-23"))
    }

    func testOfManyLateSlotsOnlyTheLatestRuns() throws {
        _ = try journals.worker([("m", "every_minute")], at: at("09:00:00"), grace: 180)
        let second = try journals.worker([("m", "every_minute"), ("o", "09:34:30")], at: at("09:36:10"), grace: 180)
        try second.wake(at: at("09:36:10"))
        XCTAssertEqual(second.history, ["o 09:34:30@09:36:10", "m 09:36:00@09:36:10"])
        XCTAssertEqual(
            second.judged,
            [
                "m 09:30:00 missed", "m 09:31:00 missed", "m 09:32:00 missed", "m 09:33:00 missed",
                "m 09:34:00 skipped",
                "m 09:35:00 skipped",
            ])
    }

    func testEachJobMayHaveItsOwnGrace() throws {
        let jobs = try Timetable(
            jobs: [
                try JobPlan(name: "patient", time: "open", misfireGrace: .seconds(Int64(600))),
                try JobPlan(name: "strict", time: "open", misfireGrace: .zero),
                try JobPlan(name: "usual", time: "open"),
            ], hours: MarketHours())
        _ = try TestWorker(jobs, journals, at: at("09:00:00"))
        let second = try TestWorker(jobs, journals, at: at("09:30:30"))
        try second.wake(at: at("09:30:30"))
        XCTAssertEqual(second.history, ["patient 09:30:00@09:30:30", "usual 09:30:00@09:30:30"])
        XCTAssertEqual(second.judged, ["strict 09:30:00 missed"])
    }

    func testACrashOverDaysLeavesNothingUnsaid() throws {
        let jobs = [("o", "open"), ("c", "close")]
        try journals.worker(jobs, at: at("09:00:00", "2026-11-19")).run(until: at("12:00:00", "2026-11-19"))
        let second = try journals.worker(jobs, at: at("09:30:20", "2026-11-24"))
        try second.wake(at: at("09:30:20", "2026-11-24"))
        XCTAssertEqual(
            second.verdicts.map(\.slot.day.compact), ["20261119", "20261120", "20261120", "20261123", "20261123"])
        XCTAssertTrue(second.verdicts.allSatisfy { $0.state == .missed(.late) })
        XCTAssertEqual(second.history, ["o 09:30:00@09:30:20"])
        XCTAssertNil(second.keeper.drainLeftOut())
    }

    func testDaysTooManyToJudgeAreNamed() throws {
        _ = try journals.worker(open, at: at("09:00:00", "2026-06-01"))
        let second = try journals.worker(open, at: at("16:00:00"))
        try second.wake(at: at("16:00:00"))
        XCTAssertEqual(second.keeper.drainLeftOut(), day("2026-06-01")...day("2026-10-19"))
        XCTAssertNil(second.keeper.drainLeftOut())
        XCTAssertEqual(second.verdicts.first?.slot.day, day("2026-10-20"))
        XCTAssertEqual(second.verdicts.last?.slot.day, day("2026-11-20"))
    }

    // MARK: Power cut

    func testASlotBeforeTheMachinesStartIsNotRun() throws {
        let first = try journals.worker([("a", "09:30"), ("b", "09:30:20")], at: at("09:00:00"))
        let slot = try XCTUnwrap(try first.keeper.take(now: at("09:30:00"), busySince: at("09:30:00")))
        try first.keeper.begin(slot, now: at("09:30:00"))
        journals.cutPower(keeping: 0)
        let second = try journals.worker(
            [("a", "09:30"), ("b", "09:30:20")], at: at("09:30:30"), bootedAt: at("09:30:10"))
        try second.wake(at: at("09:30:30"))
        XCTAssertEqual(second.history, ["b 09:30:20@09:30:30"])
        XCTAssertEqual(second.verdicts.map(\.state), [.missed(.beforeBoot)], "its record is lost, and it is not run")
    }

    func testASlotBeforeTheMachinesStartIsMissedEvenIfTheClockGoesBack() throws {
        let jobs = [("x", "09:10"), ("a", "09:30")]
        let first = try journals.worker(jobs, at: at("09:00:00"))
        try first.run(until: at("09:20:00"))
        let slot = try XCTUnwrap(try first.keeper.take(now: at("09:30:00"), busySince: at("09:30:00")))
        try first.keeper.begin(slot, now: at("09:30:00"))
        journals.cutPower(keeping: 0)
        let second = try journals.worker(jobs, at: at("09:30:30"), bootedAt: at("09:30:10"))
        try second.wake(at: at("09:30:30"))
        XCTAssertEqual(second.verdicts.map(\.state), [.missed(.beforeBoot)])
        try second.keeper.clockMoved(now: at("09:20:00"), bootedAt: at("09:19:30"))
        try second.run(until: at("12:00:00"))
        XCTAssertEqual(second.history, [], "it may have run before the power went")
    }

    // MARK: Behind the task's own job

    func testASlotBehindALongJobRunsHoweverLate() throws {
        let worker = try journals.worker(
            [("long", "09:35"), ("o", "09:40"), ("m", "every_minute"), ("same", "09:35")], at: at("09:34:30"))
        try worker.wake(at: at("09:35:00")) { $0.job == 0 ? 1230 : 0 }
        XCTAssertEqual(
            worker.history,
            ["m 09:35:00", "long 09:35:00", "same 09:35:00@09:55:30", "o 09:40:00@09:55:30", "m 09:55:00@09:55:30"])
        XCTAssertEqual(worker.judged.filter { $0.hasSuffix("skipped") }.count, 5 + 19)
        XCTAssertFalse(worker.judged.contains { $0.hasSuffix("missed") })
    }

    func testALateSlotNeverRunsPastTheEndOfItsSession() throws {
        let worker = try journals.worker(
            [("long", "11:20"), ("o", "11:25"), ("m", "every_minute"), ("p", "13:00")], at: at("11:19:30"))
        try worker.wake(at: at("11:20:00")) { $0.job == 0 ? 601 : 0 }
        XCTAssertEqual(
            worker.history, ["m 11:20:00", "long 11:20:00", "m 11:30:00@11:30:01"], "11:30 itself has its grace")
        let missed = worker.verdicts.filter { $0.state == .missed(.sessionEnded) }
        XCTAssertEqual(missed.count, 10)
        try worker.run(until: at("13:00:00"))
        XCTAssertEqual(worker.history.last, "p 13:00:00")
    }

    func testARestartWithinTheGraceButAfterTheSession() throws {
        let jobs = [("last", "14:59:50"), ("c", "close"), ("m", "every_minute")]
        try journals.worker(jobs, at: at("09:00:00")).run(until: at("14:59:00"))
        let second = try journals.worker(jobs, at: at("15:00:20"))
        try second.wake(at: at("15:00:20"))
        XCTAssertEqual(second.judged.filter { $0.hasSuffix("missed") }, ["last 14:59:50 missed"])
        XCTAssertEqual(second.history, ["m 15:00:00@15:00:20", "c 15:00:00@15:00:20"])
    }

    func testOutsideTheSessionsTheGraceAloneDecides() throws {
        let worker = try journals.worker(
            [("long", "15:10"), ("soon", "15:10:30"), ("late", "15:11")], at: at("15:05:00"))
        try worker.wake(at: at("15:10:00")) { $0.job == 0 ? 90 : 0 }
        XCTAssertEqual(worker.history, ["long 15:10:00", "soon 15:10:30@15:11:30", "late 15:11:00@15:11:30"])
        try worker.wake(at: at("15:10:00", "2026-11-23")) { $0.job == 0 ? 100 : 0 }
        XCTAssertEqual(worker.judged.last, "soon 15:10:30 missed")
        XCTAssertEqual(worker.history.last, "late 15:11:00@15:11:40")
    }
}
