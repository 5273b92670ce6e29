import Market
import Notation

/// How entries are written down.
public enum LogFormat: String, Sendable {
    /// `2026-11-20 09:30:00.123 INFO  demo  message`; further lines of a message are indented.
    case text
    /// One JSON object a line: `time`, `level`, `task`, `job` (if any), `message`.
    case json

    /// The bytes of an entry, with the line break that ends it.
    public func bytes(of entry: LogEntry) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entry.message.utf8.count + 64)
        switch self {
        case .text:
            bytes += entry.time.description.utf8
            bytes += " \(entry.level.name)".utf8
            bytes += repeatElement(UInt8(ascii: " "), count: 6 - entry.level.name.utf8.count)
            bytes += entry.task.utf8
            bytes += "  ".utf8
            appendHarmless(entry.message, to: &bytes)
        case .json:
            var members = [
                JSON.Member("time", .text(entry.time.iso8601Milliseconds)),
                JSON.Member("level", .text(entry.level.name)), JSON.Member("task", .text(entry.task)),
            ]
            if let job = entry.job { members.append(JSON.Member("job", .text(job))) }
            members.append(JSON.Member("message", .text(entry.message)))
            JSON.object(members).append(to: &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}

extension MarketTime {
    /// `2026-11-20T09:30:00.123+08:00`.
    fileprivate var iso8601Milliseconds: String {
        let parts = description.split(separator: " ")
        return parts.joined(separator: "T") + iso8601.suffix(6)
    }
}

/// Writes a message so that it cannot pose as another entry or command a terminal: its further lines are indented, and
/// control characters are written out (`\x1b`).
private func appendHarmless(_ message: String, to bytes: inout [UInt8]) {
    var message = message
    let isPlain = message.withUTF8 { utf8 in
        // C2 and E2 begin the UTF-8 of all harmful characters beyond ASCII, and of some good ones.
        utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != 0xC2 && $0 != 0xE2 }
    }
    if isPlain {
        bytes += message.utf8
        return
    }
    var scalars = Array(message.unicodeScalars)
    while let last = scalars.last, last == "\n" || last == "\r" { scalars.removeLast() }
    for (index, scalar) in scalars.enumerated() {
        switch scalar {
        case "\n": bytes += "\n    ".utf8
        case "\r" where scalars[index + 1] == "\n": break
        case _ where isHarmful(scalar): bytes += "\\x\(String(scalar.value, radix: 16))".utf8
        default: bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        }
    }
}

/// True for control characters but the tab, and for those that break a line or turn the direction of writing.
private func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09: false
    case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}
