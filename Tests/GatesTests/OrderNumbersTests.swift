import Gates
import Simulation
import XCTest

final class OrderNumbersTests: XCTestCase {
    private func numbers(digits: Int = 10, largest: UInt64 = 4_294_967_295, seed: UInt64 = 1) -> OrderNumbers {
        OrderNumbers(digits: digits, largest: largest, random: SeededRandom(seed: seed))
    }

    func testEveryIDHasTheFormatsLengthAndStaysBelowItsLargest() {
        for seed in 0..<2000 as Range<UInt64> {
            var numbers = numbers(seed: seed)
            let id = numbers.next()
            XCTAssertEqual(id.utf8.count, 10, "seed \(seed)")
            XCTAssertLessThanOrEqual(UInt64(id) ?? .max, 4_294_967_295, "seed \(seed)")
            XCTAssertEqual(numbers.prefix(of: UInt64(id) ?? 0), numbers.prefix)
        }
    }

    func testIDsOfOneRunAreUniqueAcrossPrefixes() {
        var numbers = numbers(digits: 8, largest: 99_999_999)
        let ids = (0..<25_000).map { _ in numbers.next() }
        XCTAssertEqual(Set(ids.prefix(10_000)).count, 10_000)
        XCTAssertEqual(Set(ids.map { $0.prefix(4) }).count, 3)
        XCTAssertTrue(ids.allSatisfy { $0.utf8.count == 8 })
    }

    func testANumberOfAnotherLengthHasNoPrefix() {
        let numbers = numbers()
        XCTAssertNil(numbers.prefix(of: 999_999_999))
        XCTAssertNil(numbers.prefix(of: 10_000_000_000))
        XCTAssertEqual(numbers.prefix(of: 1_234_567_890), 12345)
    }

    func testADrawIsNeverTheSamePrefix() {
        var numbers = numbers()
        for _ in 0..<100 {
            let before = numbers.prefix
            numbers.draw()
            XCTAssertNotEqual(numbers.prefix, before)
        }
    }
}
