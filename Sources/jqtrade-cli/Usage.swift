import Tasks

/// The help texts, made from the commands' forms.
enum Usage {
    static let programLine = "usage: jqtrade [-h] [-V] COMMAND [OPTIONS]"

    static func program(_ commands: [CommandLineForm]) -> String {
        var text = """
            \(programLine)

            Runs JoinQuant-style trading strategies on this machine like services.

            commands:

            """
        let width = (commands.map(\.name.count).max() ?? 0) + 2
        for command in commands {
            text += "  \(padded(command.name, width))\(command.summary)\n"
        }
        text += "\noptions:\n"
        text += "  -h, --help     show this help, or a command's with `jqtrade COMMAND -h`\n"
        text += "  -V, --version  show the version\n"
        text += "\nexit codes:\n"
        for code in ExitCode.allCases { text += "  \(padded(String(code.rawValue), 5))\(code.meaning)\n" }
        text += "\nfirst steps:\n"
        text += "  jqtrade start_task -c strategies/demo.swift -n demo\n"
        text += "  jqtrade get_tasks\n"
        text += "  jqtrade stop_task -n demo"
        return text
    }

    /// The command's form on as many lines as it needs.
    static func line(_ form: CommandLineForm) -> String {
        let head = "usage: jqtrade \(form.name)"
        var words = form.options.map { option in
            let name = option.short.map { "-\($0)" } ?? "--\(option.long)"
            let word = "\(name)\(option.value.map { " \($0)" } ?? "")"
            return (option.isRequired ? word : "[\(word)]") + (option.isRepeatable ? "…" : "")
        }
        if let operands = form.operands { words.append(operands) }
        var lines = [head]
        for word in ["[-h]"] + words {
            if lines[lines.count - 1].count + word.count >= 80 { lines.append(padded("", head.count)) }
            lines[lines.count - 1] += " " + word
        }
        return lines.joined(separator: "\n")
    }

    static func command(_ form: CommandLineForm) -> String {
        var text = line(form) + "\n\n" + form.summary + "\n\noptions:\n"
        let heads = form.options.map { option in
            let short = option.short.map { "-\($0), " } ?? "    "
            return "\(short)--\(option.long)\(option.value.map { " \($0)" } ?? "")"
        }
        let width = min((heads.map(\.count).max() ?? 0) + 2, 28)
        for (head, option) in zip(["-h, --help"] + heads, ["show this help"] + form.options.map(\.help)) {
            let lines = option.split(separator: "\n", omittingEmptySubsequences: false)
            let first = head.count < width ? padded(head, width) : head + "\n  " + padded("", width)
            text += "  \(first)\(lines.first ?? "")\n"
            for line in lines.dropFirst() { text += "  \(padded("", width))\(line)\n" }
        }
        if !form.notes.isEmpty { text += "\n" + form.notes + "\n" }
        return String(text.dropLast())
    }
}

/// The text, with blanks behind it up to a width.
func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - displayWidth(text)))
}

/// Rows of as many columns each, one below the other.
func aligned(_ rows: [[String]]) -> String {
    guard let columns = rows.first?.indices else { return "" }
    let widths = columns.map { column in rows.map { displayWidth($0[column]) }.max() ?? 0 }
    return rows.map { row in
        zip(row, widths).dropLast().map { padded($0, $1 + 2) }.joined() + (row.last ?? "")
    }.joined(separator: "\n")
}

/// The columns that a text takes on a terminal: a Chinese character takes two.
func displayWidth(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { width, scalar in
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x20000...0x3FFFD:
            width + 2
        default:
            scalar.properties.generalCategory == .nonspacingMark ? width : width + 1
        }
    }
}
