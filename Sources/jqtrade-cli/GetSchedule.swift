import Engine
import JQTrade
import Logs
import Market
import Notation
import Scheduling
import Storage
import StrategyLoading
import Tasks
import Time

/// `get_schedule`: the slots of one or more days, of a strategy that need not run, or of a task with what became of each.
enum GetSchedule {
    static let form = CommandLineForm(
        name: "get_schedule", summary: "show the slots of a strategy or a task, without trading",
        options: [
            .init(
                short: "c", long: "code", value: "CODE",
                help: "a strategy: its process_initialize runs, its jobs do not"),
            .init(
                short: "n", long: "name", value: "NAME", help: "a task that runs or ran: its slots with their states"),
            .init(long: "date", value: "D", help: "the first day, 2026-11-20 (default: the trading day now or next)"),
            .init(long: "days", value: "N", help: "so many trading days (default 1)"),
            .init(long: "param", value: "NAME=VALUE", isRepeatable: true, help: "a parameter of the strategy"),
            .init(long: "set", value: "NAME=VALUE", isRepeatable: true, help: "an option of set_options"),
            .init(long: "json", help: "print an array of objects"),
        ],
        notes: "States: planned, running, done, failed, missed, skipped.")

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let surroundings = try Surroundings.find()
        let schedule: Schedule
        switch (arguments.value("code"), arguments.value("name")) {
        case (let code?, nil): schedule = try rehearse(surroundings.absolute(code), arguments, surroundings)
        case (nil, let name?): schedule = try recorded(TaskName(name), surroundings)
        default: throw UsageError("get_schedule needs either -c CODE or -n NAME.")
        }
        let now = SystemClock().now
        let days = try days(arguments, schedule.timetable.hours, now)
        var rows: [Row] = []
        for day in days { rows += try Self.rows(of: day, schedule, now, surroundings.disk) }
        let zone = schedule.timetable.hours.zone
        if arguments.has("json") {
            Console.say(JSON.list(rows.map { $0.json(in: zone) }).pretty)
        } else if rows.isEmpty {
            Console.say("No slot on \(days.first.map { "\($0)" } ?? "no day").")
        } else {
            Console.say(rows.map { $0.text(in: zone) }.joined(separator: "\n"))
        }
        return .done
    }

    private struct Row {
        let slot: Slot
        let plan: JobPlan
        let state: SlotState

        func text(in zone: MarketZone) -> String {
            let at = zone.local(slot.at)
            let reason = state.reason.map { " (\($0))" } ?? ""
            return "\(at.day) \(at.time)  \(padded(state.word, 8)) \(plan.name) [\(plan.time)]\(reason)"
        }

        func json(in zone: MarketZone) -> JSON {
            .object([
                .init("at", .text(zone.local(slot.at).iso8601)), .init("job", .text(plan.name)),
                .init("expression", .text(plan.time)), .init("state", .text(state.word)),
                .init("reason", state.reason.map(JSON.text) ?? .null),
            ])
        }
    }

    private static func rows(
        of day: Day, _ schedule: Schedule, _ now: Instant, _ disk: any FileStore
    ) throws -> [Row] {
        let agenda = schedule.timetable.agenda(of: day)
        let states = schedule.timetable.states(of: agenda, after: try schedule.memory(of: day, in: disk), at: now)
        return zip(agenda.slots, states).map { slot, state in
            Row(slot: slot, plan: schedule.timetable.jobs[slot.job], state: state)
        }
    }

    private static func days(_ arguments: Arguments, _ hours: MarketHours, _ now: Instant) throws -> [Day] {
        guard let count = Int(arguments.value("days") ?? "1"), (1...1000).contains(count) else {
            throw UsageError("--days asks for a number from 1 to 1000.")
        }
        var day = hours.tradingDay(at: now)
        if let text = arguments.value("date") {
            guard let asked = Day(text) else {
                throw UsageError("--date asks for a day like 2026-11-20, not \"\(text)\".")
            }
            day = hours.calendar.isTradingDay(asked) || count == 1 ? asked : hours.calendar.next(after: asked)
        }
        var days = [day]
        while days.count < count { days.append(hours.calendar.next(after: days[days.count - 1])) }
        return days
    }

    /// Runs `process_initialize` alone, on a virtual clock, with nothing remembered and no gate.
    private static func rehearse(
        _ code: String, _ arguments: Arguments, _ surroundings: Surroundings
    ) throws -> Schedule {
        let prepared = try Compiling.prepare(code, in: surroundings)
        let entry: StrategyEntry
        do throws(StrategyError) { entry = try loadStrategy(library: prepared.library) } catch {
            throw Failure(error)
        }
        var launch = TaskLaunch(name: "schedule", home: surroundings.home.path, code: code, library: prepared.library)
        launch.parameters = try arguments.pairs("param").map { .init($0.name, .text($0.value)) }
        launch.settings = ConfigFiles.settings(try arguments.pairs("set"))
        launch.homeConfig = try ConfigFiles.read(surroundings.home.configFile, in: surroundings.disk, optional: true)
        let clock = VirtualClock(start: SystemClock().now)
        launch.startedAt = clock.now
        let logger = Logger(
            task: "schedule", minimum: .error, sinks: [.console(ConsoleSink(descriptor: 2))]
        ) { clock.now }
        var setting = try RunSetting.of(launch, mode: "paper", isRemembered: false)
        setting.readsMarket = false
        let run = StrategyRun(entry, setting, loop: EventLoop(clock: clock), logger: logger)
        if case .failed(let problems) = run.start() {
            throw Failure(.notInitialized, problems.joined(separator: "\n"))
        }
        guard let schedule = run.schedule else { throw Failure(.notInitialized, "the strategy sets no schedule") }
        return schedule
    }

    /// The schedule that a task left when it was last READY.
    static func recorded(_ name: TaskName, _ surroundings: Surroundings) throws -> Schedule {
        guard let schedule = try found(name, surroundings) else {
            throw Failure(.failed, "the task \(name) has no schedule: it has never been READY. Try -c CODE.")
        }
        return schedule
    }

    /// The same; nil if it has never been READY.
    static func found(_ name: TaskName, _ surroundings: Surroundings) throws -> Schedule? {
        let path = surroundings.home.folder(of: name) + "/schedule.json"
        guard let bytes = try surroundings.disk.readFile(path) else { return nil }
        let home = surroundings.home
        let calendar = try CalendarFiles(closed: home.closedDaysFile, open: home.openDaysFile)
            .calendar(in: surroundings.disk)
        guard let schedule = Schedule(try JSON(parsing: bytes), calendar: calendar) else {
            throw Failure(.failed, "\(path) is not readable by this version: start the task again.")
        }
        return schedule
    }
}
