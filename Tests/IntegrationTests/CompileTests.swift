import Foundation
import XCTest

final class CompileTests: WorkplaceTestCase {
    private let good =
        "import JQTrade\nfunc process_initialize(_ context: Context) { set_options(use_account: false) }\n"

    private func refusal(of code: String, _ more: [String] = [], line: UInt = #line) throws -> String {
        let refused = try place.run(["start_task", "-n", "demo", "-c", code] + more)
        XCTAssertEqual(refused.code, 4, "\(refused)", line: line)
        XCTAssertEqual(refused.output, "", line: line)
        return refused.errors
    }

    func testErrorsStandAtTheUsersOwnFileAndLine() throws {
        let path = try place.write(
            "import JQTrade\n\nfunc process_initialize(_ context: Context) {\n    run_dayly(look, \"open\")\n}\n")
        let errors = try refusal(of: "s.swift")
        XCTAssertTrue(errors.contains("\(path):4:5: error: cannot find 'run_dayly' in scope"), errors)
        XCTAssertFalse(errors.contains("entry.swift"), errors)
    }

    func testWarningsAreShownAndTheTaskRuns() throws {
        let path = try place.write(
            "import JQTrade\nfunc process_initialize(_ context: Context) {\n    let unused = 1\n}\n")
        let program = try place.startTask(path)
        XCTAssertTrue(program.errors.contains("\(path):3:9: warning: "), program.errors)
    }

    func testAStrategyWithoutItsEntryIsToldWhatToWrite() throws {
        try place.write("import JQTrade\n", to: "none.swift")
        XCTAssertTrue(try refusal(of: "none.swift").contains("none.swift has no process_initialize"))
        try place.write("import JQTrade\nfunc initialize(_ context: Context) {}\n", to: "old.swift")
        let errors = try refusal(of: "old.swift")
        XCTAssertTrue(errors.contains("old.swift:2"), errors)
        XCTAssertTrue(errors.contains("move it to func process_initialize(_ context: Context)"), errors)
    }

    func testAWrongSignatureIsAnErrorAtTheFunction() throws {
        let path = try place.write("import JQTrade\n\nfunc process_initialize() {}\n")
        let errors = try refusal(of: path)
        XCTAssertTrue(errors.contains("\(path):3:"), errors)
        XCTAssertTrue(errors.contains("must be declared as func process_initialize(_ context: Context)"), errors)
    }

    func testWhatIsNoStrategyIsRefusedInItsOwnWords() throws {
        try FileManager.default.createDirectory(atPath: place.folder + "/empty", withIntermediateDirectories: true)
        try place.write("text", to: "notes.txt")
        try place.write("not a library", to: "fake.so")
        try FileManager.default.createSymbolicLink(
            atPath: place.folder + "/loop.swift", withDestinationPath: place.folder + "/loop.swift")
        for (path, says) in [
            ("absent.swift", "there is no strategy at \(place.folder)/absent.swift"),
            ("empty", "holds no .swift file"), ("notes.txt", "is not a strategy"),
            ("fake.so", "is not a library of a strategy"), ("loop.swift", "cannot be read"),
        ] {
            let errors = try refusal(of: path)
            XCTAssertTrue(errors.contains(says), "\(path): \(errors)")
        }
    }

    func testAFolderIsCompiledTogether() throws {
        try place.write(
            "import JQTrade\nfunc process_initialize(_ context: Context) { log.info(greeting) }\n", to: "多因子/main.swift"
        )
        try place.write("let greeting = \"hello from beside\"\n", to: "多因子/words.swift")
        let program = try place.startTask("多因子")
        XCTAssertTrue(program.output.contains("hello from beside"), program.output)
        XCTAssertEqual(try place.task()?["code"]?.string, place.folder + "/多因子")
    }

    func testHelperModulesAreFoundBesideAndInJQTRADE_PATH() throws {
        let strategy = try place.write(
            """
            import JQTrade
            import Signals
            func process_initialize(_ context: Context) { log.info("the signal is \\(signal())") }
            """, to: "strategies/s.swift")
        let missing = try refusal(of: strategy)
        XCTAssertTrue(missing.contains("s.swift:2:8: error: no such module 'Signals'"), missing)
        XCTAssertTrue(missing.contains("JQTRADE_PATH"), missing)

        try place.write("public func signal() -> Int { 3 }\n", to: "library/Signals/signal.swift")
        let given = try place.startTask(
            strategy, name: "given", ["-e", "JQTRADE_PATH=/nowhere:\(place.folder)/library"])
        XCTAssertTrue(given.output.contains("the signal is 3"), given.output)
        place.environment["JQTRADE_PATH"] = place.folder + "/library"
        let around = try place.startTask(strategy, name: "around")
        XCTAssertTrue(around.output.contains("the signal is 3"), around.output)

        place.environment["JQTRADE_PATH"] = nil
        try place.write("public func signal() -> Int { 4 }\n", to: "strategies/Signals.swift")
        let beside = try place.startTask(strategy, name: "beside")
        XCTAssertTrue(beside.output.contains("the signal is 4"), beside.output)
    }

    func testAnErrorInAHelperStandsAtItsOwnLine() throws {
        try place.write("import JQTrade\nimport Signals\nfunc process_initialize(_ context: Context) {}\n")
        let helper = try place.write("\npublic func signal() -> Int { nonsense }\n", to: "Signals.swift")
        let errors = try refusal(of: "s.swift")
        XCTAssertTrue(errors.contains("\(helper):2:31: error: cannot find 'nonsense' in scope"), errors)
    }

    func testAHelperMayNotTakeTheNameOfAModuleThatExists() throws {
        try place.write("import JQTrade\nimport Market\nfunc process_initialize(_ context: Context) {}\n")
        try place.write("public let x = 1\n", to: "Market.swift")
        let errors = try refusal(of: "s.swift")
        XCTAssertTrue(errors.contains("s.swift:2: import Market would mean"), errors)
    }

    func testAnUnchangedStrategyStartsWithoutTheCompiler() throws {
        let strategy = try place.write(good)
        for (run, compiles) in [(1, true), (2, false)] {
            let program = try place.startTask(strategy)
            XCTAssertEqual(program.errors.contains("compiling"), compiles, "start \(run): \(program.errors)")
            program.send(SIGTERM)
            try program.waitForExit()
        }
        try place.write(good + "// changed\n")
        XCTAssertTrue(try place.startTask(strategy).errors.contains("compiling"))
    }

    func testWithoutACompilerTheMessageSaysSo() throws {
        let strategy = try place.write(good)
        place.environment["PATH"] = "/nonexistent"
        let errors = try refusal(of: strategy)
        XCTAssertTrue(errors.contains("there is no swiftc in PATH"), errors)
    }

    func testAStrategyThatWasCompiledBeforeStartsWithoutACompiler() throws {
        let strategy = try place.write(good)
        try place.startTask(strategy, name: "first").send(SIGTERM)
        place.environment["PATH"] = "/nonexistent"
        let program = try place.startTask(strategy)
        XCTAssertTrue(program.errors.contains("s.swift runs as it was compiled before"), program.errors)
    }

    func testALibraryRunsWithoutACompilerAndOnlyWithItsOwnBuild() throws {
        let strategy = try place.write(good)
        XCTAssertEqual(try place.run(["build_strategy", "-c", strategy, "-o", "out.so"]).code, 0)
        place.environment["PATH"] = "/usr/bin:/bin"
        let program = try place.startTask("out.so")
        XCTAssertEqual(try place.task()?["code"]?.string, place.folder + "/out.so")
        program.send(SIGTERM)
        XCTAssertEqual(try program.waitForExit().code, 0)

        var bytes = try Data(contentsOf: URL(fileURLWithPath: place.folder + "/out.so"))
        let opening = Data("jqtrade strategy, stamp 1, program ".utf8)
        let stamp = try XCTUnwrap(bytes.range(of: opening)).upperBound
        bytes[stamp] = bytes[stamp] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        try bytes.write(to: URL(fileURLWithPath: place.folder + "/other.so"))
        let errors = try refusal(of: "other.so")
        XCTAssertTrue(errors.contains("other.so was made for another build of jqtrade and is not run"), errors)
    }
}
