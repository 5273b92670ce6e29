import CSupport
import Processes
import Storage

/// A temporary home with strategies in it, and the real `jqtrade` that lies beside this program.
final class Workplace {
    let folder: String
    /// The strategy that is measured: it does as little as the seed's sample when it is idle.
    let strategy: String
    /// One that trades on paper as the sample does, in the random market.
    let trader: String
    private let program: String
    private let disk = SystemDisk()

    init() throws {
        program = parentFolder(of: currentExecutable()) + "/jqtrade"
        guard access(program, X_OK) == 0 else {
            throw BenchError("\(program) is not there: build all of the project, swift build -c release")
        }
        var template = Array("/tmp/jqtrade-bench.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw BenchError("no folder can be made in /tmp") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        strategy = folder + "/strategy.swift"
        trader = folder + "/trader.swift"
        try write(
            "strategy.swift",
            """
            import JQTrade

            func process_initialize(_ context: Context) {
                log.info("process_initialize run.")
                set_options(use_account: false)
                run_daily(before_market_open, "open-30m")
                run_daily(market_open, "open")
                run_daily(market_close, "close")
                run_daily(do_order, "every_minute")
            }

            func before_market_open(_ context: Context) { log.info("before_market_open run") }
            func market_open(_ context: Context) { log.info("market_open run") }
            func do_order(_ context: Context) { context.state["calls"] = 1 }
            func market_close(_ context: Context) { log.info("market_close run") }
            """)
        try write(
            "trader.swift",
            """
            import JQTrade

            func process_initialize(_ context: Context) {
                log.info("process_initialize run.")
                set_options(trade_gate: "paper", market_data: "random:seed=7")
                log.info(context.portfolio.available_cash)
                run_daily(before_market_open, "open-30m")
                run_daily(do_order, "every_minute")
                run_daily(market_close, "close")
            }

            func before_market_open(_ context: Context) { log.info(context.portfolio.total_value) }
            func do_order(_ context: Context) {
                let position = context.portfolio.long_positions["000001.XSHE"]
                if position.available_amount > 0 {
                    order("000001.XSHE", -position.available_amount, LimitOrderStyle(10))
                }
                if !context.portfolio.long_positions.contains("000002.XSHE") { order("000002.XSHE", 100) }
                for open in get_open_orders() { cancel_order(open.order_id) }
            }
            func market_close(_ context: Context) { log.info(context.portfolio.long_positions) }
            """)
    }

    /// Puts a text into a file of the workplace.
    func write(_ name: String, _ text: String) throws {
        try disk.replaceFile(folder + "/" + name, with: Array(text.utf8), durable: false)
    }

    /// Stops all tasks and removes everything.
    func remove() {
        _ = try? jqtrade(["stop_task", "--all"])
        _ = try? runCommand(executable: "/bin/rm", arguments: ["-rf", folder])
    }

    /// Runs a command of jqtrade to its end.
    @discardableResult
    func jqtrade(_ arguments: [String]) throws -> String {
        let result = try runCommand(
            executable: program, arguments: arguments, environment: environment, workingDirectory: folder)
        guard result.exit == .code(0) else {
            throw BenchError(
                "jqtrade \(arguments.joined(separator: " ")): \(String(decoding: result.errors, as: UTF8.self))")
        }
        return String(decoding: result.output, as: UTF8.self)
    }

    /// The most memory that the command, or a process that it starts, uses at once.
    func peakBytes(of arguments: [String]) throws -> Int {
        let nowhere = cs_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
        defer { close(nowhere) }
        let pid = try spawn(
            SpawnRequest(
                executable: program, arguments: arguments, environment: environment, workingDirectory: folder,
                descriptors: [(child: 1, parent: nowhere)]))
        guard let (exit, peak) = waitMeasuring(pid), exit == .code(0) else {
            throw BenchError("jqtrade \(arguments.joined(separator: " ")) failed")
        }
        return peak
    }

    /// Starts a task in the foreground.
    func startTask(_ name: String, code: String? = nil) throws -> RunningTask {
        try RunningTask(
            program, ["start_task", "-n", name, "-c", code ?? strategy], environment: environment, folder: folder)
    }

    private var environment: [String: String] {
        var environment = ["JQTRADE_HOME": folder + "/home"]
        for name in ["PATH", "HOME", "LD_LIBRARY_PATH"] {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        return environment
    }
}

/// A task in the foreground, its log read as it comes.
final class RunningTask {
    /// The supervisor's.
    let pid: Int32
    private let output: Int32
    private var text = ""

    init(_ program: String, _ arguments: [String], environment: [String: String], folder: String) throws {
        let (readEnd, writeEnd) = try makePipe()
        defer { close(writeEnd) }
        output = readEnd
        pid = try spawn(
            SpawnRequest(
                executable: program, arguments: arguments, environment: environment, workingDirectory: folder,
                descriptors: [(child: 1, parent: writeEnd), (child: 2, parent: writeEnd)]))
    }

    deinit { close(output) }

    /// Returns once its log holds these words, with all of the log so far.
    @discardableResult
    func wait(for words: String) throws -> String {
        while !text.contains(words) {
            guard case .bytes(let bytes) = readAvailable(output) else {
                throw BenchError("the task ended before it said \"\(words)\": \(text)")
            }
            text += String(decoding: bytes, as: UTF8.self)
        }
        return text
    }

    /// Sends SIGTERM and waits until the task is gone.
    func stop() {
        kill(pid, SIGTERM)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, cs_errno() == EINTR {}
    }
}
