import Market
import XCTest

@testable import PaperTrading

/// The account's worth, followed from instant to instant.
final class WorthTests: XCTestCase {
    private func floor() -> Floor {
        Floor {
            $0.rules = .none
            $0.costs = .nothing
        }
    }

    func testAFallBetweenTwoLooksIsFound() throws {
        let floor = floor()
        floor.flat(at(9, 31), 10)
        floor.order(10_000, at(9, 31))
        for (minute, price) in [(32, 10.0), (33, 10.5), (34, 9), (35, 8.4), (36, 10.5), (37, 10)] {
            floor.flat(at(9, minute), price)
        }
        let fall = try XCTUnwrap(floor.exchange.deepestFall)
        XCTAssertEqual(fall.from, WorthMark(time: at(9, 33), equity: yuan(105_000), cash: .zero))
        XCTAssertEqual(fall.to, WorthMark(time: at(9, 35), equity: yuan(84_000), cash: .zero))
    }

    func testTheLastInstantCountsAndTicksDoToo() throws {
        let floor = floor()
        floor.tick(at(9, 31), 10)
        floor.order(10_000, at(9, 31))
        floor.tick(at(9, 31, 1), 12)
        floor.tick(at(9, 31, 2), 9)
        let fall = try XCTUnwrap(floor.exchange.deepestFall)
        XCTAssertEqual([fall.from.time, fall.to.time], [at(9, 31, 1), at(9, 31, 2)])
        XCTAssertEqual(fall.to.equity, yuan(90_000))
    }

    /// With half of an instant's prices the account is worth what it never was.
    func testOneFallsWhileTheOtherRisesIsNoFall() {
        let floor = floor()
        for security in [bank, steel] { floor.flat(at(9, 31), 10, of: security) }
        for security in [bank, steel] { floor.order(5000, at(9, 31), of: security) }
        for (minute, first, second) in [(32, 10.0, 10.0), (33, 5, 15), (34, 15, 5)] {
            floor.flat(at(9, minute), first, of: bank)
            floor.flat(at(9, minute), second, of: steel)
        }
        XCTAssertNil(floor.exchange.deepestFall)
    }

    func testWhatAnAccountPaysInFeesIsAFall() throws {
        let floor = Floor { $0.rules = .none }
        floor.flat(at(9, 31), 10)
        floor.order(1000, at(9, 31))
        floor.flat(at(9, 32), 10)
        let fall = try XCTUnwrap(floor.exchange.deepestFall)
        XCTAssertEqual(fall.from.equity - fall.to.equity, floor.exchange.fees)
    }

    /// The deeper fall is the one that takes the larger part, whatever it is in yuan.
    func testFallsAreComparedAsParts() throws {
        let floor = floor()
        floor.flat(at(9, 31), 10)
        floor.order(10_000, at(9, 31))
        for (minute, price) in [(32, 10.0), (33, 8), (34, 40), (35, 33), (36, 41)] { floor.flat(at(9, minute), price) }
        XCTAssertEqual(try XCTUnwrap(floor.exchange.deepestFall).to.time, at(9, 33))
    }
}
