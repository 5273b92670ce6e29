import Gates
import Simulation
import XCTest

final class NumberSetTests: XCTestCase {
    func testItHoldsWhatASetHolds() {
        var random = SeededRandom(seed: 7)
        for spread in [UInt64(50), 5000, .max] {
            var (set, truth): (NumberSet, Set<UInt64>) = (NumberSet(), [])
            for _ in 0..<3000 {
                let number = UInt64.random(in: 0...spread, using: &random)
                XCTAssertEqual(set.contains(number), truth.contains(number))
                set.insert(number)
                truth.insert(number)
                XCTAssertTrue(set.contains(number))
                XCTAssertEqual(set.count, truth.count)
            }
        }
    }

    func testTheGreatestNumberIsOneAsAnyOther() {
        var set = NumberSet()
        XCTAssertTrue(set.isEmpty)
        XCTAssertFalse(set.contains(.max))
        set.insert(.max)
        set.insert(.max)
        XCTAssertTrue(set.contains(.max))
        XCTAssertEqual(set.count, 1)
    }
}
