import Market
import Scheduling
import XCTest

final class SlotKeeperTests: XCTestCase {
    private let journals = TestJournals()

    func testAMonthOfVirtualDays() throws {
        let table = try timetable(
            [("a", "open"), ("m", "every_minute"), ("b", "after_close"), ("c", "00:00"), ("bar", "every_bar")],
            hours: MarketHours(calendar: .everyDay))
        let worker = try TestWorker(table, journals, at: at("00:00:00", "2026-10-01"))
        try worker.run(until: at("23:59:59", "2026-10-31"))
        let counts = (0..<5).map { job in worker.ran.filter { $0.slot.job == job }.count }
        XCTAssertEqual(counts, [31, 242 * 31, 31, 31, 240 * 31])
        XCTAssertEqual(worker.verdicts, [])
        XCTAssertEqual(Set(journals.days.keys).count, 31)
    }

    func testAYearOfTradingDays() throws {
        let worker = try TestWorker(
            try timetable([("a", "open"), ("z", "close")]), journals, at: at("00:00:00", "2026-01-01"))
        try worker.run(until: at("23:59:59", "2026-12-31"))
        let days = TradingCalendar.builtIn.tradingDays(from: day("2026-01-01"), through: day("2026-12-31"))
        XCTAssertEqual(worker.ran.count, days.count * 2)
        XCTAssertEqual(worker.ran.filter { $0.slot.job == 0 }.map(\.slot.day), days)
    }

    /// The evening of one trading day comes after the early hours that belong to the next.
    func testSlotsOfNeighbouringTradingDaysInterleave() throws {
        let jobs = [("late", "close+12h"), ("early", "open-12h"), ("noon", "12:00")]
        let hours = MarketHours(calendar: .everyDay)
        let worker = try TestWorker(try timetable(jobs, hours: hours), journals, at: at("12:00:00", "2026-11-16"))
        XCTAssertEqual(try worker.keeper.upcoming(6).map(\.job), [2, 1, 0, 2, 1, 0])
        try worker.run(until: at("12:00:00", "2026-11-20"))
        XCTAssertEqual(worker.history.first, "noon 12:00:00")
        XCTAssertEqual(worker.ran.map(\.slot.job), [2] + Array(repeating: [1, 0, 2], count: 4).flatMap { $0 })
        XCTAssertEqual(worker.ran[1].slot.day, day("2026-11-17"), "21:30 of the evening before")
        XCTAssertEqual(worker.ran[2].slot.day, day("2026-11-16"), "03:00 of the morning after")
    }

    func testACrashWhileTwoTradingDaysAreUnderWay() throws {
        let jobs = [("late", "close+12h"), ("early", "open-12h"), ("noon", "12:00")]
        let hours = MarketHours(calendar: .everyDay)
        let first = try TestWorker(try timetable(jobs, hours: hours), journals, at: at("11:00:00", "2026-11-18"))
        try first.run(until: at("02:59:00"))
        let second = try TestWorker(try timetable(jobs, hours: hours), journals, at: at("03:00:30"))
        try second.wake(at: at("03:00:30"))
        XCTAssertEqual(second.history, ["late 03:00:00@03:00:30"], "yesterday's, though today's journal is the newest")
        try second.keeper.requestedStop(now: at("03:01:00"), busySince: at("03:01:00"))
        let third = try TestWorker(try timetable(jobs, hours: hours), journals, at: at("02:00:00", "2026-11-21"))
        XCTAssertEqual(third.judged, ["noon 12:00:00 skipped", "early 21:30:00 skipped"])
        let fourth = try TestWorker(try timetable(jobs, hours: hours), journals, at: at("03:00:30", "2026-11-21"))
        try fourth.wake(at: at("03:00:30", "2026-11-21"))
        XCTAssertEqual(fourth.history, ["late 03:00:00@03:00:30"])
        XCTAssertEqual(fourth.judged, [])
    }

    func testASuspendedSlotIsSkippedAndTheCrashThatDidItIsRemembered() throws {
        let table = try timetable([("a", "9:31"), ("a", "9:32"), ("b", "9:32")])
        let first = try TestWorker(table, journals, at: at("09:30:00"))
        try first.keeper.begin(
            try XCTUnwrap(first.keeper.take(now: at("09:31:00"), busySince: at("09:31:00"))), now: at("09:31:00"))
        let second = try TestWorker(table, journals, at: at("09:31:01"))
        let crashed = try second.keeper.interrupted(on: day("2026-11-20"))
        XCTAssertEqual(crashed.map(\.job), ["a"])
        XCTAssertTrue(crashed[0].isOf(job: "a"))
        XCTAssertFalse(crashed[0].isOf(job: "b"))
        let now = at("09:32:00")
        let slot = try XCTUnwrap(second.keeper.take(now: now, busySince: now))
        try second.keeper.suspend(slot, now: now)
        XCTAssertEqual(second.keeper.drainVerdicts().last?.state, .skipped(.suspended))
        try second.wake(at: now)
        XCTAssertEqual(second.history, ["b 09:32:00"])
        let third = try TestWorker(table, journals, at: at("09:32:01"))
        XCTAssertEqual(
            try third.keeper.states(of: slot.day, now: now).map(\.state.word), ["failed", "skipped", "done"])
    }

    func testACrashBeforeTheDaysAwayAreJudged() throws {
        let table = try timetable([("o", "open")])
        try TestWorker(table, journals, at: at("09:00:00", "2026-11-17")).run(until: at("10:00:00", "2026-11-17"))
        _ = try TestWorker(table, journals, at: at("09:00:00"))
        let third = try TestWorker(table, journals, at: at("09:00:10"))
        try third.wake(at: at("09:00:10"))
        XCTAssertEqual(third.verdicts.map(\.slot.day.compact), ["20261118", "20261119"])
    }

    func testTheDayBeforeAFreshStartIsNobodysMiss() throws {
        let table = try timetable([("o", "open"), ("c", "close")])
        let first = try TestWorker(table, journals, at: at("09:00:00", "2026-11-19"))
        try first.run(until: at("14:00:00", "2026-11-19"))
        try first.keeper.requestedStop(now: at("14:00:00", "2026-11-19"), busySince: at("14:00:00", "2026-11-19"))
        _ = try TestWorker(table, journals, at: at("09:00:00"))
        let third = try TestWorker(table, journals, at: at("09:10:00"))
        try third.run(until: at("16:00:00"))
        XCTAssertEqual(third.history, ["o 09:30:00", "c 15:00:00"])
        XCTAssertEqual(third.judged, [])
    }

    func testANightSessionAcrossMidnightAndACrash() throws {
        let hours = MarketHours(periods: try MarketPeriods([("21:00", "02:30"), ("09:00", "15:00")]))
        let jobs = [("o", "open"), ("n", "01:00"), ("c", "close")]
        let first = try TestWorker(try timetable(jobs, hours: hours), journals, at: at("16:00:00"))
        try first.run(until: at("23:00:00"))
        let second = try TestWorker(try timetable(jobs, hours: hours), journals, at: at("00:30:00", "2026-11-21"))
        try second.run(until: at("16:00:00", "2026-11-23"))
        XCTAssertEqual(first.history + second.history, ["o 21:00:00", "n 01:00:00", "c 15:00:00"])
        XCTAssertEqual(Set((first.ran + second.ran).map(\.slot.day)), [day("2026-11-23")], "all of it is Monday's")
    }

    func testWeeklyAndMonthlyJobsLookFarAhead() throws {
        let table = try Timetable(
            jobs: [
                try JobPlan(name: "month", time: "open", rule: .monthly(23)),
                try JobPlan(name: "never", time: "open", rule: .monthly(31)),
            ], hours: MarketHours())
        let worker = try TestWorker(table, journals, at: at("09:00:00", "2026-01-05"))
        XCTAssertEqual(try worker.keeper.next()?.day, day("2026-07-31"))
        try worker.run(until: at("16:00:00", "2026-12-31"))
        XCTAssertEqual(worker.ran.map(\.slot.day), [day("2026-07-31"), day("2026-12-31")])
        let empty = try TestWorker(try timetable([]), TestJournals(), at: at("09:00:00"))
        XCTAssertNil(try empty.keeper.next())
        XCTAssertEqual(try empty.keeper.upcoming(3), [])
        try empty.keeper.requestedStop(now: at("10:00:00"), busySince: at("10:00:00"))
    }

    func testJobsOfOneNameAndTimeAreToldApart() throws {
        let jobs = [("f", "open"), ("f", "open"), ("f", "09:30"), ("f", "open")]
        let first = try TestWorker(try timetable(jobs), journals, at: at("09:00:00"))
        for _ in 0..<2 {
            let slot = try XCTUnwrap(try first.keeper.take(now: at("09:30:00"), busySince: at("09:30:00")))
            try first.keeper.begin(slot, now: at("09:30:00"))
            try first.keeper.end(slot, failed: slot.job == 1, now: at("09:30:00"))
        }
        let second = try TestWorker(try timetable(jobs), journals, at: at("09:30:05"))
        try second.wake(at: at("09:30:05"))
        XCTAssertEqual(second.ran.map(\.slot.job), [2, 3])
        XCTAssertEqual(
            try second.keeper.states(of: day("2026-11-20"), now: at("09:31:00")).map(\.state),
            [.done, .failed(.error), .done, .done])
    }

    func testAStrategyThatHasChangedMeanwhile() throws {
        try TestWorker(try timetable([("a", "09:30"), ("b", "10:00")]), journals, at: at("09:00:00")).run(
            until: at("10:00:00"))
        let second = try TestWorker(
            try timetable([("new", "10:00:30"), ("b", "10:00"), ("a", "10:00")]), journals, at: at("10:00:40"))
        try second.wake(at: at("10:00:40"))
        XCTAssertEqual(second.history, ["a 10:00:00@10:00:40", "new 10:00:30@10:00:40"])
    }

    func testAnotherCalendarFromMidnightOn() throws {
        let worker = try TestWorker(try timetable([("o", "open"), ("c", "close")]), journals, at: at("09:00:00"))
        try worker.run(until: at("12:00:00"))
        let calendar = try TradingCalendar.builtIn.adding(closed: [day("2026-11-23")], opened: [day("2026-11-22")])
        try worker.keeper.use(calendar, now: at("12:00:00"))
        XCTAssertEqual(
            try worker.keeper.upcoming(4).map(\.day.compact), ["20261120", "20261122", "20261122", "20261124"])
        try worker.run(until: at("16:00:00", "2026-11-24"))
        XCTAssertEqual(
            worker.ran.map(\.slot.day.compact),
            ["20261120", "20261120", "20261122", "20261122", "20261124", "20261124"])
        XCTAssertEqual(worker.verdicts, [])
    }

    func testStatesOfDays() throws {
        let worker = try TestWorker(
            try timetable([("a", "09:30"), ("b", "10:00")]), journals, at: at("09:00:00", "2026-11-18"))
        try worker.run(until: at("09:45:00"))
        func words(_ date: String) throws -> [String] {
            try worker.keeper.states(of: day(date), now: at("09:45:00")).map(\.state.word)
        }
        XCTAssertEqual(try words("2026-11-18"), ["done", "done"], "from its journal")
        XCTAssertEqual(try words("2026-11-20"), ["done", "planned"])
        XCTAssertEqual(try words("2026-11-25"), ["planned", "planned"])
        XCTAssertEqual(try words("2026-11-21"), [])
    }

    func testTheKeeperHoldsFewDays() throws {
        let worker = try TestWorker(try timetable([("a", "open")]), journals, at: at("09:00:00", "2026-01-05"))
        var closed: Set<Day> = []
        let memory = SlotMemory(read: { _ in [] }, write: { _, _, _, _ in }, close: { closed.insert($0) })
        let keeper = try SlotKeeper(
            timetable: worker.keeper.timetable, memory: memory, misfireGrace: .zero, newest: nil,
            startedAt: at("09:00:00", "2026-01-05"), bootedAt: at("00:00:00", "2026-01-01"),
            now: at("09:00:00", "2026-01-05"))
        for _ in 0..<100 {
            let next = try XCTUnwrap(try keeper.next())
            let slot = try XCTUnwrap(try keeper.take(now: next.at, busySince: next.at))
            try keeper.begin(slot, now: slot.at)
            try keeper.end(slot, failed: false, now: slot.at)
        }
        XCTAssertEqual(closed.count, 99, "each day is closed when the next begins")
    }

    func testWhatCannotBeWrittenDoesNotHappen() throws {
        struct Full: Error {}
        var isFull = false
        let memory = SlotMemory(read: { _ in [] }, write: { _, _, _, _ in if isFull { throw Full() } }, close: { _ in })
        let keeper = try SlotKeeper(
            timetable: try timetable([("a", "09:30")]), memory: memory, misfireGrace: .seconds(Int64(60)), newest: nil,
            startedAt: at("09:00:00"), bootedAt: at("08:00:00"), now: at("09:00:00"))
        isFull = true
        let slot = try XCTUnwrap(try keeper.take(now: at("09:30:00"), busySince: at("09:30:00")))
        XCTAssertThrowsError(try keeper.begin(slot, now: at("09:30:00")))
        XCTAssertEqual(try keeper.take(now: at("09:30:01"), busySince: at("09:30:01")), slot, "still planned")
        XCTAssertThrowsError(try keeper.take(now: at("09:40:00"), busySince: at("09:40:00")))
        isFull = false
        XCTAssertNil(try keeper.take(now: at("09:41:00"), busySince: at("09:41:00")))
        XCTAssertEqual(keeper.drainVerdicts().map(\.state), [.missed(.late)])
    }
}
