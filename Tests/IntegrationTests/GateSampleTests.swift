import Foundation
import XCTest

/// The gate that docs/gates.md shows compiles, sends and hears.
final class GateSampleTests: WorkplaceTestCase {
    func testTheGateOfTheDocumentWorks() throws {
        let root = (0..<3).reduce(#filePath) { path, _ in (path as NSString).deletingLastPathComponent }
        let document = try String(contentsOfFile: root + "/docs/gates.md", encoding: .utf8)
        let sample = try XCTUnwrap(document.firstMatch(of: #/```swift\n(.*?)```/#.dotMatchesNewlines())).output.1
        let path = try place.write(String(sample), to: "notes.swift")
        // Compiled before the time of the order is chosen.
        XCTAssertEqual(try place.run(["get_schedule", "-c", path]).code, 0)
        XCTAssertFalse(place.exists("orders.txt"))
        let clock = DateFormatter()
        clock.timeZone = TimeZone(identifier: "Asia/Shanghai")
        clock.dateFormat = "HH:mm:ss"
        let soon = clock.string(from: Date(timeIntervalSinceNow: 3))
        let task = try place.startTask(path, ["--param", "dir=\(place.folder)", "--param", "at=\(soon)"])
        place.waitForText(" buy 100 000001.XSHE 10.5\n", in: "orders.txt")
        let id = place.read("orders.txt").prefix { $0 != " " }
        try place.write("\(id) filled 100 10.5\n", to: "answers.txt")
        try task.waitFor("on_order \(id) filled")
        XCTAssertEqual(try place.task()?["mode"]?.string, "LIVE")
        let orders = try place.run(["get_orders", "-n", "demo"]).output
        XCTAssertTrue(orders.inOrder(String(id), "000001.XSHE", "filled"), orders)
    }
}
