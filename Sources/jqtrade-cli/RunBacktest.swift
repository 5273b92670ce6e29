import CSupport
import Engine
import Logs
import Market
import Notation
import Storage
import StrategyLoading
import Tasks
import Time

/// `run_backtest`: the strategy over the past, in a process of its own for each run; here the command line is read, the
/// strategy compiled, and the outcome shown.
enum RunBacktest {
    static let form = CommandLineForm(
        name: "run_backtest", summary: "run a strategy over past days and show what came of it",
        options: [
            .init(
                short: "c", long: "code", value: "CODE", isRequired: true,
                help: "the strategy: a .swift file, a folder, or a library"),
            .init(long: "market-data", value: "FEED", help: "csv:PATH, or random:seed=7,price=10 (default: random)"),
            .init(long: "from", value: "D", help: "the first day, 2024-01-02 (default: the first of the data)"),
            .init(long: "to", value: "D", help: "the last day (default: the last of the data)"),
            .init(long: "cash", value: "YUAN", help: "what the account begins with (default 1000000)"),
            .init(long: "fill", value: "next_open|this_close", help: "when orders fill on bars (default next_open)"),
            .init(
                short: "p", long: "param", value: "NAME=VALUE", isRepeatable: true,
                help: "a parameter that context.param(NAME, …) answers"),
            .init(long: "set", value: "NAME=VALUE", isRepeatable: true, help: "one option; wins over the strategy's"),
            .init(long: "config", value: "FILE", help: "a JSON file with the options of set_options"),
            .init(
                long: "sweep", value: "NAME=A..B[:STEP]", isRepeatable: true,
                help: "run every value of a parameter, and of several\nevery combination; prints a sorted table"),
            .init(long: "jobs", value: "N", help: "so many runs of a sweep at once (default: one a core)"),
            .init(long: "table", value: "FILE.csv", help: "write the table of the sweep"),
            .init(long: "report", value: "FILE.html", help: "write a page with charts and trades"),
            .init(long: "trades", value: "FILE.csv", help: "write each fill; - for stdout"),
            .init(long: "json", help: "print the figures as JSON"),
            .init(
                long: "log", value: "LEVEL",
                help: "show the strategy's log from debug, info, warn or error\non (default warn; of a sweep nothing)"),
        ],
        notes: """
            No live gate is ever set up here: orders go to the paper exchange, whatever the strategy names.
            Without data the random market is used, on the last five trading days.
            Of a sweep, --report and --trades write a file for each run: trades.fast=5.csv
            Ctrl-C ends it with the results so far (exit code 130); a second one kills it.
            """)

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let surroundings = try Surroundings.find()
        var request = try request(arguments, surroundings)
        let sweep = try Sweep(arguments.all("sweep"), fixed: request.launch.parameters.map(\.name))
        let isSweep = !sweep.axes.isEmpty
        if !isSweep, let option = ["table", "jobs"].first(where: arguments.has) {
            throw UsageError("--\(option) is for a sweep: add --sweep NAME=A..B")
        }
        request.log = try logLevel(arguments) ?? (isSweep ? nil : .warn)
        let jobs = try jobs(arguments)
        let table = arguments.value("table").map(surroundings.absolute)
        if request.trades == "-", isSweep || arguments.has("json") {
            throw UsageError(
                isSweep
                    ? "--trades - is for one run: of a sweep, name a file"
                    : "--trades - and --json both go to stdout: name a file for one")
        }
        for option in ["report", "table"] where arguments.value(option) == "-" {
            throw UsageError("--\(option) asks for a file: the figures and a sweep's table go to stdout as they are")
        }
        for path in [request.trades, request.report, table].compactMap({ $0 }) where path != "-" {
            try OutputFile.check(path)
        }
        try RunSetting.check(request.launch)
        let prepared = try Compiling.prepare(request.launch.code, in: surroundings)
        request.launch.library = prepared.library
        return try withExtendedLifetime(prepared) {
            if isSweep {
                let run = SweepRun(sweep, request, table: table, showsJSON: arguments.has("json"))
                return try run.run(jobs: jobs, surroundings)
            }
            return try runOne(request, showsJSON: arguments.has("json"), surroundings)
        }
    }

    private static func runOne(
        _ request: BacktestRequest, showsJSON: Bool, _ surroundings: Surroundings
    ) throws -> ExitCode {
        let progress = ProgressLine()
        var ending: BacktestChild.Ending?
        let pool = try BacktestPool(1, keepsUnfinished: true)
        pool.start = { _, loop in
            try BacktestChild(
                request, environment: surroundings.environment, loop: loop, show: progress.complain,
                hear: { if case .progress(let now) = $0 { progress.show(now.words) } })
        }
        pool.ended = { ending = $1 }
        pool.run()
        progress.clear()
        switch ending {
        case .result(let result):
            if pool.isInterrupted { Console.complain("ended early: these are the results so far") }
            for stray in strayParameters(given: request.launch.parameters.map(\.name), asked: result.askedParameters) {
                Console.complain(stray)
            }
            let text = showsJSON ? result.figures.pretty : BacktestSummary.text(result, request)
            // The fills are alone where a program may read them.
            request.trades == "-" ? Console.complain(text) : Console.say(text)
            return pool.isInterrupted ? .interrupted : .done
        case .failed(_, let reason) where pool.isInterrupted:
            Console.complain("jqtrade run_backtest: ended early, without results (\(reason))")
            return .interrupted
        case .failed(let code, let reason): throw Failure(code, reason)
        case nil: return .interrupted
        }
    }

    // MARK: The command line

    private static func request(_ arguments: Arguments, _ surroundings: Surroundings) throws -> BacktestRequest {
        let code = surroundings.absolute(try arguments.required("code", form))
        let name = code.split(separator: "/").last.map { $0.hasSuffix(".swift") ? $0.dropLast(6) : $0 } ?? ""
        var launch = TaskLaunch(name: String(name), home: surroundings.home.path, code: code, library: "")
        launch.parameters = try arguments.pairs("param").map { .init($0.name, .text($0.value)) }
        launch.settings = ConfigFiles.settings(try arguments.pairs("set") + options(arguments))
        if let feed = arguments.value("market-data") { launch.settings.append(.init("market_data", .text(feed))) }
        launch.configPath = arguments.value("config").map(surroundings.absolute)
        launch.config =
            try launch.configPath.map { try ConfigFiles.read($0, in: surroundings.disk, optional: false) } ?? []
        launch.homeConfig = try ConfigFiles.read(surroundings.home.configFile, in: surroundings.disk, optional: true)
        var request = BacktestRequest(launch: launch)
        request.from = try day("from", arguments)
        request.to = try day("to", arguments)
        if let from = request.from, let to = request.to, to < from {
            throw UsageError("--to \(to) lies before --from \(from).")
        }
        request.trades = arguments.value("trades").map { $0 == "-" ? $0 : surroundings.absolute($0) }
        request.report = arguments.value("report").map(surroundings.absolute)
        return request
    }

    /// The options of `set_options` that have a word of their own on this command line.
    private static func options(_ arguments: Arguments) throws -> [(name: String, value: String)] {
        var options: [(String, String)] = []
        if let cash = arguments.value("cash") {
            guard let money = DecimalNumber(Array(cash.utf8)[...])?.money, money > .zero, money.yuan <= 1e12 else {
                throw UsageError("--cash asks for yuan, more than 0 and at most 1000000000000, not \"\(cash)\".")
            }
            options.append(("initial_cash", money.description))
        }
        if arguments.has("fill") {
            options.append(("fill", try arguments.word("fill", of: ["next_open", "this_close"], default: "")))
        }
        return options
    }

    private static func day(_ option: String, _ arguments: Arguments) throws -> Day? {
        guard let text = arguments.value(option) else { return nil }
        guard let day = Day(text) else {
            throw UsageError("--\(option) asks for a day like 2024-01-02, not \"\(text)\".")
        }
        return day
    }

    private static func logLevel(_ arguments: Arguments) throws -> LogLevel? {
        guard let word = arguments.value("log") else { return nil }
        guard let level = LogLevel(word) else {
            throw UsageError("--log is one of debug, info, warn, error, not \"\(word)\".")
        }
        return level
    }

    private static func jobs(_ arguments: Arguments) throws -> Int {
        guard let text = arguments.value("jobs") else { return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
        guard let jobs = Int(text), (1...1024).contains(jobs) else {
            throw UsageError("--jobs asks for a number from 1 to 1024, not \"\(text)\".")
        }
        return jobs
    }
}
