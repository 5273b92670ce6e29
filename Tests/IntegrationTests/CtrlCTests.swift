import CSupport
import XCTest

final class CtrlCTests: WorkplaceTestCase {
    private let ctrlC = "\u{3}"

    func testCtrlCLetsTheJobEndFirst() throws {
        let program = try place.startTask(
            Strategies.busy, ["--param", "until=\(place.folder)/done"], onTerminal: true)
        try program.waitFor("the job begins")
        program.type(ctrlC)
        try program.waitFor("stop requested; the task is busy with work")
        XCTAssertFalse(program.hasEnded)
        try place.write("", to: "done")
        let ended = try program.waitForExit()
        XCTAssertEqual(ended.code, 0)
        XCTAssertTrue(
            ended.output.inOrder("the job begins", "stop requested", "the job ends", "the strategy ends", "stopped"),
            ended.output)
    }

    func testASecondCtrlCKills() throws {
        let program = try place.startTask(
            Strategies.busy, ["--param", "until=\(place.folder)/never"], onTerminal: true)
        try program.waitFor("the job begins")
        program.type(ctrlC)
        try program.waitFor("Ctrl-C again kills it")
        // A second one that comes at once may be the first, passed on by a program around ours.
        eventually {
            program.type(ctrlC)
            return program.hasEnded
        }
        let ended = try program.waitForExit()
        XCTAssertEqual(ended.code, 137)
        XCTAssertFalse(ended.output.contains("the job ends"), ended.output)
        XCTAssertEqual(try place.tasks(), [])
    }

    func testCtrlCEndsAnIdleTaskAtOnce() throws {
        let program = try place.startTask(Strategies.idle, onTerminal: true)
        program.type(ctrlC)
        let ended = try program.waitForExit()
        XCTAssertEqual(ended.code, 0)
        XCTAssertTrue(ended.output.inOrder("the strategy ends", "stopped"), ended.output)
    }

    func testCtrlCWhileCompilingLeavesTheNameFree() throws {
        let strategy = try place.write("import JQTrade\nfunc process_initialize(_ context: Context) {}\n")
        let program = try place.start(["start_task", "-c", strategy, "-n", "demo"], onTerminal: true)
        try program.waitFor("compiling")
        program.type(ctrlC)
        XCTAssertNotEqual(try program.waitForExit().code, 0)
        XCTAssertEqual(try place.tasks(), [])
        _ = try place.startTask(strategy)
    }

    func testSIGTERMAndSIGHUPStopGracefully() throws {
        for signal in [SIGTERM, SIGHUP, SIGINT] {
            let program = try place.startTask(Strategies.busy, ["--param", "until=\(place.folder)/done"])
            try program.waitFor("the job begins")
            program.send(signal)
            try program.waitFor("stop requested")
            try place.write("", to: "done")
            let ended = try program.waitForExit()
            XCTAssertEqual(ended.code, 0)
            XCTAssertTrue(ended.output.inOrder("the job ends", "the strategy ends"), ended.output)
            try FileManager.default.removeItem(atPath: place.folder + "/done")
        }
    }

    func testSIGTERMToTheWorkerStopsTheTaskGracefully() throws {
        let program = try place.startTask(Strategies.idle)
        _ = kill(try place.pids().worker, SIGTERM)
        let ended = try program.waitForExit()
        XCTAssertEqual(ended.code, 0)
        XCTAssertTrue(ended.output.inOrder("the strategy ends", "stopped"), ended.output)
    }

    func testAClosedTerminalStopsGracefully() throws {
        let program = try place.startTask(Strategies.idle, ["-o", "demo.log"], onTerminal: true)
        program.hangUp()
        XCTAssertEqual(try program.waitForExit().code, 0)
        XCTAssertTrue(place.read("demo.log").inOrder("the strategy ends", "stopped"), place.read("demo.log"))
    }
}
