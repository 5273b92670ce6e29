import XCTest

final class UsageErrorTests: WorkplaceTestCase {
    private let commands = [
        "start_task", "get_tasks", "stop_task", "get_schedule", "get_calendar", "build_strategy",
    ]

    func testAWrongCommandLineIsExitCode2WithTheUsageOnStderr() throws {
        let start = ["start_task", "-n", "demo", "-c", "s.swift"]
        for (arguments, says) in [
            ([], "command is missing"), (["start_tsk"], "Did you mean start_task?"),
            (["start_task"], "needs -n NAME"), (["start_task", "-n", "demo"], "needs -c CODE"),
            (start + ["-e", "A"], "-e \"A\" is not NAME=VALUE"), (start + ["-e", "=1"], "is not NAME=VALUE"),
            (start + ["--set", "x"], "is not NAME=VALUE"), (start + ["--param", "x"], "is not NAME=VALUE"),
            (start + ["--restart", "always"], "on-crash, never"), (start + ["--log-format", "xml"], "text, json"),
            (start + ["--detached"], "Did you mean --detach?"), (start + ["-x"], "-x is not an option"),
            (start + ["--detach=yes"], "takes no value"), (start + ["-n", "other"], "given twice"),
            (start + ["stray"], "stray"), (start + ["-o"], "asks for a value"),
            (["start_task", "-n", "../x", "-c", "s.swift"], "name"), (["start_task", "-n", "", "-c", "s"], "name"),
            (["stop_task"], "-n NAME, -p PID or --all"), (["stop_task", "-p", "x"], "--pid"),
            (["stop_task", "-p", "-1"], "--pid"), (["stop_task", "-n", "a", "-s", "SIGINT"], "SIGTERM, SIGKILL"),
            (["stop_task", "-n", "a", "--timeout", "soon"], "--timeout"),
            (["get_tasks", "--jsn"], "Did you mean --json?"),
            (["build_strategy", "-c", "s.swift"], "needs -o OUT"),
            (["build_strategy", "-c", "s.swift", "-o", "s.txt"], ".so or .dylib"),
        ] as [([String], String)] {
            let finished = try place.run(arguments)
            XCTAssertEqual(finished.code, 2, "\(arguments): \(finished.errors)")
            XCTAssertEqual(finished.output, "", "\(arguments)")
            XCTAssertTrue(finished.errors.hasPrefix("usage: jqtrade"), "\(arguments): \(finished.errors)")
            XCTAssertTrue(finished.errors.contains(says), "\(arguments): \(finished.errors)")
        }
        XCTAssertFalse(place.exists("home/tasks/demo"))
    }

    func testTheHelpNamesCommandsAndExitCodes() throws {
        for option in ["-h", "--help"] {
            let help = try place.run([option])
            XCTAssertEqual(help.code, 0)
            for word in commands + ["exit codes:", "  0  ", "  3  ", "  6  ", "  137  "] {
                XCTAssertTrue(help.output.contains(word), word)
            }
        }
    }

    func testEachCommandHasItsHelp() throws {
        for command in commands {
            for words in [["-h"], ["--help"], ["-n", "demo", "-h"]] {
                let help = try place.run([command] + words)
                XCTAssertEqual(help.code, 0)
                XCTAssertTrue(help.output.hasPrefix("usage: jqtrade \(command) [-h]"), help.output)
            }
        }
        let help = try place.run(["start_task", "-h"]).output
        for option in [
            "-n, --name", "-c, --code", "-o, --out", "-e, --env", "--config", "--set", "--param", "--debug",
            "--log-format", "--detach", "--restart", "--paper", "--fresh",
        ] { XCTAssertTrue(help.contains(option), option) }
    }

    func testTheVersionIsPrinted() throws {
        for option in ["-V", "--version"] {
            let version = try place.run([option])
            XCTAssertEqual(version.code, 0)
            XCTAssertNotNil(version.output.wholeMatch(of: #/jqtrade \d+\.\d+\.\d+\n/#), version.output)
        }
    }

    func testTheHelpNeedsNoHome() throws {
        place.environment["JQTRADE_HOME"] = "/dev/null/nowhere"
        for arguments in [["-h"], ["-V"], ["start_task", "-h"]] { XCTAssertEqual(try place.run(arguments).code, 0) }
    }
}
