import Notation

/// The parameters that a run was given, and those that its strategy has asked for: a name that nobody asks for is mostly
/// a typing error, which would make every run of a sweep the same.
struct ParameterRegister {
    private let given: [JSON.Member]
    private(set) var asked: Set<String> = []

    init(_ given: [JSON.Member]) { self.given = given }

    /// The text of a parameter that the strategy asks for; nil if it was not given.
    mutating func text(of name: String) -> String? {
        // Strategies ask at every bar: most names are known.
        if !asked.contains(name) { asked.insert(name) }
        return given.last { $0.name == name }?.value.string
    }

    /// What is to be said at READY, when jobs may still ask for more: of the names given, those that look like one that
    /// `process_initialize` asked for in vain.
    var likelySlips: [String] {
        let names = given.map(\.name)
        return names.filter { !asked.contains($0) }.compactMap { name in
            nearest(to: name, in: asked.subtracting(names).sorted()).map {
                "process_initialize did not ask for the parameter \(name), but for \($0): if a job does not ask for it, "
                    + "give it as --param \($0)=…"
            }
        }
    }
}

/// What is to be said of the parameters that were given and that nobody had asked for when all was done.
public func strayParameters(given: [String], asked: Set<String>) -> [String] {
    given.filter { !asked.contains($0) }.map { name in
        let unused = asked.subtracting(given).sorted()
        let words =
            if let meant = nearest(to: name, in: unused) ?? nearest(to: name, in: asked.sorted()) {
                "did you mean \(meant)?"
            } else {
                asked.isEmpty ? "it asked for none" : "it asked for \(asked.sorted().joined(separator: ", "))"
            }
        return "the strategy did not ask for the parameter \(name), which changed nothing: \(words)"
    }
}
