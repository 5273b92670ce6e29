/// The compiler's messages as a strategy's author should read them.
struct Diagnostics {
    /// The messages, ready to print; empty if there is none.
    let text: String

    /// Takes what the compiler wrote: messages about the generated entry become ones about the author's functions, and
    /// what only speaks of jqtrade's own sources or the compiler's own processes is left out.
    init(_ output: [UInt8], strategy: [SourceFile], helpers: [SourceFile] = [], searched: [String] = []) {
        let own = (strategy + helpers).map { $0.path + ":" }
        let messages = Diagnostics.messages(in: output).filter { message in
            if message.kind == .note, let path = message.place { return own.contains { path.hasPrefix($0) } }
            return !message.isOfTheDriver
        }
        let lines = messages.flatMap { $0.about(strategy) }
        text = (lines + Diagnostics.hints(for: messages, strategy, searched)).joined(separator: "\n")
    }

    /// One message: its first line, then the source and the marks under it.
    private struct Message {
        enum Kind: String, CaseIterable { case error, warning, note, remark }

        var lines: [Substring]
        let kind: Kind?
        /// `file:line:column`, where it has one.
        let place: Substring?
        let sentence: Substring

        init(_ line: Substring) {
            lines = [line]
            for kind in Kind.allCases {
                let mark = "\(kind): "
                if line.hasPrefix(mark) {
                    (self.kind, place, sentence) = (kind, nil, line.dropFirst(mark.count))
                    return
                }
                if let (before, after) = line.cut(at: ": \(mark)") {
                    (self.kind, place, sentence) = (kind, before, after)
                    return
                }
            }
            (kind, place, sentence) = (nil, nil, line)
        }

        /// About a process of the compiler; the message that matters came before.
        var isOfTheDriver: Bool {
            kind == .error && place == nil
                && (sentence == "fatalError" || sentence.cut(at: " command failed with exit code ") != nil)
        }

        func about(_ strategy: [SourceFile]) -> [String] {
            let generated = EntryFile.functions.first { lines.count > 1 && EntryFile.bindingLine($0) == lines[1] }
            guard let generated, let kind, let (file, name) = strategy.place(of: generated.name) else {
                return lines.map(String.init)
            }
            return [
                "\(file.path):\(name.line):\(name.column): \(kind): \(generated.name) must be declared as "
                    + "\(generated.signature), throws or not; the compiler says: \(sentence)"
            ]
        }
    }

    private static func messages(in output: [UInt8]) -> [Message] {
        var messages: [Message] = []
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let message = Message(line)
            if message.kind == nil, !messages.isEmpty {
                messages[messages.count - 1].lines.append(line)
            } else {
                messages.append(message)
            }
        }
        return messages
    }

    private static func hints(for messages: [Message], _ strategy: [SourceFile], _ searched: [String]) -> [String] {
        let errors = messages.filter { $0.kind == .error }
        var hints: [String] = []
        if !errors.isEmpty, !strategy.contains(where: { $0.imports.contains { $0.module == "JQTrade" } }) {
            hints.append("note: a strategy begins with: import JQTrade")
        }
        if errors.contains(where: { $0.sentence.hasPrefix("no such module ") }) {
            let folders = searched.joined(separator: ", ")
            hints.append("note: modules of your own are looked for in \(folders); add folders with JQTRADE_PATH")
        }
        if errors.contains(where: { $0.sentence.hasPrefix("module compiled with Swift ") }) {
            hints.append("note: this jqtrade was built by another Swift; put that swiftc first in PATH, or build again")
        }
        return hints
    }
}

extension Substring {
    /// What stands before and after the first occurrence of a text.
    fileprivate func cut(at text: String) -> (before: Substring, after: Substring)? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return (self[..<start], self[start...].dropFirst(text.count)) }
            start = index(after: start)
        }
        return nil
    }
}
