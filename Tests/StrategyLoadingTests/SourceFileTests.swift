import XCTest

@testable import StrategyLoading

/// What the scanner sees in a source, and what it is not fooled by.
final class SourceFileTests: XCTestCase {
    private func scan(_ text: String) -> SourceFile { SourceFile(path: "/s/demo.swift", bytes: Array(text.utf8)) }

    func testImportsOfEveryForm() {
        let file = scan(
            """
            import JQTrade
            @testable import Signals; import Foundation.NSDate
            import struct Shapes.Circle
            #if canImport(Fast)
            import Fast
            #else
            @_exported public import Slow
            #endif
            import `class`
            """)
        XCTAssertEqual(
            file.imports.map(\.module), ["JQTrade", "Signals", "Foundation", "Shapes", "Fast", "Slow", "class"])
        XCTAssertEqual(file.imports.map(\.line), [1, 2, 2, 3, 5, 7, 9])
    }

    func testWhatOnlyLooksLikeCode() {
        let file = scan(
            ##"""
            // import A
            /* import B /* import C */ func process_initialize() */
            let s = "import D { \" func e() \(call("import F", [1, 2].map { "\($0)" })) {"
            let raw = #"import G \" { \(x) \#(call("}"))"#
            let long = """
                import H "quoted" {
                \(s)
                """
            let longRaw = #"""
                import I """ {
                """#
            let expression = #/import J { "/#
            let member = x.import
            func real() {}
            """##)
        XCTAssertEqual(file.imports, [])
        XCTAssertEqual(file.functions, [.init(name: "real", line: 14, column: 6)])
        XCTAssertTrue(file.isBalanced)
    }

    func testOnlyFunctionsOutsideOfTypesCount() {
        let file = scan(
            """
            struct Tool {
                func process_initialize(_ context: Context) {}
            }
            let table = [{ func inner() {} }]
              @inline(never) func process_initialize(_ context: Context) throws { func nested() {} }
            func `default`() {}
            func 开盘(_ context: Context) {}
            """)
        XCTAssertEqual(file.functions.map(\.name), ["process_initialize", "default", "开盘"])
        XCTAssertEqual(file.functions[0].line, 5)
        XCTAssertEqual(file.functions[0].column, 23)
    }

    func testOptionCallsAndTheirNames() {
        let file = scan(
            """
            func process_initialize(_ context: Context) {
                set_options(trade_gate: "paper", sync_retry_kwargs: ["max_attempts": f(a: 3, b: 4), "x": 1],
                    market_period: [("09:30:00", "11:30:00")])
                set_options()
                // set_options(hidden: 1)
                JQTrade.set_options(
                    use_account: false  // a comment
                )
            }
            """)
        XCTAssertEqual(
            file.optionCalls,
            [
                .init(labels: ["trade_gate", "sync_retry_kwargs", "market_period"], line: 2),
                .init(labels: [], line: 4), .init(labels: ["use_account"], line: 6),
            ])
    }

    func testUnfinishedSourcesEndQuietly() {
        for text in [
            "\"", "\"\"\"", "#\"", "/*", "`", "\"\\(", "\"\\", "#", "##/", "func", "import", "set_options(", "}",
        ] {
            _ = scan(text)
        }
        XCTAssertFalse(scan("func a() {").isBalanced)
        XCTAssertFalse(scan("}{").isBalanced)
        _ = scan(String(repeating: "\"\\(", count: 100_000))
        _ = SourceFile(path: "/x", bytes: (0...255).map { UInt8($0) })
    }
}
