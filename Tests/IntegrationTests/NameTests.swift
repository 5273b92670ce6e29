import CSupport
import XCTest

final class NameTests: WorkplaceTestCase {
    func testOfTwentySimultaneousStartsOneWins() throws {
        // The strategy is compiled before, so that all of them meet at the lock.
        try place.detachTask(Strategies.idle, name: "other")
        let programs = try (0..<20).map { _ in try place.start(["start_task", "-c", Strategies.idle, "-n", "demo"]) }
        let settled = eventually { programs.filter(\.hasEnded).count == 19 }
        XCTAssertTrue(settled, "\(programs.filter(\.hasEnded).count) have ended")
        let winner = try XCTUnwrap(programs.first { !$0.hasEnded })
        let task = try place.waitForTask { $0["state"]?.string == "running" }
        XCTAssertEqual(task["supervisor_pid"]?.int, Int(winner.pid))
        for loser in programs where loser !== winner {
            let finished = try loser.waitForExit()
            XCTAssertEqual(finished.code, 3, finished.errors)
            XCTAssertTrue(finished.errors.contains("pid \(winner.pid)"), finished.errors)
            XCTAssertEqual(finished.output, "")
        }
        winner.send(SIGTERM)
        XCTAssertEqual(try winner.waitForExit().code, 0)
    }

    func testANameIsFreeOnceItsTaskIsStopped() throws {
        for _ in 0..<3 {
            let program = try place.startTask(Strategies.idle)
            XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
            // No wait for the supervisor's exit: stop_task has said that it is gone.
            _ = program
        }
    }

    func testOneNameIsFreeInEachHome() throws {
        _ = try place.startTask(Strategies.idle)
        let other = try Workplace("另一个家")
        defer { other.close() }
        _ = try other.startTask(Strategies.idle)
        XCTAssertEqual(try place.tasks().count, 1)
        XCTAssertEqual(try other.tasks().count, 1)
    }
}
