import CSupport
import Foundation
import Processes
import XCTest

/// A feed's command and all that it started end with the worker, however sudden that end is.
final class FeedKillTests: WorkplaceTestCase {
    private static let strategy = StrategyShelf.shared.path(
        "listening",
        """
        import JQTrade
        func process_initialize(_ context: Context) { subscribe("000001.XSHE", "tick") { _ in } }
        """)

    func testNothingOfTheCommandOutlivesAWorkerThatIsKilled() throws {
        let command = "exec >'\(place.folder)/pids'; echo $$; sleep 1000 & echo $!; wait"
        let task = try place.startTask(
            Self.strategy, ["--market-data", "exec:\(command)", "--restart", "never"])
        XCTAssertTrue(task.said("ready; listens to 000001.XSHE tick"), task.output)
        func pids() -> [Int32] { place.read("pids").split(separator: "\n").compactMap { Int32($0) } }
        XCTAssertTrue(eventually { pids().count == 2 }, "the command did not start: \(task.output)")
        let started = pids().compactMap(ProcessIdentity.of)
        XCTAssertEqual(started.map(\.isAlive), [true, true])
        XCTAssertEqual(kill(try place.pids().worker, SIGKILL), 0)
        XCTAssertTrue(eventually { !started.contains(where: \.isAlive) }, "some of \(started) still run")
    }
}
