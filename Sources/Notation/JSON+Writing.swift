extension JSON {
    /// The value on one line, without spaces.
    public var compact: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value for a reader: a line for each member and element, indented by two spaces.
    public var pretty: String {
        var bytes: [UInt8] = []
        append(to: &bytes, indent: 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes the value behind these bytes as `compact` does. What JSON has no number for becomes `null`.
    public func append(to bytes: inout [UInt8]) { append(to: &bytes, indent: nil) }

    /// `indent` is the depth of the lines inside, nil for a single line.
    private func append(to bytes: inout [UInt8], indent: Int?) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += value ? "true".utf8 : "false".utf8
        case .integer(let value): bytes += value.description.utf8
        case .number(let value): bytes += value.isFinite ? value.description.utf8 : "null".utf8
        case .text(let text): JSON.append(quoted: text, to: &bytes)
        case .list(let elements):
            Self.append(
                elements, between: UInt8(ascii: "["), UInt8(ascii: "]"), to: &bytes, indent: indent
            ) { element, bytes, indent in element.append(to: &bytes, indent: indent) }
        case .object(let members):
            Self.append(
                members, between: UInt8(ascii: "{"), UInt8(ascii: "}"), to: &bytes, indent: indent
            ) { member, bytes, indent in
                JSON.append(quoted: member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if indent != nil { bytes.append(UInt8(ascii: " ")) }
                member.value.append(to: &bytes, indent: indent)
            }
        }
    }

    private static func append<Part>(
        _ parts: [Part], between opening: UInt8, _ closing: UInt8, to bytes: inout [UInt8], indent: Int?,
        _ write: (Part, inout [UInt8], Int?) -> Void
    ) {
        let inner = indent.map { $0 + 1 }
        bytes.append(opening)
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            breakLine(&bytes, inner)
            write(part, &bytes, inner)
        }
        if !parts.isEmpty { breakLine(&bytes, indent) }
        bytes.append(closing)
    }

    private static func breakLine(_ bytes: inout [UInt8], _ indent: Int?) {
        guard let indent else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<indent { bytes += [0x20, 0x20] }
    }

    /// Writes a string with its quotes; of other characters than quote, backslash and control ones, the bytes stay.
    private static func append(quoted text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var plain = 0
            for index in utf8.indices where needsEscape(utf8[index]) {
                bytes += utf8[plain..<index]
                bytes += escape(utf8[index])
                plain = index + 1
            }
            bytes += utf8[plain...]
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): return Array("\\n".utf8)
        case UInt8(ascii: "\r"): return Array("\\r".utf8)
        case UInt8(ascii: "\t"): return Array("\\t".utf8)
        default:
            let digits = Array("0123456789abcdef".utf8)
            return Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}

extension JSON: CustomStringConvertible {
    /// The value as JSON, on one line.
    public var description: String { compact }
}
