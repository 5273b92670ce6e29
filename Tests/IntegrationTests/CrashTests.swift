import CSupport
import XCTest

final class CrashTests: WorkplaceTestCase {
    private let quickly = ["--set", "restart_delay=0.01", "--set", "restart_delay_max=0.02"]

    private func start(_ more: [String]) throws -> Finished {
        try place.run(["start_task", "-n", "demo", "-c", Strategies.fails] + quickly + more)
    }

    func testATrapOnATerminalIsLoggedWithItsLineAndTheTaskGoesOnWithinTwoSeconds() throws {
        let program = try place.startTask(Strategies.trap, quickly, onTerminal: true)
        let task = try place.waitForTask { $0["restarts"]?.int == 1 && $0["state"]?.string == "running" }
        let place = "\(Strategies.trap):\(Strategies.trapLine)"
        XCTAssertTrue(task["last_exit"]?.string?.contains(place) ?? false, task.compact)
        XCTAssertNotNil(
            program.output.firstMatch(of: #/ERROR demo  the worker ended with signal \d+ \(SIG(ILL|TRAP)\) at /#),
            program.output)
        let trap = try moment(of: "INFO  demo  work (slot", in: program.output)
        let back = try moment(of: "ready; next:", in: program.output, last: true)
        XCTAssertLessThan(back - trap, 2)
        program.type("\u{3}")
        XCTAssertEqual(try program.waitForExit().code, 0)
    }

    /// The seconds within the hour of the line that holds a text.
    private func moment(of text: String, in output: String, last: Bool = false) throws -> Double {
        let lines = output.split(whereSeparator: \.isNewline).filter { $0.contains(text) }
        let line = try XCTUnwrap(last ? lines.last : lines.first, output)
        let time = try XCTUnwrap(line.firstMatch(of: #/:(\d\d):(\d\d\.\d{3})/#))
        return (Double(time.1) ?? 0) * 60 + (Double(time.2) ?? 0)
    }

    func testATaskThatCrashesAgainAndAgainFails() throws {
        let failed = try start(["--param", "how=kill", "--set", "restart_limit=3"])
        XCTAssertEqual(failed.code, 6)
        XCTAssertTrue(failed.output.inOrder("restart 1 in", "restart 2 in", "the task has failed"), failed.output)
        XCTAssertFalse(failed.output.contains("restart 3 in"), failed.output)
        let task = try XCTUnwrap(place.task())
        XCTAssertEqual(task["state"]?.string, "failed")
        XCTAssertEqual(task["restarts"]?.int, 2)
        XCTAssertTrue(task["last_exit"]?.string?.contains("SIGKILL") ?? false, task.compact)
    }

    func testRestartNeverGivesUpAtTheFirstCrash() throws {
        let failed = try start(["--param", "how=kill", "--restart", "never"])
        XCTAssertEqual(failed.code, 6)
        XCTAssertTrue(failed.output.contains("--restart never"), failed.output)
        XCTAssertEqual(try place.task()?["state"]?.string, "failed")
        XCTAssertEqual(try place.task()?["restarts"]?.int, 0)
    }

    func testAStrategyThatCallsExitHasCrashed() throws {
        let failed = try start(["--param", "how=exit", "--set", "restart_limit=2"])
        XCTAssertEqual(failed.code, 6)
        XCTAssertTrue(failed.output.contains("the worker ended with exit code 0; restart 1 in"), failed.output)
        XCTAssertTrue(failed.output.contains("last words"), failed.output)
    }

    func testAnErrorOfProcessInitializeEndsTheFirstStart() throws {
        let failed = try start(["--param", "how=throw"])
        XCTAssertEqual(failed.code, 5)
        XCTAssertTrue(failed.output.contains("process_initialize threw an error: Refusal()"), failed.output)
        XCTAssertFalse(failed.output.contains("restart"), failed.output)
    }

    func testAnErrorOfProcessInitializeAtARestartIsRetried() throws {
        let program = try place.startTask(
            Strategies.fails,
            ["--param", "how=throw", "--param", "only_restart=true", "--set", "restart_delay=0.2"]
                + ["--set", "restart_delay_max=0.2", "--set", "restart_limit=5"])
        _ = kill(try place.pids().worker, SIGKILL)
        let task = try place.waitForTask {
            $0["state"]?.string == "backoff" && $0["last_exit"]?.string?.hasPrefix("process_initialize: ") ?? false
        }
        XCTAssertTrue(task["last_exit"]?.string?.contains("Refusal") ?? false, task.compact)
        XCTAssertEqual(try program.waitForExit().code, 6)
        XCTAssertEqual(try place.task()?["state"]?.string, "failed")
        XCTAssertEqual(try place.task()?["restarts"]?.int, 4)
    }

    func testATaskThatWaitsToBeRestartedIsListedSoAndCanBeStopped() throws {
        let program = try place.startTask(Strategies.idle, ["--set", "restart_delay=60"])
        _ = kill(try place.pids().worker, SIGKILL)
        try place.waitForTask { $0["state"]?.string == "backoff" }
        let table = try place.run(["get_tasks"]).output
        XCTAssertTrue(table.contains("backoff (the worker ended with signal 9 (SIGKILL))"), table)
        let stopped = try place.run(["stop_task", "-n", "demo"])
        XCTAssertEqual(stopped.code, 0, stopped.errors)
        XCTAssertEqual(try program.waitForExit().code, 0)
    }

    func testAnErrorOfAJobIsCountedAndTheTaskGoesOn() throws {
        let program = try place.startTask(Strategies.throwing)
        try place.waitForTask { $0["job_errors"]?.int == 1 && $0["state"]?.string == "running" }
        XCTAssertNotNil(
            program.output.firstMatch(of: #/ERROR demo  work \(slot \d\d:\d\d:\d\d\) failed: NoPrice\(\)/#),
            program.output)
        XCTAssertTrue(try place.run(["get_tasks"]).output.contains("running, 1 error "))
    }

    func testOnJobErrorStopEndsTheTask() throws {
        let failed = try place.run(
            ["start_task", "-n", "demo", "-c", Strategies.throwing, "--set", "on_job_error=stop"])
        XCTAssertEqual(failed.code, 1)
        XCTAssertTrue(failed.output.inOrder("failed: NoPrice()", "the strategy ends", "the task has failed"))
        XCTAssertEqual(try place.task()?["state"]?.string, "failed")
    }

    func testASlotThatPassesWhileAJobIsBusyIsSaidToBeOverdue() throws {
        let program = try place.startTask(
            Strategies.busy,
            ["--param", "until=\(place.folder)/done", "--param", "twice=true", "--set", "misfire_grace=0.1"])
        try program.waitFor("WARN  demo  the slot of later is overdue: the task is busy with work")
        let task = try place.waitForTask { $0["next_slot"]?["overdue"]?.bool == true }
        XCTAssertEqual(task["next_slot"]?["job"]?.string, "later")
        XCTAssertTrue(try place.run(["get_tasks"]).output.contains("later (overdue)"))
        try place.write("", to: "done")
        try program.waitFor("the job ends")
    }

    func testAStopWhileTheTaskWaitsToBeRestartedIsAStop() throws {
        let crashed = try place.start(
            ["start_task", "-n", "demo", "-c", Strategies.trap, "--set", "restart_delay=60"])
        try crashed.waitFor("restart 1 in")
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        XCTAssertEqual(try crashed.waitForExit().code, 0)
        let next = try place.start(["start_task", "-n", "demo", "-c", Strategies.idle])
        try next.waitFor("ready; next:")
        XCTAssertFalse(next.output.contains("did not end by a stop"), next.output)
        XCTAssertFalse(place.exists("home/tasks/demo/stopped"))
    }
}
