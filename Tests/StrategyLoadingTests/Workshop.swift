import CSupport
import Storage
import TestSupport
import XCTest

@testable import StrategyLoading

/// A folder with a strategy, modules and a compiler that only counts its runs: what the builder does, in milliseconds.
final class Workshop {
    private let folder: TemporaryFolder
    private let disk = SystemDisk()

    /// Runs of the compiler, in the order they began.
    var compilerRuns: [String] {
        let text = (try? disk.readFile(path("runs"))) ?? nil
        return String(decoding: text ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
    }

    init() throws {
        folder = try TemporaryFolder()
        for module in TakenModules.ofStrategies { try write("Modules/\(module).swiftmodule", "module \(module)") }
        try write("Modules/Engine.swiftmodule", "an inner room")
        try setCompiler("")
    }

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// Writes a file and the folders it needs.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try disk.makeFolder(parentFolder(of: path(name)))
        try disk.replaceFile(path(name), with: Array(text.utf8), durable: false)
        return path(name)
    }

    /// A strategy that the scanner is content with.
    func writeStrategy(_ name: String = "s/demo.swift", _ more: String = "") throws -> String {
        try write(name, "import JQTrade\n\(more)\nfunc process_initialize(_ context: Context) {}\n")
    }

    /// Puts a compiler in place that does this besides writing what it was asked for.
    func setCompiler(_ script: String) throws {
        try write(
            "bin/swiftc",
            """
            #!/bin/sh
            module=; out=
            while [ $# -gt 0 ]; do
                [ "$1" = -o ] && out=$2
                [ "$1" = -module-name ] && module=$2
                shift
            done
            echo "$module" >> '\(path("runs"))'
            \(script)
            echo compiled > "$out"
            """)
        chmod(path("bin/swiftc"), 0o755)
    }

    func toolchain() throws -> Toolchain { try Toolchain(environment: environment, executable: path("jqtrade")) }

    var environment: [String: String] { ["PATH": "\(path("bin")):/usr/bin:/bin", "JQTRADE_PATH": path("lib")] }

    func builder(program: String = "b1", progress: @escaping (String) -> Void = { _ in }) -> StrategyBuilder {
        StrategyBuilder(
            buildFolder: path("home/build"), environment: environment, executable: path("jqtrade"), program: program,
            progress: progress)
    }

    /// The key of a strategy as it stands.
    func key(_ code: String, program: String = "b1") throws -> String {
        guard case .sources(let files, let folder) = try StrategyCode(at: code) else { return "" }
        return try BuildPlan(files, helpersIn: [folder, path("lib")], toolchain: try toolchain(), program: program).key
    }
}

/// The error that an expression throws.
func strategyError<Result>(_ work: @autoclosure () throws -> Result) -> StrategyError? {
    do {
        _ = try work()
        return nil
    } catch {
        return error as? StrategyError
    }
}
