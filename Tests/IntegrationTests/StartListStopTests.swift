import CSupport
import Notation
import Processes
import XCTest

final class StartListStopTests: WorkplaceTestCase {
    func testATaskIsListedWhileItRunsAndGoneOnceStopped() throws {
        let program = try place.startTask(Strategies.idle)
        XCTAssertEqual(try place.tasks().map { $0["name"]?.string }, ["demo"])

        let stopped = try place.run(["stop_task", "-n", "demo"])
        XCTAssertEqual(stopped.code, 0)
        XCTAssertNotNil(
            stopped.output.wholeMatch(of: #/stopped demo \(pid \d+\) in \d+\.\d s\n/#), stopped.output)
        let ended = try program.waitForExit()
        XCTAssertEqual(ended.code, 0)
        XCTAssertTrue(ended.output.contains("the strategy ends"), ended.output)
        XCTAssertEqual(try place.tasks(), [])
    }

    func testJSONHasTheFieldsThatScriptsRelyOn() throws {
        _ = try place.startTask(Strategies.idle, ["--param", "fast=10", "-e", "A=1"])
        let task = try XCTUnwrap(place.task())
        XCTAssertEqual(
            task.members?.map(\.name),
            [
                "name", "pid", "supervisor_pid", "state", "mode", "code", "out", "env", "params", "debug", "started_at",
                "restarts", "last_exit", "busy", "next_slot", "job_errors", "missed_slots", "open_orders",
                "account_synced_at", "rss_bytes",
            ])
        XCTAssertEqual(task["state"]?.string, "running")
        XCTAssertEqual(task["mode"]?.string, "paper")
        XCTAssertEqual(task["code"]?.string, Strategies.idle)
        XCTAssertEqual(task["env"]?["A"]?.string, "1")
        XCTAssertEqual(task["params"]?["fast"]?.string, "10")
        XCTAssertEqual(task["debug"]?.bool, false)
        XCTAssertEqual(task["restarts"]?.int, 0)
        XCTAssertEqual(task["last_exit"], .null)
        XCTAssertEqual(task["busy"], .null)
        XCTAssertEqual(task["out"], .null)
        XCTAssertEqual(task["job_errors"]?.int, 0)
        XCTAssertGreaterThan(task["rss_bytes"]?.int ?? 0, 1_000_000)
        XCTAssertEqual(task["next_slot"]?["job"]?.string, "look")
        XCTAssertTrue(task["next_slot"]?["at"]?.string?.hasSuffix("T09:30:00+08:00") ?? false, task.compact)
        XCTAssertTrue(task["started_at"]?.string?.hasSuffix("+08:00") ?? false, task.compact)
        let (worker, supervisor) = try place.pids()
        XCTAssertTrue(descendants(of: supervisor).contains(worker))
    }

    func testTheTableShowsATaskOnALine() throws {
        _ = try place.startTask(Strategies.idle)
        let lines = try place.run(["get_tasks"]).output.split(separator: "\n")
        XCTAssertEqual(lines.count, 2)
        XCTAssertEqual(
            lines.first?.split(separator: /\s{2,}/),
            ["NAME", "MODE", "PID", "STATE", "UPTIME", "RESTARTS", "NEXT SLOT", "STRATEGY"])
        let pid = try place.pids().worker
        XCTAssertNotNil(
            try lines.last?.firstMatch(of: Regex("^demo  +paper  +\(pid)  +running  +\\d+s  +0  +.*09:30:00 look  +/")),
            "\(lines)")
    }

    func testWithoutATaskTheListSaysSo() throws {
        let table = try place.run(["get_tasks"])
        XCTAssertEqual(table.code, 0)
        XCTAssertTrue(table.output.contains("No task is running"), table.output)
        let json = try place.run(["get_tasks", "--json"])
        XCTAssertEqual(json.code, 0)
        XCTAssertEqual(json.output, "[]\n")
    }

    func testATaskIsStoppedByTheWorkersOrTheSupervisorsPid() throws {
        let first = try place.startTask(Strategies.idle)
        XCTAssertEqual(try place.run(["stop_task", "-p", "\(place.pids().worker)"]).code, 0)
        XCTAssertEqual(try first.waitForExit().code, 0)
        let second = try place.startTask(Strategies.idle)
        XCTAssertEqual(try place.run(["stop_task", "--pid", "\(place.pids().supervisor)"]).code, 0)
        XCTAssertEqual(try second.waitForExit().code, 0)
    }

    func testAllStopsEveryTaskAndIgnoresNameAndPid() throws {
        let programs = try ["a", "b", "c"].map { try place.startTask(Strategies.idle, name: $0) }
        let stopped = try place.run(["stop_task", "--all", "-n", "nobody", "-p", "1"])
        XCTAssertEqual(stopped.code, 0, stopped.errors)
        for name in ["a", "b", "c"] { XCTAssertTrue(stopped.output.contains("stopped \(name) (pid "), stopped.output) }
        for program in programs { XCTAssertEqual(try program.waitForExit().code, 0) }
    }

    func testAPidThatIsNoTaskIsLeftAlone() throws {
        _ = try place.startTask(Strategies.idle)
        let stranger = try place.shell("exec tail -f /dev/null")
        for arguments in [["-p", "\(stranger.pid)"], ["-p", "\(stranger.pid)", "-s", "SIGKILL"]] {
            let refused = try place.run(["stop_task"] + arguments)
            XCTAssertEqual(refused.code, 1)
            XCTAssertTrue(refused.errors.contains("no task"), refused.errors)
        }
        XCTAssertFalse(stranger.hasEnded)
        XCTAssertEqual(try place.tasks().count, 1)
    }

    func testNothingToStopIsExitCode1() throws {
        for arguments in [["-n", "nobody"], ["--all"]] {
            let finished = try place.run(["stop_task"] + arguments)
            XCTAssertEqual(finished.code, 1)
            XCTAssertTrue(finished.errors.contains("no task"), finished.errors)
        }
    }

    func testAStopThatTakesTooLongSaysWhyAndStaysRequested() throws {
        let program = try place.startTask(Strategies.busy, ["--param", "until=\(place.folder)/done"])
        try program.waitFor("the job begins")
        let busy = try place.waitForTask { $0["state"]?.string == "busy" }
        XCTAssertEqual(busy["busy"]?["activity"]?.string, "work")
        XCTAssertNotNil(busy["busy"]?["since"]?.string)

        let late = try place.run(["stop_task", "-n", "demo", "--timeout", "0.2"])
        XCTAssertEqual(late.code, 1)
        XCTAssertNotNil(late.errors.firstMatch(of: #/busy with work since \d\d:\d\d:\d\d/#), late.errors)
        XCTAssertTrue(late.errors.contains("The stop stays requested"), late.errors)
        XCTAssertTrue(late.errors.contains("-s SIGKILL"), late.errors)
        XCTAssertEqual(try place.task()?["state"]?.string, "stopping")

        try place.write("", to: "done")
        let ended = try program.waitForExit()
        XCTAssertEqual(ended.code, 0)
        XCTAssertTrue(ended.output.inOrder("the job ends", "the strategy ends"), ended.output)
    }

    func testSIGKILLEndsABusyTaskAtOnce() throws {
        for option in [["-s", "SIGKILL"], ["-f"]] {
            let program = try place.startTask(Strategies.busy, ["--param", "until=\(place.folder)/never"])
            try program.waitFor("the job begins")
            let killed = try place.run(["stop_task", "-n", "demo"] + option)
            XCTAssertEqual(killed.code, 0, killed.errors)
            let ended = try program.waitForExit()
            XCTAssertEqual(ended.code, 137)
            XCTAssertFalse(ended.output.contains("the strategy ends"))
            XCTAssertEqual(try place.tasks(), [])
        }
    }

    func testAFailedTaskStaysListedUntilItIsCleared() throws {
        let failed = try place.run(["start_task", "-n", "demo", "-c", Strategies.fails, "--param", "how=throw"])
        XCTAssertEqual(failed.code, 5)
        let listed = try XCTUnwrap(place.task())
        XCTAssertEqual(listed["state"]?.string, "failed")
        XCTAssertEqual(listed["pid"], .null)
        XCTAssertEqual(listed["next_slot"], .null)
        XCTAssertTrue(listed["last_exit"]?.string?.contains("Refusal") ?? false, listed.compact)
        XCTAssertTrue(try place.run(["get_tasks"]).output.contains("failed ("))

        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        XCTAssertEqual(try place.tasks(), [])
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 1)
    }

    func testAFailedTaskCanBeStartedAgain() throws {
        try place.run(["start_task", "-n", "demo", "-c", Strategies.fails, "--param", "how=throw"])
        let program = try place.startTask(Strategies.idle)
        XCTAssertEqual(try place.task()?["last_exit"], .null)
        program.send(SIGTERM)
        XCTAssertEqual(try program.waitForExit().code, 0)
        XCTAssertEqual(try place.tasks(), [])
    }

    func testRelativePathsAreStoredAbsolute() throws {
        try FileManager.default.copyItem(atPath: Strategies.idle, toPath: place.folder + "/my strategy.swift")
        try place.write(#"{"misfire_grace": 30}"#, to: "config/c.json")
        _ = try place.startTask(
            "./x/../my strategy.swift", ["-o", "logs/../demo.log", "--config", "config/c.json"])
        let task = try XCTUnwrap(place.task())
        let real = place.folder
        XCTAssertEqual(task["code"]?.string, real + "/my strategy.swift")
        XCTAssertEqual(task["out"]?.string, real + "/demo.log")
        place.waitForText("the strategy begins", in: "demo.log")
        let record = try JSON(parsing: place.read("home/tasks/demo/task.json"))
        XCTAssertEqual(record["config_path"]?.string, real + "/config/c.json")
    }

    func testNamesMayBeOfAnyScript() throws {
        let program = try place.startTask(Strategies.idle, name: "动量策略-1.a_b")
        XCTAssertEqual(try place.task("动量策略-1.a_b")?["state"]?.string, "running")
        XCTAssertEqual(try place.run(["stop_task", "--name=动量策略-1.a_b"]).code, 0)
        XCTAssertEqual(try program.waitForExit().code, 0)
    }

    func testFreshPutsTheOldFolderAside() throws {
        let first = try place.startTask(Strategies.idle)
        first.send(SIGTERM)
        try first.waitForExit()
        try place.write("{\"count\": 1}", to: "home/tasks/demo/state.json")
        let second = try place.startTask(Strategies.idle, ["--fresh"])
        second.send(SIGTERM)
        XCTAssertEqual(try second.waitForExit().code, 0)
        let archives = try FileManager.default.contentsOfDirectory(atPath: place.home + "/tasks/demo/archive")
        XCTAssertEqual(archives.count, 1)
        XCTAssertEqual(place.read("home/tasks/demo/archive/\(archives.first ?? "")/state.json"), "{\"count\": 1}")
    }
}

extension String {
    /// Whether these texts stand in it one after the other.
    func inOrder(_ texts: String...) -> Bool {
        var rest = self[...]
        for text in texts {
            guard let found = rest.firstRange(of: text) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
