import JQTrade
import Logs
import Market
import Notation
import Simulation
import Storage
import TestSupport
import Time
import XCTest

@testable import Engine

/// The machine that a test's strategy runs on: a virtual clock, a simulated disk that outlives the runs, and all that
/// they have said.
final class Machine {
    let disk = SimulatedDisk()
    private(set) var clock: VirtualClock
    private(set) var loop: EventLoop
    private(set) var run: StrategyRun?
    private(set) var boot = 1
    private(set) var bootedAt: Instant
    /// When the task was started; nil until it is. A worker that crashes is restarted, its task goes on.
    private var taskStartedAt: Instant?
    private var isRestart = false
    private let logFolder: TemporaryFolder?

    /// What the next run is given.
    var outside = Options.Outside()
    var parameters: [JSON.Member] = []
    var folder: String? = "/home/tasks/demo"
    var hasCalendarFiles = true
    /// Whether a gate that the strategy names is set up.
    var mayTrade = false
    /// Where market data comes from: by default nobody says anything.
    var feed = ScriptedFeed(nil)
    var mode = "paper"
    /// What the observer was told, in its order.
    private(set) var events: [String] = []
    private(set) var counts = (jobErrors: 0, missed: 0)
    var betweenActivities: (() -> Void)?

    /// A machine that was started a minute before. Without `listening` its runs put nothing into words.
    init(_ start: Instant, listening: Bool = true) throws {
        clock = VirtualClock(start: start)
        loop = EventLoop(clock: clock)
        bootedAt = start - .seconds(60)
        logFolder = listening ? try TemporaryFolder() : nil
        try disk.makeFolder("/home/tasks/demo")
        try disk.makeFolder("/home/calendar")
    }

    /// Starts a strategy of closures.
    @discardableResult
    func start(
        exit: ((Context) throws -> Void)? = nil, sites: [OptionSite] = [],
        _ initialize: @escaping (Context) throws -> Void
    ) -> StrategyRun.StartResult {
        start(StrategyEntry(initialize: initialize, exit: exit, optionSites: sites))
    }

    @discardableResult
    func start(_ strategy: StrategyEntry) -> StrategyRun.StartResult {
        let clock = clock
        let sinks = logFolder.map { [LogSink.file(FileSink(path: $0.path + "/log"))] } ?? []
        let logger = Logger(task: "demo", minimum: sinks.isEmpty ? .error : .debug, sinks: sinks) { clock.now }
        taskStartedAt = taskStartedAt ?? clock.now
        let run = StrategyRun(strategy, setting(), loop: loop, logger: logger)
        if logFolder != nil { run.observer = observer() }
        self.run = run
        isRestart = true
        return run.start()
    }

    private func setting() -> StrategyRun.Setting {
        var setting = StrategyRun.Setting(
            taskName: "demo", mode: mode, isRestart: isRestart, startedAt: taskStartedAt ?? clock.now,
            folder: folder,
            parameters: parameters,
            options: outside, calendarFiles: hasCalendarFiles ? Self.calendarFiles : nil, disk: disk,
            bootID: "boot \(boot)", bootTime: { [unowned self] in self.bootedAt },
            absolutePath: { $0.hasPrefix("/") ? $0 : "/work/" + $0 }, jobName: { _ in nil })
        setting.gates.mayTrade = mayTrade
        setting.paperFiles = PaperFiles(rules: "/home/rules.json", actions: "/home/actions.csv")
        setting.makeFeed = { [feed] _, _ in feed }
        return setting
    }

    static let calendarFiles = CalendarFiles(
        closed: "/home/calendar/closed_days.txt", open: "/home/calendar/open_days.txt")

    private func observer() -> RunObserver {
        var observer = RunObserver()
        observer.begin = { [unowned self] name, at in self.events.append("begin \(name) \(Self.text(at))") }
        observer.end = { [unowned self] in self.events.append("end") }
        observer.next = { [unowned self] next in
            self.events.append("next " + (next.map { "\($0.job) \(Self.text($0.at)) grace \($0.grace)" } ?? "none"))
        }
        observer.counts = { [unowned self] in self.counts = ($0, $1) }
        observer.betweenActivities = { [unowned self] in self.betweenActivities?() }
        return observer
    }

    static func text(_ instant: Instant) -> String { "\(MarketZone.shanghai.local(instant).time)" }

    /// Lets the run go on until a time; the clock is there then, even if the run has ended.
    func pass(until end: Instant) {
        loop.run(until: end)
        if clock.now < end { clock.work(for: end - clock.now) }
    }

    func pass(until text: String) { pass(until: shanghai(text)) }

    /// Asks the run to stop, as `stop_task` does.
    func stop() { run?.stop() }

    /// From here on nothing that the run does reaches the disk: it is dead.
    func kill() {
        disk.faults.stopAt = disk.operations
        loop.stop()
    }

    /// True if the run was killed, or died at its disk operation.
    var isDead: Bool { disk.faults.stopAt.map { disk.operations >= $0 } ?? false }

    /// The run's process is gone; with `losingPower` the whole machine was, and is booted before the time of `restart`.
    /// With `newTask` the next start is one of the user's, not of the supervisor.
    func bury(losingPower: Bool = false, newTask: Bool = false, seed: UInt64 = 0, restart: Instant) {
        disk.crash(losingUnflushed: losingPower, seed: seed)
        run = nil
        let end = max(restart, clock.now + .seconds(1))
        if losingPower || newTask {
            taskStartedAt = nil
            isRestart = false
        }
        if losingPower {
            boot += 1
            bootedAt = end - .milliseconds(500)
        }
        clock = VirtualClock(start: end)
        loop = EventLoop(clock: clock)
    }

    /// What was logged: `LEVEL message`.
    var log: [String] {
        guard let logFolder, let bytes = try? SystemDisk().readFile(logFolder.path + "/log") else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
            let words = line.dropFirst(24).split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard words.count == 2, let task = words[1].range(of: "demo  ") else { return String(line) }
            return "\(words[0]) \(words[1][task.upperBound...])"
        }
    }

    func put(_ text: String, _ path: String) throws {
        try disk.replaceFile(path, with: Array(text.utf8), durable: true)
    }

    func read(_ path: String) throws -> String? {
        try disk.readFile(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Every slot of some days with its state, as `get_schedule -n` tells it.
    func fates(from first: String, through last: String) throws -> [(slot: String, job: String, state: String)] {
        let bytes = try XCTUnwrap(try disk.readFile("/home/tasks/demo/schedule.json"), "no schedule.json")
        let calendar = hasCalendarFiles ? try Self.calendarFiles.calendar(in: disk) : .builtIn
        let schedule = try XCTUnwrap(Schedule(JSON(parsing: bytes), calendar: calendar), "schedule.json is not one")
        let days = schedule.timetable.hours.calendar.tradingDays(
            from: try XCTUnwrap(Day(first)), through: try XCTUnwrap(Day(last)))
        return try days.flatMap { day in
            let agenda = schedule.timetable.agenda(of: day)
            let states = schedule.timetable.states(
                of: agenda, after: try schedule.memory(of: day, in: disk), at: clock.now)
            return zip(agenda.slots, states).map { slot, state in
                let at = schedule.timetable.hours.zone.local(slot.at)
                return (slot: "\(at.day) \(at.time)", job: schedule.timetable.jobs[slot.job].name, state: state.word)
            }
        }
    }

    /// The fates of a day as lines: `09:30:00 job done`.
    func fates(of day: String) throws -> [String] {
        try fates(from: day, through: day).map { "\($0.slot.dropFirst(11)) \($0.job) \($0.state)" }
    }
}
