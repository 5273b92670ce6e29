import CSupport
import Processes
import Storage

/// Makes libraries of strategies, each once: what has not changed is taken from the build folder without a compiler run.
///
/// A strategy may import helper modules that lie beside it (in the folder of a single file, or inside the folder that is
/// the strategy) or in a folder of `JQTRADE_PATH`.
public struct StrategyBuilder {
    private let builds: BuildFolder
    private let environment: [String: String]
    private let helperFolders: [String]
    private let executable: String
    private let program: String
    private let progress: (String) -> Void
    private let signals: SignalPipe?

    /// A builder that keeps its libraries in `buildFolder` and takes PATH, JQTRADE_PATH and JQTRADE_MODULES from an
    /// environment. `progress` is told what takes time, before it begins; a signal of `interruptedBy` ends a compilation.
    public init(
        buildFolder: String, environment: [String: String], interruptedBy signals: SignalPipe? = nil,
        progress: @escaping (String) -> Void = { _ in }
    ) {
        self.init(
            buildFolder: buildFolder, environment: environment, executable: currentExecutable(), program: buildID(),
            interruptedBy: signals, progress: progress)
    }

    init(
        buildFolder: String, environment: [String: String], executable: String, program: String,
        interruptedBy signals: SignalPipe? = nil, progress: @escaping (String) -> Void
    ) {
        builds = BuildFolder(buildFolder)
        self.environment = environment
        helperFolders = (environment["JQTRADE_PATH"] ?? "").split(separator: ":").map { absolutePath(String($0)) }
        self.executable = executable
        self.program = program
        self.signals = signals
        self.progress = progress
    }

    /// The library of the strategy at an absolute path, built if need be.
    public func prepare(code: String) throws(StrategyError) -> PreparedStrategy {
        for _ in 0..<3 {
            guard case .sources(let strategy, let folder) = try StrategyCode(at: code) else {
                return try prebuilt(code)
            }
            try requireInitialize(strategy, code)
            let toolchain = try Toolchain(environment: environment, executable: executable)
            let folders = [folder] + helperFolders
            let plan = try BuildPlan(strategy, helpersIn: folders, toolchain: toolchain, program: program)
            if let hold = builds.hold(plan.key) {
                return PreparedStrategy(hold, sources: plan.sourcePaths, fromCache: true)
            }
            guard let compiler = toolchain.compiler else { return try withoutCompiler(plan, code) }
            let lock = try builds.lock(plan.key) {
                progress("waiting for another start that compiles \(name(of: code))")
            }
            defer {
                builds.cleanUp(plan.key)
                lock.release()
            }
            if let hold = builds.hold(plan.key) {
                return PreparedStrategy(hold, sources: plan.sourcePaths, fromCache: true)
            }
            let build = StrategyBuild(
                plan: plan, compiler: compiler, modules: toolchain.modules, environment: environment, folders: folders,
                signals: signals)
            let work = try builds.makeWork(plan.key)
            let (library, warnings) = try build.run(in: work) { progress("compiling \($0 ?? name(of: code)) …") }
            try requireInitialize(strategy, code, isCompiled: true)
            guard try isUnchanged(plan, code, folders, toolchain) else { continue }
            try builds.publish(library, as: plan.key)
            builds.prune()
            guard let hold = builds.hold(plan.key) else { continue }
            return PreparedStrategy(hold, sources: plan.sourcePaths, warnings: warnings)
        }
        throw .keepsChanging(path: code)
    }

    /// What another start has compiled from the same sources: its modules are read by one version of the compiler alone, so
    /// whichever made it fits.
    private func withoutCompiler(_ plan: BuildPlan, _ code: String) throws(StrategyError) -> PreparedStrategy {
        let searched = environment["PATH"] ?? ""
        guard let hold = builds.holdLast(of: plan.sourceKey) else { throw .noCompiler(searched: searched) }
        progress("no swiftc in PATH (\(searched)): \(name(of: code)) runs as it was compiled before, unchanged since")
        return PreparedStrategy(hold, sources: plan.sourcePaths, fromCache: true)
    }

    /// Builds the library of a strategy and puts it at `path`, for machines without a compiler.
    public func export(code: String, to path: String) throws(StrategyError) -> PreparedStrategy {
        let prepared = try prepare(code: code)
        if try FileKind(of: path) == .folder { throw .notWritten(DiskError(.open, path, code: EISDIR)) }
        if try FileKind(of: parentFolder(of: path)) == nil {
            throw .notWritten(DiskError(.open, parentFolder(of: path), code: ENOENT))
        }
        let bytes = try fileContent(at: prepared.library)
        do { try SystemDisk().replaceFile(path, with: bytes, durable: true) } catch { throw .notWritten(error) }
        // Whoever may read the folder may run the strategy.
        _ = chmod(path, 0o644)
        return prepared
    }

    /// Before the compiler runs, a source with an unclosed bracket gets the benefit of the doubt: its own message, of
    /// the compiler, is the better one.
    private func requireInitialize(
        _ strategy: [SourceFile], _ code: String, isCompiled: Bool = false
    ) throws(StrategyError) {
        if strategy.place(of: "process_initialize") != nil { return }
        if !isCompiled, strategy.contains(where: { !$0.isBalanced }) { return }
        let old = ["initialize", "handle_data"].compactMap { strategy.place(of: $0) }.first
        throw .noInitialize(
            path: code, instead: old.map { "\($0.file.path):\($0.function.line): there is \($0.function.name)" })
    }

    private func prebuilt(_ library: String) throws(StrategyError) -> PreparedStrategy {
        let stamp = try BuildStamp.read(library)
        guard stamp.program == program else { throw .otherBuild(path: library) }
        // A machine that only runs libraries may have no modules; the program's own mark is then all there is.
        if let modules = try? Toolchain.findModules(environment: environment, executable: executable) {
            guard try Toolchain.hash(ofModules: modules) == stamp.modules else { throw .otherBuild(path: library) }
        }
        guard let hold = LibraryHold(library) else { throw .absent(path: library) }
        return PreparedStrategy(hold, sources: [], fromCache: true)
    }

    /// What was compiled is what was hashed only if nobody saved a file in between.
    private func isUnchanged(
        _ plan: BuildPlan, _ code: String, _ folders: [String], _ toolchain: Toolchain
    ) throws(StrategyError) -> Bool {
        guard case .sources(let strategy, _) = try StrategyCode(at: code) else { return false }
        return try BuildPlan(strategy, helpersIn: folders, toolchain: toolchain, program: program).key == plan.key
    }
}

/// A strategy's library, ready to be loaded. Keep this value as long as the library may be loaded (again): it keeps other
/// starts from clearing it away.
public final class PreparedStrategy {
    /// The library's path.
    public let library: String
    /// The sources that it was made of, helpers included; empty for a library that was built before.
    public let sources: [String]
    /// True if no compiler was needed.
    public let fromCache: Bool
    /// The compiler's warnings; empty if it did not run.
    public let warnings: String

    private let hold: LibraryHold

    init(_ hold: LibraryHold, sources: [String], fromCache: Bool = false, warnings: String = "") {
        self.hold = hold
        self.library = hold.path
        self.sources = sources
        self.fromCache = fromCache
        self.warnings = warnings
    }
}

extension BuildPlan {
    var sourcePaths: [String] { (strategy + helperSources).map(\.path) }
}

private func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

private func absolutePath(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return "\(String(cString: folder))/\(path)"
}
