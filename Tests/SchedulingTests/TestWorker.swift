import Market
import Scheduling
import XCTest

/// Journals in memory, which keep bytes as the real ones do and lose the unflushed end at a power cut.
final class TestJournals {
    private(set) var days: [Day: [[UInt8]]] = [:]
    private var flushed: [Day: Int] = [:]

    var memory: SlotMemory {
        SlotMemory(
            read: { day in try (self.days[day] ?? []).map { try XCTUnwrap(SlotRecord(decoding: $0)) } },
            write: { day, record, _, flush in
                self.days[day, default: []].append(record.encode())
                if flush { self.flushed[day] = self.days[day]?.count }
            },
            close: { day in self.flushed[day] = self.days[day]?.count })
    }
    var names: [String] { days.keys.map(SlotJournals.name(of:)) }

    /// A worker that starts on what these journals hold.
    func worker(
        _ jobs: [(String, String)], at now: Instant, grace: Int64 = 60, bootedAt: Instant = Instant(nanoseconds: .min)
    ) throws -> TestWorker {
        try TestWorker(try timetable(jobs), self, at: now, grace: grace, bootedAt: bootedAt)
    }

    /// The power goes: of what was not flushed, a part is gone, `keeping` of a thousand stays.
    func cutPower(keeping: Int) {
        for (day, records) in days {
            let safe = flushed[day] ?? 0
            let kept = safe + (records.count - safe) * keeping / 1000
            days[day] = Array(records.prefix(kept))
            flushed[day] = kept
        }
    }
}

/// A worker on a clock that the test sets, with nothing but the keeper around its jobs.
final class TestWorker {
    let keeper: SlotKeeper
    private(set) var ran: [(slot: Slot, at: Instant)] = []
    private(set) var verdicts: [SlotKeeper.Verdict] = []
    private let zone: MarketZone

    init(
        _ timetable: Timetable, _ journals: TestJournals, at now: Instant, startedAt: Instant? = nil, grace: Int64 = 60,
        bootedAt: Instant = Instant(nanoseconds: .min)
    ) throws {
        let today = timetable.hours.tradingDay(at: now)
        zone = timetable.hours.zone
        keeper = try SlotKeeper(
            timetable: timetable, memory: journals.memory, misfireGrace: .seconds(grace),
            newest: SlotJournals.newest(in: journals.names, today: today), startedAt: startedAt ?? now,
            bootedAt: bootedAt, now: now)
        verdicts = keeper.drainVerdicts()
    }

    /// The worker wakes, runs what is due, each job taking as long as told, and sleeps again; the time it then is.
    @discardableResult
    func wake(at now: Instant, jobSeconds: (Slot) -> Int64 = { _ in 0 }) throws -> Instant {
        var clock = now
        while let slot = try keeper.take(now: clock, busySince: now) {
            try keeper.begin(slot, now: clock)
            ran.append((slot, clock))
            clock = clock + .seconds(jobSeconds(slot))
            try keeper.end(slot, failed: false, now: clock)
        }
        verdicts += keeper.drainVerdicts()
        return clock
    }

    /// Wakes for each slot, as the timer does, until a time.
    func run(until end: Instant) throws {
        while let next = try keeper.next(), next.at <= end { try wake(at: next.at) }
    }

    /// What ran: `job 09:30:00`, with `@09:31:00` if it was late.
    var history: [String] { ran.map { text($0.slot) + ($0.at == $0.slot.at ? "" : "@\(zone.local($0.at).time)") } }
    /// What was judged: `job 09:30:00 missed`.
    var judged: [String] { verdicts.map { "\(text($0.slot)) \($0.state.word)" } }

    private func text(_ slot: Slot) -> String {
        "\(keeper.timetable.jobs[slot.job].name) \(zone.local(slot.at).time)"
    }
}

func day(_ text: String) -> Day { Day(text) ?? Day(number: 0) }

/// The instant of a time in Shanghai, on Friday 2026-11-20 unless told.
func at(_ time: String, _ date: String = "2026-11-20") -> Instant {
    (Instant(utc: "\(date)T\(time)Z") ?? Instant(nanoseconds: 0)) - .seconds(Int64(8 * 3600))
}

func timetable(_ jobs: [(String, String)], hours: MarketHours = MarketHours()) throws -> Timetable {
    try Timetable(jobs: jobs.map { try JobPlan(name: $0.0, time: $0.1) }, hours: hours)
}
