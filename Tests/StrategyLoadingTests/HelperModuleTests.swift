import XCTest

@testable import StrategyLoading

/// Which modules are a strategy's own, and which names they must not have.
final class HelperModuleTests: XCTestCase {
    private func helpers(_ shop: Workshop, _ code: String) throws -> [HelperModule] {
        guard case .sources(let files, let folder) = try StrategyCode(at: code) else { return [] }
        let taken = TakenModules(modules: shop.path("Modules"), system: shop.path("system"))
        return try HelperModules(of: files, in: [folder, shop.path("lib")], taken: taken).found
    }

    func testFilesFoldersAndLibrariesAreFoundEachAfterWhatItImports() throws {
        let shop = try Workshop()
        try shop.write("s/Near.swift", "import Far\nimport Folder")
        try shop.write("s/Unused.swift", "import Far")
        try shop.write("s/Folder/a.swift", "import Far")
        try shop.write("s/Folder/b.swift", "")
        try shop.write("s/Folder/.hidden.swift", "import Unused")
        try shop.write("lib/Far.swift", "import Foundation")
        try shop.write("lib/Built.swiftmodule", "module")
        try shop.write("lib/libBuilt.\(Platform.libraryExtension)", "library")
        let code = try shop.writeStrategy("s/demo.swift", "import Near\nimport Built\nimport Nowhere")
        let found = try helpers(shop, code)
        XCTAssertEqual(found.map(\.name), ["Far", "Folder", "Near", "Built"])
        guard case .sources(let folder) = found[1].origin, case .prebuilt = found[3].origin else {
            return XCTFail("\(found)")
        }
        XCTAssertEqual(folder.map(\.path), [shop.path("s/Folder/a.swift"), shop.path("s/Folder/b.swift")])
    }

    func testWhatLiesBesideTheStrategyWinsOverThePath() throws {
        let shop = try Workshop()
        let near = try shop.write("s/Tool.swift", "")
        try shop.write("lib/Tool.swift", "")
        let code = try shop.writeStrategy("s/demo.swift", "import Tool")
        guard case .sources(let sources)? = try helpers(shop, code).first?.origin else { return XCTFail("no Tool") }
        XCTAssertEqual(sources.map(\.path), [near])
    }

    func testAFolderStrategyFindsModulesInItsSubfolders() throws {
        let shop = try Workshop()
        try shop.write("s/more.swift", "import Signals")
        try shop.write("s/Signals/signals.swift", "")
        try shop.write("Outside.swift", "")
        _ = try shop.writeStrategy("s/main.swift", "import Outside")
        XCTAssertEqual(try helpers(shop, shop.path("s")).map(\.name), ["Signals"])
    }

    func testNamesOfTheSystemAndOfJQTradeAreRefused() throws {
        let shop = try Workshop()
        try shop.write("system/Charts.swiftmodule", "")
        for module in ["Foundation", "Charts", "JQTrade", "Engine"] {
            let file = try shop.write("s/\(module).swift", "")
            let code = try shop.writeStrategy("s/demo.swift", "import \(module)")
            let line = module == "JQTrade" ? 1 : 2
            XCTAssertEqual(
                strategyError(try helpers(shop, code)),
                .reservedName(module: module, file: file, importedAt: "\(code):\(line)"))
            unlink(file)
        }
    }

    func testInnerRoomsAreNotForStrategies() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy("s/demo.swift", "import Market\nimport Engine")
        XCTAssertEqual(
            strategyError(try helpers(shop, code)), .privateModule(module: "Engine", importedAt: "\(code):3"))
    }

    func testCyclesAndImportsOfItselfAreRefused() throws {
        let shop = try Workshop()
        let a = try shop.write("s/A.swift", "import B")
        let b = try shop.write("s/B.swift", "\nimport A")
        let code = try shop.writeStrategy("s/demo.swift", "import A")
        XCTAssertEqual(
            strategyError(try helpers(shop, code)),
            .importCycle(modules: ["A", "B", "A"], importedAt: "\(b):2"))
        let own = try shop.writeStrategy("s/demo.swift", "import demo")
        XCTAssertEqual(
            strategyError(try helpers(shop, own)),
            .importsItself(module: "demo", file: own, importedAt: "\(own):2"))
        XCTAssertTrue(strategyError(try helpers(shop, a)) != nil)
    }

    func testTheModulesThatStrategiesSeeAreThoseThatJQTradeUses() throws {
        let root = #filePath.components(separatedBy: "/Tests/")[0]
        let package = try String(contentsOfFile: "\(root)/Package.swift", encoding: .utf8)
        let uses = TakenModules.ofStrategies.dropFirst().map { "\"\($0)\"" }.joined(separator: ", ")
        XCTAssertTrue(
            package.contains("Room(name: \"JQTrade\", uses: [\(uses)])"),
            "TakenModules.ofStrategies must name JQTrade and each module that it uses: they are in the key of a build")
    }
}
