import CSupport
import Processes
import XCTest

final class KillTests: WorkplaceTestCase {
    private let quickly = ["--set", "restart_delay=0.02"]

    func testAKilledWorkerIsRestarted() throws {
        let program = try place.startTask(Strategies.idle, quickly)
        let (worker, supervisor) = try place.pids()
        _ = kill(worker, SIGKILL)
        let task = try place.waitForTask { $0["restarts"]?.int == 1 && $0["state"]?.string == "running" }
        XCTAssertEqual(task["supervisor_pid"]?.int, Int(supervisor))
        XCTAssertNotEqual(task["pid"]?.int, Int(worker))
        XCTAssertTrue(task["last_exit"]?.string?.contains("signal 9 (SIGKILL)") ?? false, task.compact)
        XCTAssertTrue(program.output.contains("the worker ended with signal 9 (SIGKILL); restart 1 in"), program.output)
    }

    func testAWorkerWithoutItsSupervisorEndsItsJobAndLeaves() throws {
        let program = try place.startTask(
            Strategies.busy, ["-o", "demo.log", "--param", "until=\(place.folder)/done"])
        place.waitForText("the job begins", in: "demo.log")
        let worker = try place.pids().worker
        program.send(SIGKILL)
        try program.waitForExit()

        let left = try XCTUnwrap(place.task())
        XCTAssertEqual(left["state"]?.string, "stopping")
        XCTAssertEqual(left["pid"]?.int, Int(worker))
        XCTAssertEqual(left["supervisor_pid"], .null)
        let early = try place.run(["start_task", "-c", Strategies.idle, "-n", "demo"])
        XCTAssertEqual(early.code, 3, early.errors)
        XCTAssertTrue(early.errors.contains("taken by"), early.errors)

        try place.write("", to: "done")
        XCTAssertTrue(eventually { ProcessIdentity.of(worker) == nil })
        XCTAssertTrue(place.read("demo.log").inOrder("the job ends", "the strategy ends"), place.read("demo.log"))
        _ = try place.startTask(Strategies.idle)
    }

    func testAWorkerWithoutItsSupervisorCanBeStopped() throws {
        let program = try place.startTask(Strategies.busy, ["--param", "until=\(place.folder)/never"])
        try program.waitFor("the job begins")
        let worker = try place.pids().worker
        program.send(SIGKILL)
        try program.waitForExit()
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo", "--timeout", "0.1"]).code, 1)
        let killed = try place.run(["stop_task", "-n", "demo", "-s", "SIGKILL"])
        XCTAssertEqual(killed.code, 0, killed.errors)
        XCTAssertNil(ProcessIdentity.of(worker))
        XCTAssertEqual(try place.tasks(), [])
    }

    func testWhenBothAreKilledTheNameIsFree() throws {
        let program = try place.startTask(Strategies.idle)
        let worker = try place.pids().worker
        program.send(SIGSTOP)
        _ = kill(worker, SIGKILL)
        program.send(SIGKILL)
        try program.waitForExit()
        let dead = try XCTUnwrap(place.task())
        XCTAssertEqual(dead["state"]?.string, "failed")
        XCTAssertEqual(dead["pid"], .null)
        XCTAssertEqual(dead["supervisor_pid"], .null)
        XCTAssertTrue(dead["last_exit"]?.string?.contains("killed") ?? false, dead.compact)
        _ = try place.startTask(Strategies.idle)
        XCTAssertEqual(try place.task()?["state"]?.string, "running")
    }

    func testAKillWhileAJobPrintsLeavesWholeLines() throws {
        let arguments = [
            "-o", "demo.log", "--param", "until=\(place.folder)/done", "--set", "output_lines_per_minute=100000",
        ]
        let first = try place.startTask(Strategies.printing, arguments + quickly)
        place.waitForText("line 300\n", in: "demo.log")
        _ = kill(try place.pids().worker, SIGKILL)
        place.waitForText("restart 1 in", in: "demo.log")
        try place.waitForTask { $0["restarts"]?.int == 1 && $0["busy"]?["activity"]?.string == "work" }

        let worker = try place.pids().worker
        first.send(SIGKILL)
        _ = kill(worker, SIGKILL)
        try first.waitForExit()
        XCTAssertTrue(eventually { ProcessIdentity.of(worker) == nil })
        for line in place.read("demo.log").split(separator: "\n") {
            XCTAssertNotNil(line.prefixMatch(of: LogTests.head), "\(line)")
        }
        let second = try place.startTask(Strategies.printing, arguments)
        try place.write("", to: "done")
        second.send(SIGTERM)
        XCTAssertEqual(try second.waitForExit().code, 0)
    }

    func testAWorkerIsRestartedWhenItsSupervisorPrintsToATerminal() throws {
        let program = try place.startTask(
            Strategies.printing, ["--param", "until=\(place.folder)/done"] + quickly, onTerminal: true)
        try program.waitFor("line 100")
        _ = kill(try place.pids().worker, SIGKILL)
        try program.waitFor("restart 1 in")
        try place.waitForTask { $0["restarts"]?.int == 1 && $0["busy"]?["activity"]?.string == "work" }
        try place.write("", to: "done")
        program.send(SIGTERM)
        XCTAssertEqual(try program.waitForExit().code, 0)
    }

    func testWhatTheWorkerStartedEndsWithIt() throws {
        let pidFile = place.folder + "/child.pid"
        _ = try place.startTask(
            Strategies.parent, ["--param", "pid_file=\(pidFile)", "--param", "launcher=env"] + quickly)
        place.waitForText("\n", in: "child.pid")
        let child = try childPID()
        _ = kill(try place.pids().worker, SIGKILL)
        XCTAssertTrue(eventually { ProcessIdentity.of(child) == nil })
    }

    func testSIGKILLLeavesNoOrphanInASessionOfItsOwn() throws {
        let (program, pids) = try startParent()
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo", "-s", "SIGKILL"]).code, 0)
        XCTAssertEqual(try program.waitForExit().code, 137)
        for pid in pids { XCTAssertNil(ProcessIdentity.of(pid)) }
    }

    func testSIGKILLLeavesNothingWhenTheSupervisorDoesNotAnswer() throws {
        let (program, pids) = try startParent()
        program.send(SIGSTOP)
        let killed = try place.run(["stop_task", "-n", "demo", "-s", "SIGKILL"])
        XCTAssertEqual(killed.code, 0, killed.errors)
        XCTAssertEqual(try program.waitForExit().exit, .signal(SIGKILL))
        for pid in pids { XCTAssertNil(ProcessIdentity.of(pid)) }
        XCTAssertEqual(try place.tasks(), [])
    }

    /// A task whose strategy has started a child in a session of its own, where the platform can find such a child
    /// again; the pids of the task and of the child.
    private func startParent() throws -> (RunningProgram, [Int32]) {
        #if os(Linux)
            let launcher = "setsid"
        #else
            let launcher = "env"
        #endif
        let program = try place.startTask(
            Strategies.parent, ["--param", "pid_file=\(place.folder)/child.pid", "--param", "launcher=\(launcher)"])
        place.waitForText("\n", in: "child.pid")
        let (worker, supervisor) = try place.pids()
        let pids = [worker, supervisor, try childPID()]
        for pid in pids { XCTAssertNotNil(ProcessIdentity.of(pid)) }
        return (program, pids)
    }

    func testAnIdleWorkerThatDoesNotAnswerIsRestartedAndABusyOneIsNot() throws {
        let watched = ["--set", "ping_interval=0.05", "--set", "ping_limit=3"] + quickly
        let busy = try place.startTask(
            Strategies.busy, name: "busy", ["--param", "until=\(place.folder)/done"] + watched)
        try busy.waitFor("the job begins")
        try place.waitForTask("busy") { $0["state"]?.string == "busy" }
        let busyWorker = try place.pids("busy").worker
        let idle = try place.startTask(Strategies.idle, name: "idle", watched)
        _ = kill(busyWorker, SIGSTOP)
        _ = kill(try place.pids("idle").worker, SIGSTOP)
        try idle.waitFor("has not answered 3 pings")
        try place.waitForTask("idle") { $0["restarts"]?.int == 1 && $0["state"]?.string == "running" }
        XCTAssertEqual(try place.pids("busy").worker, busyWorker)
        _ = kill(busyWorker, SIGCONT)
        try place.write("", to: "done")
        try busy.waitFor("the job ends")
    }

    private func childPID() throws -> Int32 {
        try XCTUnwrap(Int32(place.read("child.pid").trimmingCharacters(in: .whitespacesAndNewlines)))
    }
}
