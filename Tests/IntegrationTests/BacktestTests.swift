import CSupport
import Foundation
import Notation
import XCTest

/// `run_backtest` as a whole: its command line, its process, what it prints and writes.
final class BacktestTests: WorkplaceTestCase {
    func testAWrongCommandLineIsToldBeforeAnythingRuns() throws {
        let run = ["run_backtest", "-c", "s.swift"]
        for (arguments, says) in [
            (["run_backtest"], "needs -c CODE"), (run + ["--from", "2024-13-01"], "a day like 2024-01-02"),
            (run + ["--from", "2024-02-01", "--to", "2024-01-01"], "lies before"), (run + ["--cash", "0"], "--cash"),
            (run + ["--cash", "much"], "--cash"), (run + ["--fill", "open"], "next_open, this_close"),
            (run + ["--log", "loud"], "debug, info, warn, error"), (run + ["-p", "fast"], "is not NAME=VALUE"),
            (run + ["--sweep", "fast"], "NAME=A..B"), (run + ["--sweep", "fast=5"], "NAME=A..B"),
            (run + ["--sweep", "fast=9..5"], "smaller number first"), (run + ["--report", "-"], "asks for a file"),
            (run + ["--sweep", "fast=1..5:0"], "a step above 0"),
            (run + ["--sweep", "a=0..9:0.00001"], "four decimal"),
            (run + ["--sweep", "a=1..1000", "--sweep", "b=1..1000"], "more than 100000 runs"),
            (run + ["--sweep", "a=-90000000000000..90000000000000:0.0001"], "more than 100000 runs"),
            (run + ["--sweep", "a=1..2", "--sweep", "a=1..2"], "given twice"),
            (run + ["--sweep", "a=1..2", "-p", "a=1"], "given twice"), (run + ["--table", "t.csv"], "add --sweep"),
            (run + ["--jobs", "2"], "add --sweep"), (run + ["--sweep", "a=1..2", "--jobs", "0"], "--jobs"),
        ] as [([String], String)] {
            let finished = try place.run(arguments)
            XCTAssertEqual(finished.code, 2, "\(arguments): \(finished.errors)")
            XCTAssertTrue(finished.errors.contains(says), "\(arguments): \(finished.errors)")
        }
    }

    func testAFileThatCannotBeWrittenIsToldBeforeTheRun() throws {
        try place.write("", to: "out/there.csv")
        for (option, path) in [("--report", "nowhere/r.html"), ("--trades", "out"), ("--trades", "nowhere/t.csv")] {
            let finished = try place.run(["run_backtest", "-c", "missing.swift", option, path])
            XCTAssertEqual(finished.code, 1, finished.errors)
            XCTAssertTrue(finished.errors.contains(path), finished.errors)
            XCTAssertFalse(finished.errors.contains("missing.swift"), finished.errors)
        }
    }

    func testAStrategyThatDoesNotCompileOrInitializeIsAnExitCodeOfItsOwn() throws {
        let broken = try place.write(
            "import JQTrade\nfunc process_initialize(_ c: Context) { nonsense }", to: "b.swift")
        XCTAssertEqual(try place.run(["run_backtest", "-c", broken]).code, 4)
        let refused = try place.run(["run_backtest", "-c", Strategies.fails, "-p", "how=throw"])
        XCTAssertEqual(refused.code, 5, refused.errors)
        XCTAssertEqual(refused.errors.components(separatedBy: "Refusal()").count, 2, "told once: \(refused.errors)")
    }

    func testATrapNamesItsLine() throws {
        let finished = try place.run(["run_backtest", "-c", BacktestStrategies.schedule, "-p", "trap=3"])
        XCTAssertEqual(finished.code, 1)
        XCTAssertTrue(
            finished.errors.contains("at \(BacktestStrategies.schedule):\(BacktestStrategies.trapLine)"),
            finished.errors)
    }

    func testAStrategyThatOnlySchedulesRunsItsJobs() throws {
        let finished = try place.run(
            ["run_backtest", "-c", BacktestStrategies.schedule, "--from", "2024-02-08", "--to", "2024-02-19"])
        XCTAssertEqual(finished.code, 0, finished.errors)
        // The spring festival closed the market from the 9th to the 18th.
        XCTAssertTrue(finished.errors.contains("the strategy ends after 4 calls"), finished.errors)
        XCTAssertTrue(finished.output.contains("use_account: false"), finished.output)
    }

    func testTheLogIsShownFromALevelOn() throws {
        let run = ["run_backtest", "-c", BacktestStrategies.schedule, "--from", "2024-02-08", "--to", "2024-02-08"]
        let quiet = try place.run(run)
        XCTAssertFalse(quiet.errors.contains("call 1"), quiet.errors)
        XCTAssertFalse(quiet.errors.contains("printed"), quiet.errors)
        let talking = try place.run(run + ["--log", "info"])
        XCTAssertTrue(talking.errors.contains("2024-02-08 09:30:00.000 INFO  schedule  call 1"), talking.errors)
        XCTAssertTrue(talking.errors.contains("printed"), talking.errors)
        let silent = try place.run(run + ["--log", "error"])
        XCTAssertEqual(silent.errors, "")
    }

    func testCtrlCEndsItWithTheResultsSoFar() throws {
        let held = try place.start(
            [
                "run_backtest", "-c", BacktestStrategies.schedule, "--from", "2024-02-05", "--to", "2024-02-08", "-p",
                "hold=signal", "--log", "info",
            ])
        try held.waitFor("holding")
        held.send(SIGINT)
        let finished = try held.waitForExit()
        XCTAssertEqual(finished.code, 130)
        XCTAssertTrue(finished.errors.contains("the strategy ends after 3 calls"), finished.errors)
        XCTAssertTrue(finished.errors.contains("the results so far"), finished.errors)
        XCTAssertTrue(finished.output.contains("2024-02-05 to 2024-02-06"), finished.output)
    }

    func testASecondCtrlCKillsIt() throws {
        let held = try place.start(
            ["run_backtest", "-c", BacktestStrategies.schedule, "-p", "hold=never", "--log", "info"])
        try held.waitFor("holding")
        held.send(SIGINT)
        held.send(SIGTERM)
        XCTAssertEqual(try held.waitForExit().code, 130)
    }

    func testASweepGoesOnPastARunThatFails() throws {
        let finished = try place.run(
            [
                "run_backtest", "-c", BacktestStrategies.schedule, "--from", "2024-02-08", "--to", "2024-02-08",
                "--sweep", "trap=2..4", "--json", "--table", "table.csv",
            ])
        XCTAssertEqual(finished.code, 1, finished.errors)
        let rows = try JSON(parsing: finished.output).list ?? []
        XCTAssertEqual(rows.map { $0["params"]?.compact }, ["{\"trap\":3}", "{\"trap\":4}", "{\"trap\":2}"])
        XCTAssertTrue(rows.last?["error"]?.string?.contains(":\(BacktestStrategies.trapLine)") ?? false)
        let table = place.read("table.csv").split(separator: "\n")
        XCTAssertEqual(table.count, 4)
        XCTAssertTrue(table.first?.hasPrefix("trap,start_value,") ?? false, place.read("table.csv"))
    }
}

/// What the backtests run.
enum BacktestStrategies {
    /// Trades with nobody: two calls a day, one of which may trap, or wait for a file or until the process has heard a signal,
    /// which the program's own count of them tells.
    static let schedule = StrategyShelf.shared.path(
        "schedule",
        Strategies.tools + """
            var calls = 0
            func process_initialize(_ context: Context) {
                set_options(use_account: false)
                run_daily(look, "open")
                run_daily(look, "close")
            }
            func look(_ context: Context) {
                calls += 1
                log.info("call \\(calls)")
                Swift.print("printed")
                let none: [Int] = []
                if calls == context.param("trap", 0) { log.info("\\(none[calls])") }  // the trap
                if calls == 3 { hold(until: context.param("hold", "")) }
            }
            func hold(until what: String) {
                guard what != "", let symbol = dlsym(dlopen(nil, RTLD_NOW), "cs_signals_seen") else { return }
                let signals = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
                let before = signals()
                log.info("holding")
                while what == "signal" ? signals() == before : access(what, F_OK) != 0 { poll(nil, 0, 2) }
            }
            func process_exit(_ context: Context) { log.warn("the strategy ends after \\(calls) calls") }
            """)
    /// The line of the trap.
    static let trapLine: Int = {
        let text = (try? String(contentsOfFile: schedule, encoding: .utf8)) ?? ""
        let before = text.components(separatedBy: "// the trap").first ?? ""
        return before.components(separatedBy: "\n").count
    }()
}
