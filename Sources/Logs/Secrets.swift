/// True if a variable of this name probably holds a secret: one with TOKEN, SECRET, PASSWORD, PASSWD or KEY in it.
public func looksSecret(_ name: String) -> Bool {
    let name = Array(name.uppercased().utf8)
    return ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "KEY"].contains { word in
        name.indices.contains { name[$0...].starts(with: word.utf8) }
    }
}

/// Takes secrets out of what is written to a log.
public struct SecretFilter: Sendable {
    /// Longest first, so that a secret that another begins with does not leave the other's end.
    private let values: [[UInt8]]

    /// Nothing is secret.
    public static let none = SecretFilter(values: [])

    /// These values are secret; ones of fewer than six letters are not, for they stand in too many words.
    public init(values: some Sequence<String>) {
        self.values = Set(values).filter { $0.count >= 6 }.map { Array($0.utf8) }.sorted { $0.count > $1.count }
    }

    /// A text in which each secret is `***`.
    public func masking(_ text: String) -> String {
        if values.isEmpty { return text }
        let bytes = Array(text.utf8)
        var shown: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if let secret = values.first(where: { bytes[at...].starts(with: $0) }) {
                shown += "***".utf8
                at += secret.count
            } else {
                shown.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: shown, as: UTF8.self)
    }
}
