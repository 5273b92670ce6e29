/// A Swift source and what can be seen in it without a compiler.
struct SourceFile {
    /// A function outside any type, and the place of its name.
    struct Function: Equatable {
        let name: String
        let line: Int
        let column: Int
    }

    /// `import Name`.
    struct Import: Equatable {
        let module: String
        let line: Int
    }

    /// A call of `set_options` and the names written in it.
    struct OptionCall: Equatable {
        let labels: [String]
        let line: Int
    }

    let path: String
    let bytes: [UInt8]
    let imports: [Import]
    let functions: [Function]
    let optionCalls: [OptionCall]
    /// True if each bracket is closed.
    let isBalanced: Bool

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        let tokens = SwiftTokens(bytes)
        var imports: [Import] = []
        var functions: [Function] = []
        var optionCalls: [OptionCall] = []
        for (index, token) in tokens.tokens.enumerated() {
            if token.depth == 0, tokens.isToken(index, "import"), let module = tokens.importedModule(index) {
                imports.append(Import(module: module, line: token.line))
            } else if token.depth == 0, tokens.isToken(index, "func"), let name = tokens.word(index + 1) {
                let place = tokens.tokens[index + 1]
                functions.append(Function(name: name, line: place.line, column: place.column))
            } else if tokens.isToken(index, "set_options"), tokens.isToken(index + 1, "(") {
                optionCalls.append(OptionCall(labels: tokens.labels(index + 1), line: token.line))
            }
        }
        self.imports = imports
        self.functions = functions
        self.optionCalls = optionCalls
        isBalanced = tokens.isBalanced
    }

    /// Reads a source.
    static func read(_ path: String) throws(StrategyError) -> SourceFile {
        SourceFile(path: path, bytes: try fileContent(at: path))
    }
}

extension SwiftTokens {
    /// The module that an `import` names: `import X`, `import X.Y`, `import struct X.Y`.
    fileprivate func importedModule(_ index: Int) -> String? {
        guard index == 0 || !isToken(index - 1, ".") else { return nil }
        let kinds: [String] = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor"]
        guard let first = word(index + 1) else { return nil }
        return kinds.contains(first) && word(index + 2) != nil ? word(index + 2) : first
    }

    /// The names of the arguments of a call whose opening bracket is at an index; "" for one without a name.
    fileprivate func labels(_ opening: Int) -> [String] {
        let inside = tokens[opening].depth + 1
        var labels: [String] = []
        var index = opening + 1
        var isFirst = true
        while index < tokens.count, tokens[index].depth >= inside,
            !(tokens[index].depth == inside && isToken(index, ")"))
        {
            if isFirst { labels.append(isToken(index + 1, ":") ? word(index) ?? "" : "") }
            isFirst = tokens[index].depth == inside && isToken(index, ",")
            index += 1
        }
        return labels
    }
}
