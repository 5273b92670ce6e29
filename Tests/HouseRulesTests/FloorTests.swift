import Foundation
import XCTest

/// A module uses only what lies on lower floors, and the plan in the docs is the plan in the package.
final class FloorTests: XCTestCase {
    func testEachRoomUsesOnlyLowerFloors() throws {
        let floors = try plannedFloors()
        for (room, uses) in try declaredRooms() {
            guard let floor = floors[room] else {
                XCTFail("Package.swift has the room \(room), which the table in docs/architecture.md does not: add it.")
                continue
            }
            for used in uses {
                guard let lower = floors[used] else {
                    XCTFail("\(room) uses \(used), which has no floor in docs/architecture.md: add it.")
                    continue
                }
                XCTAssertLessThan(
                    lower, floor,
                    "\(room) (floor \(floor)) uses \(used) (floor \(lower)): a room uses only lower floors.")
            }
        }
    }

    func testEachPlannedRoomIsDeclared() throws {
        let declared = Set(try declaredRooms().map(\.room)).union(["CSupport", "jqtrade-cli", "jqtrade-bench"])
        for room in try plannedFloors().keys {
            XCTAssertTrue(
                declared.contains(room), "docs/architecture.md plans \(room), which Package.swift does not have.")
        }
    }

    func testTheTopLevelHoldsOnlyWhatThePlanNames() throws {
        let allowed: Set = ["Package.swift", "Sources", "Tests", "strategies", "docs", "README.md"]
        for entry in try FileManager.default.contentsOfDirectory(atPath: SourceTree.project.root.path)
        where !entry.hasPrefix(".") {
            XCTAssertTrue(allowed.contains(entry), "\(entry) has no place at the top level.")
        }
    }

    /// Rows of the table read `| 1 | `Market` | … |`.
    private func plannedFloors() throws -> [String: Int] {
        var floors: [String: Int] = [:]
        for line in try SourceTree.project.file("docs/architecture.md").lines where line.hasPrefix("| ") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 2, let floor = Int(cells[0]), cells[1].hasPrefix("`") else { continue }
            floors[cells[1].split(separator: "`").first.map(String.init) ?? ""] = floor
        }
        XCTAssertGreaterThan(floors.count, 8, "docs/architecture.md has no table of floors")
        return floors
    }

    /// Rooms are declared as `Room(name: "Time", uses: ["CSupport", "Market"]),`.
    private func declaredRooms() throws -> [(room: String, uses: [String])] {
        let text = try SourceTree.project.file("Package.swift").lines.map { $0.trimmingCharacters(in: .whitespaces) }
        let parts = text.joined().components(separatedBy: "Room(name:").dropFirst()
        let rooms = parts.compactMap { part -> (String, [String])? in
            let words = part.prefix { $0 != "]" }.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
            return words.first.map { ($0, Array(words.dropFirst())) }
        }
        XCTAssertGreaterThan(rooms.count, 8, "Package.swift declares no rooms that this test can read")
        return rooms
    }
}
