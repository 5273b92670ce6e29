import JQTrade
import Market
import TestSupport
import XCTest

/// A strategy that is killed again and again, and what somebody outside saw it do: nothing that he knows is on the disk
/// of the machine that crashes.
final class CrashWitness {
    let machine: Machine
    private let what: String
    private(set) var ran: [String: Int] = [:]
    /// The value of `context.state["runs"]` that was surely saved, and the one that was being saved.
    private var saved = 0
    private var saving = 0
    private var first: Instant?
    /// When the task was down or busy: a slot within may be missed or skipped, any other must have run.
    private var excused: [ClosedRange<Instant>] = []
    /// Told in each job what it may do: work, or die.
    var inJob: (Instant) -> Void = { _ in }
    var times = ["open-10m", "open", "9:31", "every_minute", "close-2m", "close", "close+30m"]

    init(_ machine: Machine, _ what: String) {
        self.machine = machine
        self.what = what
    }

    /// Starts the strategy; false if the machine died meanwhile.
    func start() -> Bool {
        first = first ?? machine.clock.now
        let result = machine.start { context in
            set_options(market_period: [("09:30", "09:36"), ("13:00", "13:03")], use_account: false)
            let runs = context.state["runs"] ?? 0
            if !self.machine.isDead {
                XCTAssertTrue(
                    runs == self.saved || runs == self.saving,
                    "\(self.what): state \(runs) is neither the old \(self.saved) nor the new \(self.saving)")
                self.saved = runs
                self.saving = runs
            }
            for time in self.times { run_daily({ self.run(time, $0) }, time, name: time) }
        }
        if machine.isDead { return false }
        XCTAssertEqual(result, .ready, what)
        return result == .ready
    }

    private func run(_ job: String, _ context: Context) {
        let slot = "\(context.strategy_dt.day) \(context.strategy_dt.time) \(job)"
        ran[slot, default: 0] += 1
        XCTAssertEqual(ran[slot], 1, "\(what): \(slot) ran twice")
        saved = saving
        saving = saved + 1
        context.state["runs"] = saving
        let began = machine.clock.now
        inJob(began)
        if machine.clock.now > began { excused.append(began...machine.clock.now) }
    }

    /// The process, or with `losingPower` the machine, is gone until `restart`.
    func bury(losingPower: Bool, newTask: Bool, seed: UInt64, restart: Instant) {
        let died = machine.clock.now
        machine.bury(losingPower: losingPower, newTask: newTask, seed: seed, restart: restart)
        excused.append(died...machine.clock.now)
    }

    /// Every slot has its fate, and the fate is what was seen.
    func judge(from first: String, through last: String) throws {
        var wrong: [String] = []
        var slots: Set<String> = []
        for (slot, job, state) in try machine.fates(from: first, through: last) {
            let key = "\(slot) \(job)"
            slots.insert(key)
            let hasRun = ran[key] != nil
            let isRight =
                switch state {
                case "done": hasRun
                case "failed", "missed": isExcused(shanghai(slot))
                case "skipped": !hasRun && isExcused(shanghai(slot))
                default: false
                }
            if !isRight { wrong.append("\(key) \(hasRun ? "ran" : "did not run") and is \(state)") }
        }
        wrong += Set(ran.keys).subtracting(slots).map { "\($0) ran and is no slot" }
        XCTAssertTrue(
            wrong.isEmpty, "\(what): \(wrong.count) slots are wrong, such as \(wrong.prefix(3).joined(separator: "; "))"
        )
    }

    private func isExcused(_ slot: Instant) -> Bool {
        if let first, slot < first { return true }
        return excused.contains { $0.contains(slot) }
    }
}
