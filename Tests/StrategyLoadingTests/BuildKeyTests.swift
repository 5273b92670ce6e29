import XCTest

@testable import StrategyLoading

/// What makes a strategy be built again, and what does not.
final class BuildKeyTests: XCTestCase {
    func testTheHashKeepsItsPartsApart() {
        func hash(_ parts: [String]) -> String {
            var hash = ContentHash()
            for part in parts { hash.add(part) }
            return hash.text
        }
        let lists = [
            [], [""], ["", ""], ["a"], ["\0a"], ["a\0"], ["a", "b"], ["ab"], ["ab", ""], ["", "ab"], ["12345678"],
            ["12345678", ""], ["1234567", "8"], ["123456789"], ["\0\0\0\0\0\0\0\0"], ["\0\0\0\0\0\0\0"],
        ]
        XCTAssertEqual(Set(lists.map(hash)).count, lists.count)
        XCTAssertEqual(hash(["a", "b"]), hash(["a", "b"]))
        XCTAssertTrue(lists.allSatisfy { hash($0).count == 32 })
    }

    func testEachIngredientChangesTheKey() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy("s/demo.swift", "import Helper\nimport Built")
        try shop.write("s/Helper.swift", "public let a = 1")
        try shop.write("lib/Built.swiftmodule", "module")
        try shop.write("lib/libBuilt.\(Platform.libraryExtension)", "library")
        var keys = [try shop.key(code)]
        XCTAssertEqual(try shop.key(code), keys[0])

        func changed(_ what: String, _ change: () throws -> Void) throws {
            try change()
            let key = try shop.key(code)
            XCTAssertFalse(keys.contains(key), "\(what) is not in the key")
            keys.append(key)
        }
        try changed("the source") { _ = try shop.writeStrategy("s/demo.swift", "import Helper\nimport Built\n") }
        try changed("a helper") { try shop.write("s/Helper.swift", "public let a = 2") }
        try changed("a built helper's module") { try shop.write("lib/Built.swiftmodule", "Module") }
        try changed("a built helper's library") {
            try shop.write("lib/libBuilt.\(Platform.libraryExtension)", "Library")
        }
        for module in TakenModules.ofStrategies {
            try changed(module) { try shop.write("Modules/\(module).swiftmodule", "new \(module)") }
        }
        try changed("the compiler") { try shop.setCompiler("# another") }
        XCTAssertNotEqual(try shop.key(code, program: "b2"), keys.last, "the program's build-id is not in the key")
        let copy = try shop.write("t/demo.swift", "import JQTrade\nfunc process_initialize(_ context: Context) {}")
        let twin = try shop.write("u/demo.swift", "import JQTrade\nfunc process_initialize(_ context: Context) {}")
        XCTAssertNotEqual(try shop.key(copy), try shop.key(twin), "messages and crashes name the path")
    }

    func testWhatIsNotImportedDoesNotChangeTheKey() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy()
        let key = try shop.key(code)
        try shop.write("s/Helper.swift", "public let a = 1")
        try shop.write("lib/Other.swift", "public let a = 1")
        try shop.write("Modules/Engine.swiftmodule", "another inner room")
        XCTAssertEqual(try shop.key(code), key)
    }

    func testTheStampIsFoundInALibrarysBytes() throws {
        let stamp = BuildStamp(program: "file-1-2.3", modules: "0123")
        let noise = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        XCTAssertEqual(BuildStamp(in: noise + Array(stamp.text.utf8) + noise), stamp)
        XCTAssertEqual(BuildStamp(in: Array(stamp.text.utf8)), stamp)
        XCTAssertNil(BuildStamp(in: noise))
        XCTAssertNil(BuildStamp(in: []))
        XCTAssertNil(BuildStamp(in: Array(stamp.text.utf8).dropLast()))
    }
}
