import JQTrade
import XCTest

@testable import StrategyLoading

/// The generated entry, the command lines, and the compiler's messages as they reach the author.
final class GeneratedSourceTests: XCTestCase {
    private let stamp = BuildStamp(program: "b1", modules: "m1")
    private let strategy = [
        SourceFile(
            path: "/s/it \"is\".swift",
            bytes: Array(
                """
                import JQTrade
                  func process_initialize(_ context: Context) { set_options(a: 1) }
                func on_trade(_ context: Context, _ trade: Trade) {}
                """.utf8))
    ]

    func testTheEntryNamesTheFunctionsAtTheirLines() {
        let text = EntryFile(strategy: strategy, helpers: [], stamp: stamp).text
        XCTAssertTrue(
            text.contains("#sourceLocation(file: \"/s/it \\\"is\\\".swift\", line: 2)\nprivate let jqtrade_initialize"))
        XCTAssertTrue(text.contains("initialize: jqtrade_initialize, onTrade: jqtrade_onTrade, optionSites: ["))
        XCTAssertTrue(
            text.contains("labels: [\"a\"], site: JQTrade.CallSite(path: \"/s/it \\\"is\\\".swift\", line: 2)"))
        XCTAssertTrue(text.contains(stamp.text))
        XCTAssertFalse(text.contains("process_exit"))
    }

    func testACompilersMessageAboutTheEntryNamesTheAuthorsFunction() {
        let generated = EntryFile.bindingLine(EntryFile.functions[0])
        let output = """
            /s/it "is".swift:2:60: error: cannot convert value of type '(Int) -> ()'
            \(generated)
                                                                       ^
            /jqtrade/Sources/JQTrade/Orders.swift:3:1: note: 'order' declared here
            public func order(
                        ^
            /s/it "is".swift:3:1: note: did you mean this?
            func on_trade
            error: fatalError
            error: link command failed with exit code 1 (use -v to see invocation)
            """
        XCTAssertEqual(
            Diagnostics(Array(output.utf8), strategy: strategy).text,
            """
            /s/it "is".swift:2:8: error: process_initialize must be declared as \
            func process_initialize(_ context: Context), throws or not; \
            the compiler says: cannot convert value of type '(Int) -> ()'
            /s/it "is".swift:3:1: note: did you mean this?
            func on_trade
            """)
    }

    func testHintsFollowMessagesThatNeedThem() {
        let bare = [SourceFile(path: "/s/a.swift", bytes: Array("func process_initialize(_ c: Context) {}".utf8))]
        let missing = Array("/s/a.swift:1:1: error: no such module 'Tools'\nimport Tools\n".utf8)
        let text = Diagnostics(missing, strategy: bare, searched: ["/s", "/lib"]).text
        XCTAssertTrue(text.contains("note: a strategy begins with: import JQTrade"), text)
        XCTAssertTrue(text.hasSuffix("looked for in /s, /lib; add folders with JQTRADE_PATH"), text)
        XCTAssertEqual(Diagnostics([], strategy: bare).text, "")
        XCTAssertEqual(Diagnostics([0xFF, 0x0A], strategy: bare).text, "\u{FFFD}")
    }

    func testTheCommandLinkesHelpersIntoOneLibraryAndLeavesJQTradeOut() throws {
        let shop = try Workshop()
        let helpers = [
            HelperModule(name: "Own", origin: .sources(strategy)),
            HelperModule(
                name: "Built", origin: .prebuilt(module: "/lib/Built.swiftmodule", library: "/lib/libBuilt.so")),
        ]
        let arguments = CompilerArguments(modules: shop.path("Modules"), work: "/w", helpers: helpers)
        let line = arguments.strategy(module: "Strategy_1", strategy, entry: "/w/e.swift", library: "/w/s.so")
        XCTAssertTrue(line.starts(with: ["-swift-version", "5", "-parse-as-library", "-O", "-g", "-enable-testing"]))
        let searched = line.indices.filter { line[$0] == "-I" }.map { line[$0 + 1] }
        XCTAssertEqual(searched, [shop.path("Modules"), "/w", "/lib"])
        XCTAssertTrue(line.contains("/w/Own.o") && line.contains("/lib/libBuilt.so"))
        XCTAssertFalse(line.contains { $0.hasPrefix("-l") })
        XCTAssertEqual(line.suffix(2), ["/s/it \"is\".swift", "/w/e.swift"])
        XCTAssertTrue(arguments.helper("Own", strategy).contains("/w/Own.swiftmodule"))
    }

    func testErrorsAreSentencesThatSayWhatToDo() {
        XCTAssertEqual(
            "\(StrategyError.noInitialize(path: "/s/a.swift", instead: "/s/a.swift:2: there is handle_data"))",
            "/s/a.swift:2: there is handle_data but no process_initialize; jqtrade calls only that: "
                + "move it to func process_initialize(_ context: Context) and set the jobs with run_daily")
        XCTAssertTrue("\(StrategyError.otherBuild(path: "/s.so"))".contains("build_strategy"))
        XCTAssertTrue("\(StrategyError.noCompiler(searched: "/bin"))".contains("swift.org"))
    }

    func testFunctionNamesAreWrittenAsInTheSource() {
        XCTAssertEqual(plainName("Strategy_1a2b3c4d.do_order(JQTrade.Context) -> ()"), "do_order")
        XCTAssertEqual(plainName("Strategy_1a2b3c4d.开盘(context: JQTrade.Context) throws -> ()"), "开盘")
        XCTAssertEqual(plainName("static Strategy_1a2b3c4d.Jobs.run(JQTrade.Context) -> ()"), "Jobs.run")
        XCTAssertNil(plainName("closure #1 (JQTrade.Context) -> () in Strategy_1.process_initialize(JQTrade.Context)"))
        XCTAssertNil(plainName("main"))
        let captured = 1
        XCTAssertNil(functionName { _ in print(captured) })
        XCTAssertNil(functionName { _ in })
    }
}
