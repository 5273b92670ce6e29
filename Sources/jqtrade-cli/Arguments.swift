import Notation

/// What a command takes on its line.
struct CommandLineForm {
    /// One option of a command.
    struct Option {
        var short: Character?
        let long: String
        /// The placeholder of its value; nil for a switch.
        var value: String?
        var isRepeatable = false
        /// The command does nothing without it.
        var isRequired = false
        let help: String
    }

    let name: String
    /// One line for the list of commands.
    let summary: String
    let options: [Option]
    /// The operands' placeholder, if the command takes any.
    var operands: String?
    /// What `--help` says below the options.
    var notes = ""
}

/// A command line that cannot be followed: the sentence goes to stderr below the usage, exit code 2.
struct UsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The options of one command line, checked against the command's form.
struct Arguments {
    private var values: [String: [String]] = [:]
    private(set) var operands: [String] = []

    /// Reads the words after the command's name: `-n demo`, `-ndemo`, `--name demo`, `--name=demo`, `--` ends options.
    init(_ words: [String], for form: CommandLineForm) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            guard word.hasPrefix("-"), word.count > 1 else {
                operands.append(word)
                continue
            }
            try take(word, from: &rest, form)
        }
        if form.operands == nil, let stray = operands.first {
            throw UsageError("\"\(stray)\" is not an option of \(form.name).")
        }
    }

    private mutating func take(
        _ word: String, from rest: inout ArraySlice<String>, _ form: CommandLineForm
    ) throws(UsageError) {
        let (option, attached) = try Self.find(word, in: form)
        let name = "--\(option.long)"
        if values[option.long] != nil, !option.isRepeatable {
            throw UsageError("\(name) is given twice: give it once.")
        }
        guard let placeholder = option.value else {
            guard attached == nil else { throw UsageError("\(name) takes no value.") }
            values[option.long] = ["true"]
            return
        }
        guard let value = attached ?? rest.popFirst() else {
            throw UsageError("\(name) asks for a value: \(name) \(placeholder)")
        }
        values[option.long, default: []].append(value)
    }

    private static func find(
        _ word: String, in form: CommandLineForm
    ) throws(UsageError) -> (CommandLineForm.Option, attached: String?) {
        if word.hasPrefix("--") {
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first.map(String.init) ?? ""
            if let option = form.options.first(where: { $0.long == name }) {
                return (option, parts.count > 1 ? String(parts[1]) : nil)
            }
            let hint = nearest(to: name, in: form.options.map(\.long)).map { " Did you mean --\($0)?" } ?? ""
            throw UsageError("--\(name) is not an option of \(form.name).\(hint)")
        }
        let letter = word[word.index(after: word.startIndex)]
        guard let option = form.options.first(where: { $0.short == letter }) else {
            throw UsageError("-\(letter) is not an option of \(form.name).")
        }
        let attached = word.dropFirst(2)
        return (option, attached.isEmpty ? nil : String(attached))
    }

    /// True when the switch is given.
    func has(_ long: String) -> Bool { values[long] != nil }
    /// The option's value, if it is given.
    func value(_ long: String) -> String? { values[long]?.last }
    /// All values of a repeatable option.
    func all(_ long: String) -> [String] { values[long] ?? [] }

    /// The value of an option that must be there.
    func required(_ long: String, _ form: CommandLineForm) throws(UsageError) -> String {
        guard let value = value(long) else {
            let option = form.options.first { $0.long == long }
            let short = option?.short.map { "-\($0) " } ?? "--\(long) "
            throw UsageError("\(form.name) needs \(short)\(option?.value ?? ""): \(option?.help ?? "").")
        }
        return value
    }

    /// One of the words that an option knows.
    func word(_ long: String, of known: [String], default standard: String) throws(UsageError) -> String {
        guard let value = value(long) else { return standard }
        guard known.contains(value) else {
            throw UsageError("--\(long) is one of \(known.joined(separator: ", ")), not \"\(value)\".")
        }
        return value
    }

    /// A positive number of seconds.
    func seconds(_ long: String, default standard: Double) throws(UsageError) -> Double {
        guard let value = value(long) else { return standard }
        guard let seconds = Double(value), seconds > 0, seconds <= 86_400 else {
            throw UsageError("--\(long) asks for seconds from 0 to 86400, not \"\(value)\".")
        }
        return seconds
    }

    /// `NAME=VALUE` pairs; the value is all that follows the first `=`.
    func pairs(_ long: String) throws(UsageError) -> [(name: String, value: String)] {
        var pairs: [(String, String)] = []
        for text in all(long) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw UsageError("--\(long) \"\(text)\" is not NAME=VALUE.")
            }
            pairs.append((String(parts[0]), String(parts[1])))
        }
        return pairs
    }
}
