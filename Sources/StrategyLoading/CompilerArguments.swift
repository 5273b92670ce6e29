import Storage

/// The command lines of `swiftc`.
///
/// Strategies are compiled in language mode 5, where a plain global variable is allowed; with `-enable-testing`, so that
/// their functions have names at run time; with `-g`, so that a crash names file and line; and as one unit, which is
/// quickest for sources of this size. JQTrade's symbols stay undefined: they are found in the program that loads the
/// library, so that there is one JQTrade in the process.
struct CompilerArguments {
    static let common = [
        "-swift-version", "5", "-parse-as-library", "-O", "-g", "-enable-testing", "-wmo", "-no-color-diagnostics",
        "-diagnostic-style", "llvm",
    ]

    /// The folder that holds `JQTrade.swiftmodule`.
    let modules: String
    /// Where the build's own files lie.
    let work: String
    let helpers: [HelperModule]

    /// Compiles a helper module to one object file and the module for those that import it.
    func helper(_ name: String, _ sources: [SourceFile]) -> [String] {
        Self.common + ["-module-name", name] + searched
            + ["-emit-module", "-emit-module-path", "\(work)/\(name).swiftmodule", "-c", "-o", "\(work)/\(name).o"]
            + sources.map(\.path)
    }

    /// Compiles a strategy and links it with its helpers to one library.
    func strategy(module: String, _ sources: [SourceFile], entry: String, library: String) -> [String] {
        Self.common + ["-module-name", module] + searched + ["-emit-library", "-o", library] + Platform.linkFlags
            + linked + sources.map(\.path) + [entry]
    }

    private var searched: [String] {
        var folders = [modules, work]
        for case .prebuilt(let module, _) in helpers.map(\.origin) where !folders.contains(parentFolder(of: module)) {
            folders.append(parentFolder(of: module))
        }
        return folders.flatMap { ["-I", $0] }
    }

    private var linked: [String] {
        helpers.flatMap { helper in
            switch helper.origin {
            case .sources: ["\(work)/\(helper.name).o"]
            case .prebuilt(_, let library): [library, "-Xlinker", "-rpath", "-Xlinker", parentFolder(of: library)]
            }
        }
    }
}
