import Gates

/// Says each thing once, until it changes: a folder that is looked at every five seconds must not fill the log.
final class GateLog {
    private let write: (GateLogLevel, String) -> Void
    private var said: [String: String] = [:]

    init(_ write: @escaping (GateLogLevel, String) -> Void) { self.write = write }

    /// Says it.
    func say(_ level: GateLogLevel, _ text: String) { write(level, text) }

    /// Says of a subject what has not been said of it last; true if it was said now.
    @discardableResult
    func change(_ subject: String, _ level: GateLogLevel, _ text: String) -> Bool {
        if said[subject] == text { return false }
        said[subject] = text
        write(level, text)
        return true
    }

    /// Says of a subject the first thing alone; true if it was said now.
    func once(_ subject: String, _ level: GateLogLevel, _ text: String) -> Bool {
        said[subject] == nil && change(subject, level, text)
    }

    /// The subject is well again; says so if something was said of it.
    func settle(_ subject: String, _ text: String? = nil) {
        if said.removeValue(forKey: subject) != nil, let text { write(.info, text) }
    }
}

/// Bytes of somebody else's file as a log can show them.
func shown(_ bytes: some Collection<UInt8>) -> String {
    let hex = Array("0123456789abcdef")
    var text = ""
    for byte in bytes.prefix(400) {
        switch byte {
        case 0x20...0x7E where byte != 0x5C: text.unicodeScalars.append(Unicode.Scalar(byte))
        default: text += "\\x\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
        }
    }
    return bytes.count > 400 ? text + "… (\(bytes.count) bytes)" : text
}
