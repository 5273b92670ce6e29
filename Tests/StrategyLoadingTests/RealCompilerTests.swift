import JQTrade
import Processes
import Storage
import XCTest

@testable import StrategyLoading

/// The real compiler on real strategies, against the modules that this test was built with.
final class RealCompilerTests: XCTestCase {
    /// The test's program lies beside the modules, as jqtrade itself does.
    private func builder(_ shop: Workshop) throws -> StrategyBuilder {
        StrategyBuilder(buildFolder: shop.path("home/build"), environment: ProcessInfo.processInfo.environment)
    }

    func testTheSampleStrategyCompilesWithoutAWarningAndIsStamped() throws {
        let shop = try Workshop()
        let root = #filePath.components(separatedBy: "/Tests/")[0]
        let prepared = try builder(shop).prepare(code: "\(root)/strategies/demo.swift")
        XCTAssertEqual(prepared.warnings, "")
        XCTAssertEqual(try BuildStamp.read(prepared.library).program, buildID())
        XCTAssertTrue(try builder(shop).prepare(code: "\(root)/strategies/demo.swift").fromCache)
        // JQTrade's symbols are open in the library: it loads only where a program exports them, and then what it hands
        // over is of that program's types, not of a copy's.
        do throws(StrategyError) {
            let entry = try loadStrategy(library: prepared.library)
            XCTAssertTrue(type(of: entry as AnyObject) == StrategyEntry.self, "the library holds a JQTrade of its own")
        } catch {
            guard case .notLoadable(_, let reason) = error else { return XCTFail("\(error)") }
            XCTAssertTrue(reason.contains("7JQTrade"), reason)
        }
    }

    func testAStrategyWithFoundationHelpersAndASpaceInItsPath() throws {
        let shop = try Workshop()
        try shop.write("我的 strategies/Signals/a.swift", "import JQTrade\npublic func signal() -> Int { level }")
        try shop.write("我的 strategies/Signals/b.swift", "let level = 3")
        let code = try shop.write(
            "我的 strategies/demo.swift",
            """
            import Foundation
            import JQTrade
            import Signals
            var g: [String: Any] = [:]
            func process_initialize(_ context: Context) throws {
                log.info("signal", signal(), log10(100.0), Date())
                print("shadows Swift's")
                g["id"] = order("000001.XSHE", -100, LimitOrderStyle(10))
                run_daily({ context in context.state["n"] = (context.state["n"] ?? 0) + 1 }, "open")
                log.info(context.state["n"]?.int ?? 0)
            }
            func process_exit(_ context: Context) throws {}
            func on_order(_ context: Context, _ order: Order) { log.info(order.status == "open") }
            """)
        XCTAssertEqual(try builder(shop).prepare(code: code).warnings, "")
    }

    func testErrorsStandAtTheAuthorsPlaces() throws {
        let shop = try Workshop()
        let code = try shop.write(
            "bad.swift",
            """
            import JQTrade
            func process_initialize(context: Context, n: Int) {}
            func job(_ context: Context) {
                log.infoo("x")
                get_bars("000001.XSHE", 5)
            }
            """)
        guard case .doesNotCompile(let text)? = strategyError(try builder(shop).prepare(code: code)) else {
            return XCTFail("it compiled")
        }
        XCTAssertTrue(text.contains("\(code):2:6: error: process_initialize must be declared as func "), text)
        XCTAssertTrue(text.contains("\(code):4:9: error: value of type 'StrategyLog' has no member 'infoo'"), text)
        XCTAssertTrue(text.contains("\(code):5:30: error: missing argument for parameter #3 in call"), text)
        XCTAssertFalse(text.contains("jqtrade_"), text)
    }

    func testAnUnclosedBracketIsTheCompilersToExplain() throws {
        let shop = try Workshop()
        let code = try shop.write(
            "open.swift", "import JQTrade\nfunc a() {\nfunc process_initialize(_ context: Context) {}\n")
        guard case .doesNotCompile(let text)? = strategyError(try builder(shop).prepare(code: code)) else {
            return XCTFail("it compiled")
        }
        XCTAssertTrue(text.contains("error: expected '}' at end of brace statement"), text)
        XCTAssertFalse(text.contains("jqtrade_entry"), text)
    }
}
