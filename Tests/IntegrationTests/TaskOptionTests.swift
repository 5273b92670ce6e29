import CSupport
import Notation
import XCTest

final class TaskOptionTests: WorkplaceTestCase {
    private func output(of more: [String]) throws -> String {
        let program = try place.startTask(Strategies.talking, more)
        program.send(SIGTERM)
        return try program.waitForExit().output
    }

    func testVariablesReachTheStrategy() throws {
        let output = try output(of: ["-e", "A=0", "-e", "A=1;B=x=y"])
        XCTAssertTrue(output.inOrder("A is 1", "B is x=y"), output)
    }

    func testPYTHONPATHIsAnsweredWithTheRightName() throws {
        let program = try place.startTask(Strategies.talking, ["-e", "PYTHONPATH=/x"])
        XCTAssertTrue(program.errors.contains("JQTRADE_PATH"), program.errors)
    }

    func testParametersReachTheStrategy() throws {
        let program = try place.startTask(Strategies.idle, ["--param", "fast=10", "--param", "other=a=b"])
        XCTAssertTrue(program.output.contains("fast is 10"), program.output)
        XCTAssertEqual(try place.task()?["params"]?["other"]?.string, "a=b")
    }

    func testAParameterOfTheWrongKindFailsTheStart() throws {
        let failed = try place.run(["start_task", "-n", "demo", "-c", Strategies.idle, "--param", "fast=quick"])
        XCTAssertEqual(failed.code, 5)
        XCTAssertTrue(failed.output.contains("idle.swift:4: --param fast=quick: not a whole number"), failed.output)
    }

    func testALogFileIsAppendedToInsteadOfTheConsole() throws {
        try place.write("what was there\n", to: "demo.log")
        let output = try output(of: ["-o", "demo.log"])
        XCTAssertEqual(output, "")
        XCTAssertTrue(place.read("demo.log").inOrder("what was there", "first", "stopped"), place.read("demo.log"))
    }

    func testDebugAddsTheSystemsOwnLines() throws {
        XCTAssertFalse(try output(of: []).contains("DEBUG"))
        let output = try output(of: ["--debug"])
        XCTAssertTrue(output.contains("DEBUG demo  for the curious"), output)
        XCTAssertTrue(output.contains("DEBUG demo  worker started (pid "), output)
    }

    func testOptionsComeFromTheCommandLineThenTheFileThenTheHome() throws {
        try place.write(#"{"on_job_error": "stop"}"#, to: "home/config.json")
        XCTAssertEqual(try place.run(["start_task", "-n", "a", "-c", Strategies.throwing]).code, 1)
        try place.write(#"{"on_job_error": "continue"}"#, to: "c.json")
        let goesOn = try place.startTask(Strategies.throwing, ["--config", "c.json"])
        try place.waitForTask { $0["job_errors"]?.int == 1 }
        XCTAssertFalse(goesOn.hasEnded)
        let overruled = ["start_task", "-n", "b", "-c", Strategies.throwing, "--config", "c.json"]
        XCTAssertEqual(try place.run(overruled + ["--set", "on_job_error=stop"]).code, 1)
    }

    func testUnknownOptionsAreNamedWithTheNearest() throws {
        try place.write(#"{"misfire_grase": 30, "restart_delai": 2}"#, to: "c.json")
        // It is said before anything is compiled: of this strategy the compiler would complain.
        try place.write("no strategy", to: "broken.swift")
        for command in [["start_task", "-n", "demo"], ["run_backtest"]] {
            let failed = try place.run(
                command + ["-c", "broken.swift", "--config", "c.json", "--set", "calender=every_day"])
            XCTAssertEqual(failed.code, 5, failed.errors)
            let said = failed.output + failed.errors
            XCTAssertTrue(said.contains("there is no option misfire_grase. Did you mean misfire_grace?"), said)
            XCTAssertTrue(said.contains("there is no option restart_delai. Did you mean restart_delay?"), said)
            XCTAssertTrue(said.contains("there is no option calender. Did you mean calendar?"), said)
        }
    }

    func testABadSettingIsASentence() throws {
        for (setting, says) in [
            ("misfire_grace=long", "misfire_grace asks for seconds"), ("restart_delay=0", "restart_delay asks for"),
            ("restart_limit=many", "restart_limit asks for a whole number"),
        ] {
            let failed = try place.run(["start_task", "-n", "demo", "-c", Strategies.idle, "--set", setting])
            XCTAssertNotEqual(failed.code, 0, setting)
            XCTAssertTrue((failed.output + failed.errors).contains(says), "\(setting): \(failed)")
        }
        try place.write("{ not JSON", to: "c.json")
        let failed = try place.run(["start_task", "-n", "demo", "-c", Strategies.idle, "--config", "c.json"])
        XCTAssertEqual(failed.code, 1)
        XCTAssertTrue(failed.errors.contains("c.json: "), failed.errors)
    }

    func testSecretsAreSeenNowhere() throws {
        let secret = "swordfish-4711"
        let program = try place.startTask(Strategies.talking, ["-e", "API_TOKEN=\(secret);A=plain"])
        XCTAssertEqual(try place.task()?["env"]?["API_TOKEN"]?.string, "***")
        XCTAssertEqual(try place.task()?["env"]?["A"]?.string, "plain")
        let files = try place.shell("grep -rl '\(secret)' '\(place.home)'").waitForExit()
        XCTAssertEqual(files.output, "")
        let worker = try place.shell("ps -o args= -p \(place.pids().worker)").waitForExit()
        XCTAssertTrue(worker.output.hasSuffix("jqtrade worker demo\n"), worker.output)
        program.send(SIGTERM)
        let output = try program.waitForExit().output
        XCTAssertTrue(output.contains("API_TOKEN is ***"), output)
        XCTAssertFalse(output.contains(secret), output)
    }
}
