import Foundation
import Processes
import XCTest

/// The parts of `jqtrade-bench` that prove something, for a short while.
final class BenchTests: XCTestCase {
    func testHostileFiles() throws {
        let bench = (Workplace.program as NSString).deletingLastPathComponent + "/jqtrade-bench"
        let result = try runCommand(executable: bench, arguments: ["fuzz", "--inputs", "5000"])
        let output = String(decoding: result.output + result.errors, as: UTF8.self)
        XCTAssertTrue(output.contains("no crash, no hang, no wrong number"), output)
    }
}
