import Market
import Scheduling
import Simulation
import TestSupport
import XCTest

/// Weeks of a task's life with crashes, stops, power cuts, suspends and clocks that are set, drawn at random: whatever
/// happens, every slot has one fate and none runs twice.
final class SlotHistoriesTests: XCTestCase {
    func testEverySlotHasOneFateAndNoneRunsTwice() throws {
        for seed in TestScale.seeds(12) {
            var life = try Life(seed: seed)
            do { try life.live(steps: 120) } catch { return XCTFail("seed \(seed): \(error)") }
            let problems = try life.problems()
            if !problems.isEmpty { return XCTFail("seed \(seed): \(problems.prefix(5).joined(separator: "; "))") }
        }
    }
}

/// One task's life.
private struct Life {
    private let table: Timetable
    private let journals = TestJournals()
    private var random: SeededRandom
    private var keeper: SlotKeeper?
    private var now = at("08:00:00", "2026-11-16")
    private var bootedAt = at("07:00:00", "2026-11-16")
    private var earliest = at("08:00:00", "2026-11-16")
    private var runs: [(slot: Slot, begun: Instant, wokeAt: Instant)] = []
    private var reported: Set<Slot> = []
    /// From a requested stop to the next start.
    private var pauses: [ClosedRange<Instant>] = []
    private var stoppedAt: Instant?
    /// After the clock went to other days and the power was cut, a verdict may have been reported and its record lost.
    private var hasLostADay = false
    private var hasChangedDays = false
    /// What went wrong on the way.
    private var wrong: [String] = []

    init(seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        let nights = try MarketPeriods([("21:00", "23:00"), ("09:30", "11:30"), ("13:00", "15:00")])
        let hours = [
            MarketHours(), MarketHours(calendar: .everyDay), MarketHours(periods: nights),
        ][Int(seed % 3)]
        let jobs = [
            ("open", "open"), ("close", "close"), ("early", "before_open"), ("minute", "every_minute"),
            ("odd", "10:00:30"),
            ("noon", "12:00"), ("evening", "close+5h30m"), ("night", "close+12h"), ("eve", "open-12h"),
            ("odd", "10:00:30"),
        ]
        table = try timetable(jobs, hours: hours)
    }

    mutating func live(steps: Int) throws {
        for _ in 0..<steps { try step() }
        // At the end, a worker lives and the clock goes on for long enough to see everything judged.
        if keeper == nil { try start() }
        try wake()
    }

    private mutating func step() throws {
        guard let keeper else {
            pass(Int64.random(in: 1...7200, using: &random))
            return try start()
        }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<62:
            if let next = try keeper.next() {
                now = max(now, next.at)
                try wake()
            }
        case 62..<72: try wake(crash: true)
        case 72..<76:
            try keeper.requestedStop(now: now, busySince: now)
            collect()
            stoppedAt = now
            self.keeper = nil
        case 76..<80: self.keeper = nil
        case 80..<83:
            self.keeper = nil
            cutPower()
        case 83..<90: pass(Int64.random(in: 1...30_000, using: &random))
        default:
            let change = Int64.random(in: -10_000...10_000, using: &random)
            let days = Int.random(in: 0..<10, using: &random) == 0 ? Int64.random(in: -5...5, using: &random) : 0
            hasChangedDays = hasChangedDays || days != 0
            now = now + .seconds(change + days * 86_400)
            bootedAt = bootedAt + .seconds(change + days * 86_400)
            earliest = min(earliest, now)
            try keeper.clockMoved(now: now, bootedAt: bootedAt)
            try wake()
        }
    }

    private mutating func pass(_ seconds: Int64) { now = now + .seconds(seconds) }

    private mutating func cutPower() {
        journals.cutPower(keeping: Int.random(in: 0...1000, using: &random))
        pass(Int64.random(in: 10...200, using: &random))
        bootedAt = now
        hasLostADay = hasLostADay || hasChangedDays
    }

    private mutating func start() throws {
        if let stoppedAt { pauses.append(stoppedAt...now) }
        stoppedAt = nil
        let today = table.hours.tradingDay(at: now)
        keeper = try SlotKeeper(
            timetable: table, memory: journals.memory, misfireGrace: .seconds(Int64(60)),
            newest: SlotJournals.newest(in: journals.names, today: today), startedAt: now, bootedAt: bootedAt, now: now)
        collect()
    }

    /// Runs what is due. A crash comes before, within or after one of the jobs; within one, the power may go.
    private mutating func wake(crash: Bool = false) throws {
        guard let keeper else { return }
        let wokeAt = now
        var jobsToCrash = Int.random(in: 0...2, using: &random)
        while let slot = try keeper.take(now: now, busySince: wokeAt) {
            let moment = crash && jobsToCrash == 0 ? Int.random(in: 0...3, using: &random) : 4
            jobsToCrash -= 1
            collect()
            if moment == 0 { break }
            try keeper.begin(slot, now: now)
            runs.append((slot, now, wokeAt))
            now = now + TimeSpan(nanoseconds: Int64.random(in: 0...2_000_000, using: &random))
            if Int.random(in: 0..<8, using: &random) == 0 { pass(Int64.random(in: 1...600, using: &random)) }
            if moment == 1 { break }
            if moment == 2 {
                self.keeper = nil
                return cutPower()
            }
            try keeper.end(slot, failed: Bool.random(using: &random), now: now)
            if moment == 3 { break }
        }
        collect()
        if crash { self.keeper = nil }
    }

    private mutating func collect() {
        for verdict in keeper?.drainVerdicts() ?? [] {
            reported.insert(verdict.slot)
            if verdict.lateness < .zero { wrong.append("\(name(verdict.slot)) was judged before its time") }
        }
    }

    private func name(_ slot: Slot) -> String {
        "\(table.jobs[slot.job].name) of \(slot.day) at \(table.hours.zone.local(slot.at))"
    }

    /// Everything that should never be.
    func problems() throws -> [String] {
        guard let keeper else { return ["no worker lives"] }
        var problems = wrong
        let ran = Dictionary(grouping: runs, by: \.slot)
        problems += ran.filter { $0.value.count > 1 }.map { "\(name($0.key)) ran \($0.value.count) times" }
        for run in runs {
            let lateness = run.begun - run.slot.at
            let agenda = table.agenda(of: run.slot.day)
            if lateness < .zero { problems.append("\(name(run.slot)) ran too early") }
            if let end = agenda.sessionEnd(at: run.slot.at) {
                if run.begun > end { problems.append("\(name(run.slot)) ran after its session") }
                if run.wokeAt - run.slot.at > .seconds(Int64(60)) {
                    problems.append("\(name(run.slot)) ran past its grace")
                }
            } else if lateness > .seconds(Int64(60)) {
                problems.append("\(name(run.slot)) ran past its grace")
            }
        }
        let calendar = table.hours.calendar
        let last = calendar.next(after: table.hours.zone.local(now).day + 1)
        for day in calendar.tradingDays(from: table.hours.zone.local(earliest).day, through: last) {
            for (slot, state) in try keeper.states(of: day, now: now) where slot.at >= earliest && slot.at <= now {
                switch state {
                case .planned where pauses.contains { $0.contains(slot.at) }: break
                case .planned where hasLostADay && reported.contains(slot): break
                case .planned, .running: problems.append("\(name(slot)) is still \(state.word)")
                case .done where ran[slot] == nil, .failed(.error) where ran[slot] == nil:
                    problems.append("\(name(slot)) is \(state.word) and never ran")
                case .missed(.late) where ran[slot] != nil, .missed(.sessionEnded) where ran[slot] != nil,
                    .skipped where ran[slot] != nil:
                    problems.append("\(name(slot)) is \(state.word) and has run")
                case .missed, .skipped(.superseded), .failed(.interrupted):
                    if !reported.contains(slot) { problems.append("\(name(slot)) is \(state.word) in silence") }
                case .done, .failed, .skipped: break
                }
            }
        }
        return problems
    }
}
