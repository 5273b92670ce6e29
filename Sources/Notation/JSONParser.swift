extension JSON {
    /// Reads a JSON text, strictly: one value, UTF-8, no comments, no trailing commas, no name twice in an object, at
    /// most 128 levels deep. A byte order mark before it is passed over.
    public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        var parser = JSONParser(Array(bytes))
        self = try parser.document()
    }

    /// Reads a JSON text, as strictly as from bytes.
    public init(parsing text: some StringProtocol) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// A recursive descent over the bytes of a text; `at` is the next byte to be read.
struct JSONParser {
    private static let deepest = 128

    let bytes: [UInt8]
    var at = 0
    private var depth = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next byte, or 0 at the end: a zero byte is wrong wherever it stands, so both are refused alike.
    var next: UInt8 { at < bytes.count ? bytes[at] : 0 }

    mutating func document() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        let value = try value()
        skipSpace()
        if at < bytes.count { throw error("after the value comes \(found); a text holds one value") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSON {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try nested { (parser) throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { (parser) throws(JSONError) in try parser.list() }
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", means: .bool(true))
        case UInt8(ascii: "f"): return try word("false", means: .bool(false))
        case UInt8(ascii: "n"): return try word("null", means: .null)
        default: throw error("a value is expected here, not \(found)")
        }
    }

    private mutating func nested(_ read: (inout JSONParser) throws(JSONError) -> JSON) throws(JSONError) -> JSON {
        if depth == Self.deepest { throw error("lists and objects are more than \(Self.deepest) levels deep") }
        depth += 1
        at += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func list() throws(JSONError) -> JSON {
        var elements: [JSON] = []
        if skip(UInt8(ascii: "]")) { return .list([]) }
        while true {
            elements.append(try value())
            if skip(UInt8(ascii: "]")) { return .list(elements) }
            if !skip(UInt8(ascii: ",")) {
                throw error("the list goes on with a comma or ends with ], not with \(found)")
            }
        }
    }

    private mutating func object() throws(JSONError) -> JSON {
        var members: [JSON.Member] = []
        var names = SeenNames()
        if skip(UInt8(ascii: "}")) { return .object([]) }
        while true {
            skipSpace()
            let start = at
            if next != UInt8(ascii: "\"") {
                throw error("the name of a member is expected here, in quotes, not \(found)")
            }
            let name = try string()
            if !names.insert(name, after: members) {
                throw error("the name \"\(name)\" stands twice in the same object", at: start)
            }
            if !skip(UInt8(ascii: ":")) { throw error("after a member's name comes a colon, not \(found)") }
            members.append(JSON.Member(name, try value()))
            if skip(UInt8(ascii: "}")) { return .object(members) }
            if !skip(UInt8(ascii: ",")) {
                throw error("the object goes on with a comma or ends with }, not with \(found)")
            }
        }
    }

    private mutating func word(_ word: StaticString, means value: JSON) throws(JSONError) -> JSON {
        let text = word.description
        guard bytes[at...].starts(with: text.utf8) else { throw error("\"\(text)\" is expected here, not \(found)") }
        at += text.utf8.count
        return value
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
            at += 1
        }
    }

    /// Passes over spaces and then this byte, if it is the next.
    private mutating func skip(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        at += 1
        return true
    }

    func error(_ sentence: String, at offset: Int? = nil) -> JSONError {
        JSONError(sentence, at: offset ?? at, in: bytes)
    }

    /// The next byte in words.
    private var found: String {
        guard at < bytes.count else { return "the end of the text" }
        switch bytes[at] {
        case 0x21...0x7E: return "\"\(Character(Unicode.Scalar(bytes[at])))\""
        case 0x80...: return "\"\(String(decoding: bytes[at...].prefix(4), as: UTF8.self).first ?? "?")\""
        default: return "the byte \(bytes[at])"
        }
    }
}

/// The names an object has had so far: few are compared one by one, many are hashed.
private struct SeenNames {
    private var hashed: Set<String> = []

    mutating func insert(_ name: String, after members: [JSON.Member]) -> Bool {
        if members.count < 16 { return !members.contains { $0.name == name } }
        if hashed.isEmpty { hashed = Set(members.map(\.name)) }
        return hashed.insert(name).inserted
    }
}
