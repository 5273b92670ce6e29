import Accounts
import CSupport
import Engine
import Gates
import Logs
import Market
import Notation
import Processes
import Storage
import StrategyLoading
import Tasks
import Time

/// `start_task`: takes the name, compiles in the foreground, and becomes the supervisor, or starts one with --detach.
enum StartTask {
    static let form = CommandLineForm(
        name: "start_task", summary: "compile a strategy and run it as a supervised task",
        options: [
            .init(
                short: "n", long: "name", value: "NAME", isRequired: true, help: "the task's name, unique while it runs"
            ),
            .init(
                short: "c", long: "code", value: "CODE", isRequired: true,
                help: "the strategy: a .swift file, a folder, or a library"),
            .init(short: "o", long: "out", value: "OUT", help: "append the log to this file instead of the console"),
            .init(
                short: "e", long: "env", value: "ENV", isRepeatable: true,
                help: "variables of the strategy: 'A=1;B=2'"),
            .init(
                long: "market-data", value: "FEED",
                help: "where prices come from: random:…, csv:PATH, follow:PATH,\nexec:COMMAND"),
            .init(long: "config", value: "FILE", help: "a JSON file with the options of set_options"),
            .init(long: "set", value: "NAME=VALUE", isRepeatable: true, help: "one option; wins over the strategy's"),
            .init(
                long: "param", value: "NAME=VALUE", isRepeatable: true,
                help: "a parameter that context.param(NAME, …) answers"),
            .init(long: "debug", help: "log what the system itself does, too"),
            .init(long: "log-format", value: "text|json", help: "text (default), or one JSON object a line"),
            .init(long: "detach", help: "return once the task is READY; the log goes to JQTRADE_HOME/logs"),
            .init(long: "restart", value: "on-crash|never", help: "restart a crashed worker (default), or never"),
            .init(long: "paper", help: "trade on paper, whatever the strategy says"),
            .init(long: "fresh", help: "archive the task's folder and begin anew"),
        ],
        notes: """
            Ctrl-C stops the task when its current job is done; a second Ctrl-C, a moment later, kills it.
            Options come, first found: --set, set_options, --config, JQTRADE_HOME/config.json, built-in.
            """)

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let name = try TaskName(arguments.required("name", form))
        var request = TaskLaunch(name: name.text, home: "", code: try arguments.required("code", form), library: "")
        request.logsJSON = try arguments.word("log-format", of: ["text", "json"], default: "text") == "json"
        request.restartsOnCrash =
            try arguments.word("restart", of: ["on-crash", "never"], default: "on-crash") == "on-crash"
        request.environment = try environment(arguments.all("env"))
        request.parameters = try arguments.pairs("param").map { .init($0.name, .text($0.value)) }
        request.settings = ConfigFiles.settings(try arguments.pairs("set"))
        if let feed = arguments.value("market-data") { request.settings.append(.init("market_data", .text(feed))) }
        if arguments.has("paper") { request.settings.append(.init("trade_gate", "paper")) }
        request.debug = arguments.has("debug")
        for member in request.environment where member.name == "PYTHONPATH" {
            Console.complain("jqtrade start_task: PYTHONPATH means nothing to a Swift strategy: use JQTRADE_PATH.")
        }

        let surroundings = try Surroundings.find()
        request.home = surroundings.home.path
        request.code = surroundings.absolute(request.code)
        request.out = arguments.value("out").map(surroundings.absolute)
        request.configPath = arguments.value("config").map(surroundings.absolute)
        request.config =
            try request.configPath.map { try ConfigFiles.read($0, in: surroundings.disk, optional: false) } ?? []
        request.homeConfig = try ConfigFiles.read(surroundings.home.configFile, in: surroundings.disk, optional: true)
        let settings = try supervisionSettings(request, home: surroundings.home)
        return try start(
            name, request, settings, in: surroundings, detach: arguments.has("detach"), fresh: arguments.has("fresh"))
    }

    private static func start(
        _ name: TaskName, _ request: TaskLaunch, _ settings: SupervisionSettings, in surroundings: Surroundings,
        detach: Bool, fresh: Bool
    ) throws -> ExitCode {
        let clock = SystemClock()
        let lock: FileLock
        try surroundings.disk.makeFolder(surroundings.home.folder(of: name))
        do { lock = try TaskLock.take(name, in: surroundings.home, clock: clock) } catch let taken as TaskLock.Taken {
            throw Failure(.nameTaken, "\(taken)")
        }
        if fresh { try archive(name, in: surroundings, now: clock.now) }
        sweep(name, in: surroundings)
        var launch = request
        try RunSetting.check(launch)
        let path = launch.environment.first { $0.name == "JQTRADE_PATH" }?.value.string
        let prepared = try Compiling.prepare(launch.code, in: surroundings, path: path)
        launch.library = prepared.library
        if detach, launch.out == nil { launch.out = surroundings.home.logsFolder + "/\(name).log" }
        try record(launch, of: name, in: surroundings)
        if detach { return try DetachedSupervisor.start(launch, lock: lock) }
        var isTold = false
        return try withExtendedLifetime(prepared) {
            try supervise(launch, settings, lock: lock.descriptor, in: surroundings, clock: clock) { announcement in
                if !isTold, let out = launch.out { tell(announcement, of: launch.name, log: out) }
                isTold = true
            }
        }
    }

    /// With the log in a file, the terminal would say nothing at all; with the log on it, it says this already.
    private static func tell(_ announcement: Supervisor.Announcement, of name: String, log out: String) {
        switch announcement {
        case .ready(let pid):
            Console.complain("started \(name) (pid \(pid)); the log goes to \(out); Ctrl-C stops it")
        case .failed(_, let reason): Console.complain("jqtrade start_task: \(reason)\nThe log is in \(out)")
        }
    }

    /// Leaves in `task.json` what the task was started with. Most starts are like the one before, whose file is on the
    /// disk already.
    private static func record(_ launch: TaskLaunch, of name: TaskName, in surroundings: Surroundings) throws {
        var masked = launch
        masked.environment = Tasks.masked(launch.environment)
        let bytes = Array((masked.json.compact + "\n").utf8)
        let path = surroundings.home.folder(of: name) + "/task.json"
        guard try surroundings.disk.readFile(path) != bytes else { return }
        try surroundings.disk.replaceFile(path, with: bytes, durable: true)
    }

    /// Clears away what a kill has left in the task's folder, and in that of the option `runtime_dir`, if it has one.
    private static func sweep(_ name: TaskName, in surroundings: Surroundings) {
        for folder in folders(of: name, surroundings) { removeLeftovers(in: folder, surroundings.disk) }
    }

    /// The task's folder in the home, and that of the option `runtime_dir`, if its last run had one.
    private static func folders(of name: TaskName, _ surroundings: Surroundings) -> [String] {
        let own = surroundings.home.folder(of: name)
        let noted = try? notedFolder(in: own, surroundings.disk)
        let chosen = noted ?? (try? GetSchedule.recorded(name, surroundings))?.folder
        return [own] + [chosen].compactMap { $0 }.filter { $0 != own }
    }

    /// Runs the supervisor in this very process.
    static func supervise(
        _ launch: TaskLaunch, _ settings: SupervisionSettings, lock: Int32, in surroundings: Surroundings,
        clock: SystemClock, announce: @escaping (Supervisor.Announcement) -> Void
    ) throws -> ExitCode {
        // Under nohup the end of the terminal is nobody's wish to stop.
        let hangUp = isIgnored(SIGHUP) ? [] : [SIGHUP]
        let signals = try SignalPipe([SIGINT, SIGTERM, SIGCHLD, SIGUSR2, SIGPIPE] + hangUp)
        var environment = surroundings.environment
        for member in launch.environment { environment[member.name] = member.value.string ?? "" }
        for (name, value) in WorkerCommand.environment { environment[name] = value }
        let loop = EventLoop(clock: clock)
        let log = TaskLog(launch, settings, console: 1, loop: loop)
        defer { log.finish() }
        let supervisor = Supervisor(
            loop: loop, disk: surroundings.disk, home: surroundings.home, name: try TaskName(launch.name),
            launch: launch, settings: settings, executable: currentExecutable(), environment: environment, lock: lock,
            logger: log.logger, signals: signals,
            bootID: SystemClock.bootID(), announce: announce)
        return supervisor.run()
    }

    /// The numbers of supervision, from the home's config, then the `--config` file, then `--set`.
    static func supervisionSettings(_ launch: TaskLaunch, home: Home) throws -> SupervisionSettings {
        var settings = SupervisionSettings()
        try settings.apply(launch.homeConfig, from: home.configFile)
        try settings.apply(launch.config, from: launch.configPath ?? "--config")
        try settings.apply(launch.settings, from: "--set")
        settings.restart.restarts = launch.restartsOnCrash
        return settings
    }

    /// `A=1;B=x=y`, any number of times; the later of one name wins.
    private static func environment(_ texts: [String]) throws(UsageError) -> [JSON.Member] {
        var members: [JSON.Member] = []
        for entry in texts.flatMap({ $0.split(separator: ";") }) {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw UsageError("-e \"\(entry)\" is not NAME=VALUE; several are separated by ';'.")
            }
            members.removeAll { $0.name == parts[0] }
            members.append(.init(String(parts[0]), .text(String(parts[1]))))
        }
        return members
    }

    /// `--fresh`: what the task's folder held goes to `archive/` in it, and the lock stays where it is; likewise in the folder
    /// of `runtime_dir`, of which only what tasks write is the task's.
    private static func archive(_ name: TaskName, in surroundings: Surroundings, now: Instant) throws {
        let hours = (try? GetSchedule.found(name, surroundings))?.timetable.hours ?? MarketHours()
        // The home's is the last: it knows the other.
        let own = surroundings.home.folder(of: name)
        for folder in folders(of: name, surroundings).reversed() {
            try archive(folder, hours, surroundings.disk, now: now) {
                folder == own ? $0 != "lock" && $0 != "archive" : memoryNames.contains($0)
            }
        }
    }

    private static func archive(
        _ folder: String, _ hours: MarketHours, _ disk: any FileStore, now: Instant, where isOurs: (String) -> Bool
    ) throws {
        guard try disk.identity(of: folder) != nil else { return }
        let entries = try disk.list(folder).filter(isOurs)
        guard !entries.isEmpty else { return }
        let archive = folder + "/archive/\(now.nanoseconds / 1_000_000)"
        let left = ordersLeft(in: folder, hours, disk, now: now)
        try disk.makeFolder(archive)
        for entry in entries { try disk.rename(folder + "/" + entry, to: archive + "/" + entry) }
        try disk.flushFolder(folder)
        if left.isEmpty { return }
        Console.complain(
            "jqtrade start_task: \(left.count == 1 ? "1 order" : "\(left.count) orders") of what is archived may still be open"
                + " at the broker: \(left.joined(separator: ", ")). The new task knows nothing of them: look for them in the"
                + " broker's terminal. What was known of them lies in \(archive)/orders.")
    }

    /// The orders that a task may have open at a broker. What cannot be read is no reason not to archive it.
    private static func ordersLeft(
        in folder: String, _ hours: MarketHours, _ disk: any FileStore, now: Instant
    ) -> [OrderID] {
        guard (try? tradesOnPaper(folder, disk)) == false else { return [] }
        let left = try? OrderHistory.maybeOpen(taskFolder: folder, disk: disk, hours: hours, now: now)
        return left?.map(\.id) ?? []
    }
}
