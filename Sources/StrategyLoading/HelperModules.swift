import Storage

/// A module that a strategy imports and that is none of the system's or of jqtrade's.
struct HelperModule {
    /// Where it comes from.
    enum Origin {
        /// Compiled into the strategy's library.
        case sources([SourceFile])
        /// Compiled by somebody else: its module and its library.
        case prebuilt(module: String, library: String)
    }

    let name: String
    let origin: Origin
}

/// Finds the helper modules of a strategy: only those that it imports, directly or through other helpers, each after
/// those that it imports itself.
///
/// `Name.swift`, a folder `Name/` of Swift files, or `Name.swiftmodule` with `libName.so` in one of `folders` is the
/// module `Name`; the first folder that has one wins.
struct HelperModules {
    let folders: [String]
    /// Modules that exist already and are not helpers.
    let taken: TakenModules
    private let strategyFiles: Set<String>

    private(set) var found: [HelperModule] = []
    /// The modules whose imports are being followed, from the strategy inwards.
    private var path: [String] = []

    init(of strategy: [SourceFile], in folders: [String], taken: TakenModules) throws(StrategyError) {
        self.folders = folders
        self.taken = taken
        strategyFiles = Set(strategy.map(\.path))
        try follow(strategy)
    }

    private mutating func follow(_ sources: [SourceFile]) throws(StrategyError) {
        for source in sources {
            for statement in source.imports {
                try add(statement.module, importedAt: "\(source.path):\(statement.line)")
            }
        }
    }

    private mutating func add(_ name: String, importedAt place: String) throws(StrategyError) {
        if let start = path.firstIndex(of: name) {
            throw .importCycle(modules: path[start...] + [name], importedAt: place)
        }
        if found.contains(where: { $0.name == name }) { return }
        guard let origin = try locate(name, importedAt: place) else {
            if taken.isPrivate(name) { throw .privateModule(module: name, importedAt: place) }
            return
        }
        path.append(name)
        if case .sources(let sources) = origin { try follow(sources) }
        path.removeLast()
        found.append(HelperModule(name: name, origin: origin))
    }

    /// Where a module comes from; nil leaves it to the compiler.
    private func locate(_ name: String, importedAt place: String) throws(StrategyError) -> HelperModule.Origin? {
        for folder in folders {
            let base = "\(folder)/\(name)"
            if try FileKind(of: "\(base).swift") == .file {
                try check(name, "\(base).swift", place)
                return .sources([try SourceFile.read("\(base).swift")])
            }
            if try FileKind(of: base) == .folder {
                let files = try StrategyCode.swiftFiles(in: base)
                if !files.isEmpty {
                    try check(name, base, place)
                    return .sources(try StrategyCode.read(files))
                }
            }
            let library = "\(folder)/lib\(name).\(Platform.libraryExtension)"
            if try FileKind(of: "\(base).swiftmodule") != nil, try FileKind(of: library) == .file {
                try check(name, "\(base).swiftmodule", place)
                return .prebuilt(module: "\(base).swiftmodule", library: library)
            }
        }
        return nil
    }

    private func check(_ name: String, _ file: String, _ place: String) throws(StrategyError) {
        if taken.contains(name) { throw .reservedName(module: name, file: file, importedAt: place) }
        if strategyFiles.contains(file) { throw .importsItself(module: name, file: file, importedAt: place) }
    }
}

/// The names of modules that are not a strategy's to give.
struct TakenModules {
    /// The folder of jqtrade's own modules.
    let modules: String
    /// The folder of the compiler's modules.
    let system: String

    /// The modules that a strategy sees: JQTrade and those whose types it speaks of.
    static let ofStrategies = ["JQTrade", "Gates", "Market", "Notation"]
    /// System modules that are not files of the compiler's folder on every platform.
    private static let ofSystems: Set<String> = [
        "Swift", "Foundation", "Dispatch", "Glibc", "Musl", "Darwin", "XCTest", "Testing", "CoreFoundation",
    ]

    /// True for a module of the system or of jqtrade.
    func contains(_ name: String) -> Bool {
        Self.ofSystems.contains(name) || exists("\(system)/\(name).swiftmodule") || isOurs(name)
    }

    /// True for a room of jqtrade that strategies have no business in.
    func isPrivate(_ name: String) -> Bool {
        !Self.ofStrategies.contains(name) && !Self.ofSystems.contains(name) && isOurs(name)
    }

    private func isOurs(_ name: String) -> Bool {
        Self.ofStrategies.contains(name) || exists("\(modules)/\(name).swiftmodule")
    }

    private func exists(_ path: String) -> Bool { (try? FileKind(of: path)) ?? nil != nil }
}

/// What differs between the platforms that strategies are built on.
enum Platform {
    #if os(macOS)
        static let libraryExtension = "dylib"
        static let systemModules = "macosx"
        /// JQTrade's symbols stay open until the program loads the library.
        static let linkFlags = ["-Xlinker", "-undefined", "-Xlinker", "dynamic_lookup"]
    #else
        static let libraryExtension = "so"
        static let systemModules = "linux"
        static let linkFlags: [String] = []
    #endif
}
