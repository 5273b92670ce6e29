import Processes
import XCTest

/// The simulated days of `jqtrade-bench crash`, as many as a test may take; `.ci/run` runs more of them, and dies at
/// every operation.
final class CrashSimulationTests: XCTestCase {
    func testNoDeathLosesDoublesOrInventsAnOrder() throws { try crash("--seeds 50") }

    func testADeathAtDiskOperationsAllOverADay() throws { try crash("--every-operation --step 5") }

    private func crash(_ arguments: String) throws {
        let workplace = try Workplace()
        defer { workplace.close() }
        let bench = try workplace.shell("exec \"${jqtrade}-bench\" crash \(arguments)")
        let finished = try bench.waitForExit(within: 300)
        XCTAssertEqual(finished.exit, .code(0), finished.output + finished.errors)
    }
}
