import Gates
import Simulation
import XCTest

final class PlaceTableTests: XCTestCase {
    func testEachIsFoundWhereverItWasPut() {
        var random = SeededRandom(seed: 3)
        var table = PlaceTable()
        // Few keys for many places: most slots are taken by others when one comes.
        let keys = (0..<2000).map { _ in UInt64.random(in: 0..<500, using: &random) << 16 | 7 }
        for (place, key) in keys.enumerated() { table.add(place, key) }
        for (place, key) in keys.enumerated() {
            XCTAssertEqual(table.place(key) { $0 == place }, place)
            XCTAssertNil(table.place(key + 1) { _ in true })
        }
        XCTAssertEqual(table.count, 2000)
        table.removeAll()
        XCTAssertNil(table.place(keys[0]) { _ in true })
    }

    func testKeysOfIDsDiffer() {
        let ids =
            (0..<10_000).map { "\($0)" } + (0..<100).map { String(repeating: "0", count: $0) } + ["", "a", "b", "ab"]
        XCTAssertEqual(Set(ids.map { PlaceKey($0).number }).count, Set(ids).count)
        XCTAssertEqual(PlaceKey("1234000001").number, PlaceKey("1234000001").number)
    }
}
