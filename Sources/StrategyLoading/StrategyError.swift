import Processes
import Storage

/// Why a strategy cannot be built or loaded; on the command line all of these are exit code 4.
public enum StrategyError: Error, Equatable, Sendable {
    /// Nothing is there.
    case absent(path: String)
    /// It is there, but cannot be read.
    case unreadable(DiskError)
    /// It is no `.swift` file, folder or library.
    case notAStrategy(path: String)
    /// A folder without a `.swift` file.
    case emptyFolder(path: String)
    /// There is no `process_initialize`; `instead` is a function of the old kind and its place.
    case noInitialize(path: String, instead: String?)
    /// A helper module's file has a name that is taken.
    case reservedName(module: String, file: String, importedAt: String)
    /// A strategy imports a part of jqtrade that is not for strategies.
    case privateModule(module: String, importedAt: String)
    /// A source of the strategy itself is imported as if it were a module.
    case importsItself(module: String, file: String, importedAt: String)
    /// Helper modules that import each other.
    case importCycle(modules: [String], importedAt: String)
    /// No Swift compiler is found.
    case noCompiler(searched: String)
    /// The modules that strategies are compiled against are not found.
    case noModules(searched: [String])
    /// The compiler's own messages.
    case doesNotCompile(diagnostics: String)
    /// The compiler was killed or cannot be started.
    case compilerFailed(reason: String)
    /// A signal ended the wait for the compiler.
    case interrupted(signal: Int32)
    /// The folder of compiled strategies, or the file to be written, cannot be used.
    case notWritten(DiskError)
    /// The sources were changed again and again while they were compiled.
    case keepsChanging(path: String)
    /// A library that holds no strategy.
    case notALibrary(path: String)
    /// A library made by or for another build of jqtrade.
    case otherBuild(path: String)
    /// The system cannot load the library.
    case notLoadable(path: String, reason: String)
}

extension StrategyError: CustomStringConvertible {
    /// What is wrong, where, and what to do.
    public var description: String { aboutTheCode ?? aboutImports ?? aboutBuilding }

    private var aboutTheCode: String? {
        switch self {
        case .absent(let path): "there is no strategy at \(path); check the path after -c"
        case .unreadable(let error): "the strategy cannot be read: \(error)"
        case .notAStrategy(let path):
            "\(path) is not a strategy: give a .swift file, a folder of .swift files, or a library made by build_strategy"
        case .emptyFolder(let path): "the folder \(path) holds no .swift file, so there is no strategy in it"
        case .noInitialize(let path, nil):
            "\(path) has no process_initialize; write func process_initialize(_ context: Context) outside any type"
        case .noInitialize(_, .some(let place)):
            "\(place) but no process_initialize; jqtrade calls only that: "
                + "move it to func process_initialize(_ context: Context) and set the jobs with run_daily"
        default: nil
        }
    }

    private var aboutImports: String? {
        switch self {
        case .reservedName(let module, let file, let place):
            "\(place): import \(module) would mean \(file), but \(module) is a module of the system or of jqtrade; "
                + "give the file another name"
        case .privateModule(let module, let place):
            "\(place): \(module) is an inner part of jqtrade; a strategy imports JQTrade only"
        case .importsItself(let module, let file, let place):
            "\(place): \(file) is a part of the strategy already; remove import \(module)"
        case .importCycle(let modules, let place):
            "\(place): these modules import each other: \(modules.joined(separator: " → ")); "
                + "move what both need into a third"
        default: nil
        }
    }

    private var aboutBuilding: String {
        switch self {
        case .noCompiler(let searched):
            "no Swift compiler: there is no swiftc in PATH (\(searched)); install Swift from swift.org, add it to PATH, "
                + "or start a library that was made by build_strategy on another machine"
        case .noModules(let searched):
            "the module JQTrade is not beside this program (looked in \(searched.joined(separator: ", "))); "
                + "install jqtrade whole, or name the folder of its modules in JQTRADE_MODULES"
        case .doesNotCompile(let diagnostics): diagnostics
        case .compilerFailed(let reason): "the Swift compiler did not do its work: \(reason)"
        case .interrupted(let signal): "the compilation was ended by \(signalName(signal) ?? "signal \(signal)")"
        case .notWritten(let error): "the compiled strategy cannot be saved: \(error)"
        case .keepsChanging(let path): "\(path) changes while it is compiled; start it when it is saved"
        case .notALibrary(let path):
            "\(path) is not a library of a strategy; make one with jqtrade build_strategy -c CODE -o OUT"
        case .otherBuild(let path):
            "\(path) was made for another build of jqtrade and is not run; "
                + "make it again with this jqtrade's build_strategy"
        case .notLoadable(let path, let reason): "the library \(path) cannot be loaded: \(reason)"
        default: ""
        }
    }
}
