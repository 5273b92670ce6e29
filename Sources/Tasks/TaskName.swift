/// A task's name, checked: it becomes the name of a folder, so nothing else may pass for one.
public struct TaskName: Hashable, Sendable, CustomStringConvertible {
    /// The name, in the composed normal form, so that one name is one folder however it was typed.
    public let text: String

    /// The name, or the sentence that says what is wrong with it.
    public init(_ raw: String) throws(TaskNameError) {
        let text = String(decoding: raw._nfcCodeUnits, as: UTF8.self)
        guard !text.isEmpty else { throw TaskNameError(name: raw, reason: "is empty") }
        guard text.count <= 64 else { throw TaskNameError(name: raw, reason: "has \(text.count) characters") }
        guard text.utf8.count <= 200 else { throw TaskNameError(name: raw, reason: "has \(text.utf8.count) bytes") }
        for (index, character) in text.enumerated() {
            guard isWord(character) || (index > 0 && "._-".contains(character)) else {
                throw TaskNameError(name: raw, reason: "has \(quoted(character)) as character \(index + 1)")
            }
        }
        self.text = text
    }

    /// The name itself.
    public var description: String { text }
}

/// True for a letter or digit of any script with its marks, and nothing invisible between them.
private func isWord(_ character: Character) -> Bool {
    (character.isLetter || character.isNumber)
        && character.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark:
                true
            default: false
            }
        }
}

/// A name that no task can have.
public struct TaskNameError: Error, CustomStringConvertible {
    let name: String
    let reason: String

    /// What is wrong and what to do.
    public var description: String {
        "The task name \"\(name)\" \(reason). A name is 1 to 64 letters, digits, '.', '_' or '-' (at most 200 bytes)"
            + " and begins with a letter or digit: choose another with -n."
    }
}

private func quoted(_ character: Character) -> String {
    let isPrintable = character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    if isPrintable { return "'\(character)'" }
    return character.unicodeScalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }.joined(separator: " ")
}
