import Simulation
import XCTest

@testable import FileOrders

final class NumberRunsTests: XCTestCase {
    func testItHoldsWhatASetHolds() {
        var random = SeededRandom(seed: 11)
        for spread in [UInt64(200), 100_000, .max] {
            var (runs, truth): (NumberRuns, Set<UInt64>) = (NumberRuns(), [])
            for _ in 0..<1000 {
                let number = UInt64.random(in: 0...spread, using: &random)
                XCTAssertEqual(runs.contains(number), truth.contains(number), "\(number), seed 11")
                runs.insert(number)
                truth.insert(number)
                XCTAssertTrue(runs.contains(number))
            }
        }
    }

    func testNeighboursAreNotTakenForEachOther() {
        var runs = NumberRuns()
        for number in UInt64(4_000_000_000)..<4_000_000_064 where number % 3 == 0 { runs.insert(number) }
        for number in UInt64(3_999_999_900)..<4_000_000_200 {
            XCTAssertEqual(runs.contains(number), (4_000_000_000..<4_000_000_064).contains(number) && number % 3 == 0)
        }
    }
}
