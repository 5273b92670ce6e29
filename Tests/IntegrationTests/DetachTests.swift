import CSupport
import Notation
import XCTest

final class DetachTests: WorkplaceTestCase {
    func testDetachReturnsOnceTheTaskIsReady() throws {
        let started = try place.run(["start_task", "-c", Strategies.idle, "-n", "demo", "--detach"])
        XCTAssertEqual(started.code, 0, started.errors)
        let task = try XCTUnwrap(place.task())
        XCTAssertEqual(task["state"]?.string, "running")
        XCTAssertTrue(started.output.contains("started demo (pid \(task["pid"]?.int ?? 0))"), started.output)
        XCTAssertEqual(task["out"]?.string, place.home + "/logs/demo.log")
        XCTAssertTrue(place.log().inOrder("the strategy begins", "ready; next:"), place.log())

        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        XCTAssertTrue(place.log().inOrder("the strategy ends", "stopped"), place.log())
        XCTAssertEqual(try place.tasks(), [])
    }

    func testADetachedTaskHoldsNothingOfItsCaller() throws {
        // cat ends only when nobody holds the other side of its pipe.
        let line = try place.shell("\"$jqtrade\" start_task -c '\(Strategies.idle)' -n demo --detach 2>&1 | cat")
        let ended = try line.waitForExit()
        XCTAssertEqual(ended.code, 0)
        XCTAssertTrue(ended.output.contains("started demo"), ended.output)
        XCTAssertEqual(try place.task()?["state"]?.string, "running")
    }

    func testDetachFailsWithTheCodeThatTheForegroundHas() throws {
        let broken = try place.write("import JQTrade\nfunc process_initialize(_ context: Context) { nonsense() }\n")
        let never = ["--set", "restart_delay=0.01", "--set", "restart_limit=2"]
        let cases: [(code: Int32, arguments: [String], says: String)] = [
            (1, ["-c", Strategies.idle, "--config", "absent.json"], "absent.json"),
            (2, ["-c", Strategies.idle, "-e", "A"], "usage:"),
            (4, ["-c", broken], "cannot find 'nonsense' in scope"),
            (5, ["-c", Strategies.fails, "--param", "how=throw"], "Refusal"),
            (6, ["-c", Strategies.fails, "--param", "how=kill"] + never, "SIGKILL"),
        ]
        for (code, arguments, text) in cases {
            for detach in [[], ["--detach"]] {
                let finished = try place.run(["start_task", "-n", "demo"] + arguments + detach)
                XCTAssertEqual(finished.code, code, "\(arguments + detach): \(finished.errors)")
                XCTAssertTrue((finished.errors + finished.output).contains(text), "\(finished)")
            }
        }
        try place.detachTask(Strategies.idle)
        XCTAssertEqual(try place.run(["start_task", "-n", "demo", "-c", Strategies.idle, "--detach"]).code, 3)
    }
}
