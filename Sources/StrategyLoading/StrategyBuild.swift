import Processes
import Storage

/// One compilation of a strategy with its helpers, in a folder of its own.
struct StrategyBuild {
    let plan: BuildPlan
    /// The path of `swiftc`.
    let compiler: String
    /// The folder that holds `JQTrade.swiftmodule`.
    let modules: String
    let environment: [String: String]
    /// Where helpers were looked for, for messages.
    let folders: [String]
    /// Signals that end the wait for the compiler.
    let signals: SignalPipe?

    /// Compiles and gives the library's path and the compiler's warnings; `begins` is told which helper is compiled, nil
    /// for the strategy itself.
    func run(
        in work: String, begins: (_ helper: String?) -> Void
    ) throws(StrategyError) -> (library: String, warnings: String) {
        let arguments = CompilerArguments(modules: modules, work: work, helpers: plan.helpers)
        var warnings: [String] = []
        for helper in plan.helpers {
            guard case .sources(let sources) = helper.origin else { continue }
            begins(helper.name)
            warnings.append(try compile(arguments.helper(helper.name, sources), in: work))
        }
        begins(nil)
        let entry = EntryFile(strategy: plan.strategy, helpers: plan.helperSources, stamp: plan.stamp)
        let entryPath = "\(work)/jqtrade_entry.swift"
        do {
            try SystemDisk().replaceFile(entryPath, with: Array(entry.text.utf8), durable: false)
        } catch {
            throw .notWritten(error)
        }
        let library = "\(work)/strategy.\(Platform.libraryExtension)"
        let module = "Strategy_\(plan.key.prefix(8))"
        warnings.append(
            try compile(
                arguments.strategy(module: module, plan.strategy, entry: entryPath, library: library), in: work))
        return (library, warnings.filter { !$0.isEmpty }.joined(separator: "\n"))
    }

    /// Runs the compiler and gives its warnings.
    private func compile(_ arguments: [String], in work: String) throws(StrategyError) -> String {
        let result: CommandResult
        do {
            result = try runCommand(
                executable: compiler, arguments: arguments, environment: environment, workingDirectory: work,
                interruptedBy: signals)
        } catch {
            if case .interrupted(let signal) = error { throw .interrupted(signal: signal) }
            throw .compilerFailed(reason: error.description)
        }
        let messages = Diagnostics(
            result.output + result.errors, strategy: plan.strategy, helpers: plan.helperSources, searched: folders
        ).text
        switch result.exit {
        case .code(0): return messages
        case .code(let code):
            throw .doesNotCompile(
                diagnostics: messages.isEmpty ? "error: swiftc ended with exit code \(code)" : messages)
        case .signal(let signal):
            throw .compilerFailed(reason: "\(Exit.signal(signal)) ended it. \(messages)")
        }
    }
}
