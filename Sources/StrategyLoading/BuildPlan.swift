/// What a strategy is built from, read once, and the key that this amounts to.
struct BuildPlan {
    let strategy: [SourceFile]
    let helpers: [HelperModule]
    let stamp: BuildStamp
    /// Names what is built: the sources, the modules and this program.
    let sourceKey: String
    /// Names the build: with the compiler, whatever could make it give another library is in it.
    let key: String

    /// Reads the sources and helpers of a strategy; `program` is the build-id of jqtrade itself.
    init(
        _ strategy: [SourceFile], helpersIn folders: [String], toolchain: Toolchain, program: String
    ) throws(StrategyError) {
        let taken = TakenModules(modules: toolchain.modules, system: toolchain.systemModules)
        self.strategy = strategy
        helpers = try HelperModules(of: strategy, in: folders, taken: taken).found

        stamp = BuildStamp(program: program, modules: try Toolchain.hash(ofModules: toolchain.modules))

        var key = ContentHash()
        for text in CompilerArguments.common { key.add(text) }
        key.add(stamp.text)
        // The generated entry's own form, and where jqtrade looks for things, are fixed by the program's build-id.
        BuildPlan.add(strategy, to: &key)
        for helper in helpers {
            key.add(helper.name)
            switch helper.origin {
            case .sources(let sources): BuildPlan.add(sources, to: &key)
            case .prebuilt(let module, let library):
                key.add(module)
                for content in try fileContents(at: module) { key.add(content) }
                key.add(library)
                key.add(try fileContent(at: library))
            }
        }
        sourceKey = key.text
        var compiler = ContentHash()
        compiler.add(toolchain.compilerIdentity)
        self.key = "\(sourceKey)-\(compiler.text.prefix(16))"
    }

    private static func add(_ sources: [SourceFile], to key: inout ContentHash) {
        key.add("\(sources.count)")
        for source in sources {
            key.add(source.path)
            key.add(source.bytes)
        }
    }

    /// The sources of the helpers.
    var helperSources: [SourceFile] {
        helpers.flatMap { helper -> [SourceFile] in
            if case .sources(let sources) = helper.origin { sources } else { [] }
        }
    }
}
