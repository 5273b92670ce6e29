import CSupport
import Storage
import XCTest

@testable import StrategyLoading

/// When the compiler runs, and what is said when a strategy cannot be built.
final class StrategyBuilderTests: XCTestCase {
    func testAnUnchangedStrategyNeedsNoCompiler() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy()
        var told: [String] = []
        let first = try shop.builder { told.append($0) }.prepare(code: code)
        let second = try shop.builder().prepare(code: code)
        XCTAssertFalse(first.fromCache)
        XCTAssertTrue(second.fromCache)
        XCTAssertEqual(first.library, second.library)
        XCTAssertEqual(second.sources, [code])
        XCTAssertEqual(told, ["compiling demo.swift …"])
        XCTAssertEqual(shop.compilerRuns.count, 1)

        _ = try shop.writeStrategy("s/demo.swift", "// changed")
        XCTAssertFalse(try shop.builder().prepare(code: code).fromCache)
        XCTAssertFalse(try shop.builder(program: "b2").prepare(code: code).fromCache)
        XCTAssertEqual(shop.compilerRuns.count, 3)
        XCTAssertEqual(try SystemDisk().list(shop.path("home/build")).filter { $0.contains(".") }, [])
    }

    func testWithoutACompilerTheLastLibraryOfTheSameSourcesIsTakenAndNoOther() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy()
        let old = try shop.builder().prepare(code: code).library
        try shop.setCompiler("# another")
        let new = try shop.builder().prepare(code: code).library
        XCTAssertNotEqual(old, new)
        // Which was used last is known to the second on some disks.
        var times = [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1, tv_usec: 0)]
        XCTAssertEqual(utimes(old, &times), 0)
        unlink(shop.path("bin/swiftc"))
        var told: [String] = []
        let taken = try shop.builder { told.append($0) }.prepare(code: code)
        XCTAssertEqual(taken.library, new)
        XCTAssertTrue(taken.fromCache)
        XCTAssertEqual(told.count, 1)
        XCTAssertTrue(told[0].hasPrefix("no swiftc in PATH (\(shop.path("bin")):"), told[0])
        let other = StrategyError.noCompiler(searched: "\(shop.path("bin")):/usr/bin:/bin")
        XCTAssertEqual(strategyError(try shop.builder(program: "b2").prepare(code: code)), other)
        _ = try shop.writeStrategy("s/demo.swift", "// changed")
        XCTAssertEqual(strategyError(try shop.builder().prepare(code: code)), other)
    }

    func testHelpersAreCompiledBeforeTheStrategy() throws {
        let shop = try Workshop()
        try shop.write("lib/Deep.swift", "")
        try shop.write("s/Helper.swift", "import Deep")
        let code = try shop.writeStrategy("s/demo.swift", "import Helper")
        let prepared = try shop.builder().prepare(code: code)
        XCTAssertEqual(shop.compilerRuns.prefix(2), ["Deep", "Helper"])
        XCTAssertTrue(shop.compilerRuns[2].hasPrefix("Strategy_"))
        XCTAssertEqual(prepared.sources, [code, shop.path("lib/Deep.swift"), shop.path("s/Helper.swift")])
    }

    func testAFailedCompilationIsNotKept() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy()
        try shop.setCompiler("echo \"\(code):1:2: error: no good\" >&2; echo half > \"$out\"; exit 1")
        for _ in 0..<2 {
            XCTAssertEqual(
                strategyError(try shop.builder().prepare(code: code)),
                .doesNotCompile(diagnostics: "\(code):1:2: error: no good"))
        }
        XCTAssertEqual(shop.compilerRuns.count, 2)
        XCTAssertEqual(try SystemDisk().list(shop.path("home/build")), [])
        try shop.setCompiler("kill -9 $$")
        guard case .compilerFailed(let reason)? = strategyError(try shop.builder().prepare(code: code)) else {
            return XCTFail("a killed compiler is no success")
        }
        XCTAssertTrue(reason.contains("SIGKILL"), reason)
    }

    func testWarningsAreToldOnceWithTheBuild() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy()
        try shop.setCompiler("echo \"\(code):1:2: warning: unused\" >&2")
        XCTAssertEqual(try shop.builder().prepare(code: code).warnings, "\(code):1:2: warning: unused")
        XCTAssertEqual(try shop.builder().prepare(code: code).warnings, "")
    }

    func testASourceSavedMeanwhileIsCompiledAgain() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy()
        try shop.setCompiler("[ $(wc -l < '\(shop.path("runs"))') = 1 ] && echo '// saved' >> '\(code)'")
        let prepared = try shop.builder().prepare(code: code)
        XCTAssertEqual(shop.compilerRuns.count, 2)
        XCTAssertEqual(prepared.library, BuildFolder(shop.path("home/build")).library(try shop.key(code)))
        try shop.setCompiler("echo '// again' >> '\(code)'")
        XCTAssertEqual(strategyError(try shop.builder().prepare(code: code)), .keepsChanging(path: code))
    }

    func testSimultaneousStartsCompileOnce() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy()
        let gate = shop.path("gate")
        XCTAssertEqual(mkfifo(gate, 0o600), 0)
        try shop.setCompiler("read line < '\(gate)'")
        let results = Results()
        let compiling = expectation(description: "one compiles")
        let waiting = expectation(description: "the other waits")
        let done = expectation(description: "both are done")
        done.expectedFulfillmentCount = 2
        let builders = (0..<2).map { _ in
            shop.builder { $0.hasPrefix("compiling") ? compiling.fulfill() : waiting.fulfill() }
        }
        for builder in builders {
            let work = Work { results.add(try? builder.prepare(code: code)) }
            Thread.detachNewThread {
                work.run()
                done.fulfill()
            }
        }
        wait(for: [compiling, waiting], timeout: 20)
        let descriptor = cs_open(gate, O_WRONLY | O_CLOEXEC, 0)
        XCTAssertEqual(write(descriptor, "\n", 1), 1)
        close(descriptor)
        wait(for: [done], timeout: 20)
        XCTAssertEqual(shop.compilerRuns.count, 1)
        XCTAssertEqual(results.all.map(\.fromCache).sorted { !$0 && $1 }, [false, true])
    }

    func testEachWrongPathHasItsOwnMessage() throws {
        let shop = try Workshop()
        let builder = shop.builder()
        let absent = shop.path("none.swift")
        XCTAssertEqual(strategyError(try builder.prepare(code: absent)), .absent(path: absent))
        let text = try shop.write("notes.txt", "")
        XCTAssertEqual(strategyError(try builder.prepare(code: text)), .notAStrategy(path: text))
        try shop.write("empty/notes.txt", "")
        XCTAssertEqual(
            strategyError(try builder.prepare(code: shop.path("empty"))), .emptyFolder(path: shop.path("empty")))
        let none = try shop.write("s/none.swift", "import JQTrade\n")
        XCTAssertEqual(strategyError(try builder.prepare(code: none)), .noInitialize(path: none, instead: nil))
        let old = try shop.write("s/old.swift", "import JQTrade\nfunc handle_data(_ context: Context) {}\n")
        XCTAssertEqual(
            strategyError(try builder.prepare(code: old)),
            .noInitialize(path: old, instead: "\(old):2: there is handle_data"))
        XCTAssertEqual(shop.compilerRuns, [])
    }

    func testAMissingCompilerAndMissingModulesAreTold() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy()
        unlink(shop.path("bin/swiftc"))
        XCTAssertEqual(
            strategyError(try shop.builder().prepare(code: code)),
            .noCompiler(searched: "\(shop.path("bin")):/usr/bin:/bin"))
        XCTAssertEqual(
            strategyError(try Toolchain(environment: [:], executable: shop.path("x/bin/jqtrade"))),
            .noModules(searched: [shop.path("x/bin/Modules"), shop.path("x/lib/jqtrade/Modules")]))
    }

    func testModulesAreFoundWhereTheyAreNamedBesideTheProgramOrInstalled() throws {
        let shop = try Workshop()
        let named = try Toolchain(
            environment: shop.environment.merging(["JQTRADE_MODULES": shop.path("Modules")]) { $1 },
            executable: "/nowhere/jqtrade")
        XCTAssertEqual(named.modules, shop.path("Modules"))
        XCTAssertEqual(try shop.toolchain().modules, shop.path("Modules"))
        try shop.write("x/lib/jqtrade/Modules/JQTrade.swiftmodule", "")
        let installed = try Toolchain(environment: shop.environment, executable: shop.path("x/bin/jqtrade"))
        XCTAssertEqual(installed.modules, shop.path("x/lib/jqtrade/Modules"))
    }

    func testALibraryOfAnotherBuildIsRefusedBeforeItIsLoaded() throws {
        let shop = try Workshop()
        let modules = try Toolchain.hash(ofModules: shop.path("Modules"))
        let own = try shop.write("own.so", "…\(BuildStamp(program: "b1", modules: modules).text)…")
        let other = try shop.write("other.so", "…\(BuildStamp(program: "b2", modules: "m").text)…")
        let foreign = try shop.write("foreign.so", "no stamp")
        let mixed = try shop.write("mixed.so", "…\(BuildStamp(program: "b1", modules: "m").text)…")
        XCTAssertEqual(try shop.builder().prepare(code: own).library, own)
        XCTAssertEqual(strategyError(try shop.builder().prepare(code: mixed)), .otherBuild(path: mixed))
        XCTAssertEqual(strategyError(try shop.builder().prepare(code: other)), .otherBuild(path: other))
        XCTAssertEqual(strategyError(try shop.builder().prepare(code: foreign)), .notALibrary(path: foreign))
        XCTAssertEqual(strategyError(try loadStrategy(library: other, program: "b1")), .otherBuild(path: other))
        guard case .notLoadable? = strategyError(try loadStrategy(library: own, program: "b1")) else {
            return XCTFail("a text file was loaded")
        }
    }

    func testExportPutsTheLibraryWhereItIsAskedFor() throws {
        let shop = try Workshop()
        let code = try shop.writeStrategy()
        let prepared = try shop.builder().export(code: code, to: shop.path("out.so"))
        XCTAssertEqual(try SystemDisk().readFile(shop.path("out.so")), Array("compiled\n".utf8))
        XCTAssertNotEqual(prepared.library, shop.path("out.so"))
        XCTAssertEqual(
            strategyError(try shop.builder().export(code: code, to: shop.path("s"))),
            .notWritten(DiskError(.open, shop.path("s"), code: EISDIR)))
        XCTAssertEqual(
            strategyError(try shop.builder().export(code: code, to: shop.path("none/out.so"))),
            .notWritten(DiskError(.open, shop.path("none"), code: ENOENT)))
    }
}

/// Hands work to another thread, where nothing else touches it.
private final class Work: @unchecked Sendable {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
}

private final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private var results: [PreparedStrategy] = []
    func add(_ result: PreparedStrategy?) { lock.withLock { results += result.map { [$0] } ?? [] } }
    var all: [PreparedStrategy] { lock.withLock { results } }
}
