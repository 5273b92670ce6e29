/// The compiler's messages as a strategy's author should read them.
struct Diagnostics {
    /// The messages, ready to print.
    let text: String

    /// Takes what the compiler wrote and makes messages about the generated entry ones about the author's functions.
    init(_ output: [UInt8], strategy: [SourceFile], searched: [String]) {
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        var kept: [String] = []
        var index = 0
        while index < lines.count {
            let line = String(lines[index])
            let next = index + 1 < lines.count ? lines[index + 1] : ""
            if let function = EntryFile.functions.first(where: { EntryFile.bindingLine($0) == next }) {
                kept.append(Diagnostics.aboutFunction(function, line, strategy))
                index += 3  // The message, the generated line, and the marks under it.
                continue
            }
            if !Diagnostics.isOfTheDriver(line) { kept.append(line) }
            index += 1
        }
        while kept.last?.isEmpty == true { kept.removeLast() }
        let messages = kept.joined(separator: "\n")
        text = ([messages] + Diagnostics.hints(for: messages, strategy, searched)).filter { !$0.isEmpty }
            .joined(separator: "\n")
    }

    private static func aboutFunction(
        _ function: EntryFile.LifeCycleFunction, _ message: String, _ strategy: [SourceFile]
    ) -> String {
        guard let (file, place) = strategy.place(of: function.name) else { return message }
        let kind = message.contains(": warning: ") ? "warning" : "error"
        let reason = message.range(after: ": \(kind): ")
        return "\(file.path):\(place.line):\(place.column): \(kind): \(function.name) must be declared as "
            + "\(function.signature), throws or not; the compiler says: \(reason)"
    }

    /// Lines about the compiler's own processes, which follow the messages that matter.
    private static func isOfTheDriver(_ line: String) -> Bool {
        line == "error: fatalError"
            || line.hasPrefix("error: ") && line.contains(" command failed with exit code ")
    }

    private static func hints(for messages: String, _ strategy: [SourceFile], _ searched: [String]) -> [String] {
        var hints: [String] = []
        if messages.contains("error: "), !strategy.contains(where: { $0.imports.contains { $0.module == "JQTrade" } }) {
            hints.append("note: no file of this strategy begins with: import JQTrade")
        }
        if messages.contains("error: no such module ") {
            hints.append(
                "note: modules of your own are looked for in \(searched.joined(separator: ", ")); "
                    + "add folders with JQTRADE_PATH")
        }
        if messages.contains("module compiled with Swift ") {
            hints.append("note: this jqtrade was built by another Swift; use that swiftc, or build jqtrade again")
        }
        return hints
    }
}

extension String {
    /// What follows the first occurrence of a text; everything if there is none.
    fileprivate func range(after text: String) -> Substring {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return self[start...].dropFirst(text.count) }
            start = index(after: start)
        }
        return self[...]
    }
}
