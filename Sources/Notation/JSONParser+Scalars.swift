// Strings and numbers, the parts of a JSON text that are read byte by byte.

extension JSONParser {
    /// Reads a string from its opening quote to past its closing one.
    mutating func string() throws(JSONError) -> String {
        let opening = at
        at += 1
        var written: [UInt8] = []
        var plain = at
        while true {
            guard at < bytes.count else { throw error("the string has no closing quote", at: opening) }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                let tail = bytes[plain..<at]
                at += 1
                return written.isEmpty
                    ? String(decoding: tail, as: UTF8.self) : String(decoding: written + tail, as: UTF8.self)
            case UInt8(ascii: "\\"):
                written += bytes[plain..<at]
                written += Array(String(Character(try escape())).utf8)
                plain = at
            case 0..<0x20:
                throw error("a line break or control character in a string must be written as an escape, such as \\n")
            case 0..<0x80: at += 1
            default: try skipWideScalar()
            }
        }
    }

    /// Reads an escape from its backslash on; two halves of a surrogate pair are one escape.
    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        at += 1
        let letter = next
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("there is no such escape; a backslash itself is written \\\\", at: at - 2)
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let start = at - 2
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, next == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u")
        else {
            throw error("half of a surrogate pair stands alone", at: start)
        }
        at += 2
        let second = try fourHexDigits()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error("half of a surrogate pair stands alone", at: start) }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            switch next {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 + UInt32(next - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 + UInt32(next - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 + UInt32(next - UInt8(ascii: "A") + 10)
            default: throw error("\\u is followed by four hexadecimal digits")
            }
            at += 1
        }
        return value
    }

    /// Passes over a character of two to four bytes, after checking that they are UTF-8.
    private mutating func skipWideScalar() throws(JSONError) {
        let lead = bytes[at]
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        // The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
        let second: ClosedRange<UInt8>
        switch lead {
        case 0xC2...0xDF, 0xE1...0xEC, 0xEE...0xEF, 0xF1...0xF3: second = 0x80...0xBF
        case 0xE0: second = 0xA0...0xBF
        case 0xED: second = 0x80...0x9F
        case 0xF0: second = 0x90...0xBF
        case 0xF4: second = 0x80...0x8F
        default: throw error("the bytes here are not UTF-8; save the text as UTF-8")
        }
        guard at + length <= bytes.count, second.contains(bytes[at + 1]),
            bytes[(at + 1)..<(at + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { throw error("the bytes here are not UTF-8; save the text as UTF-8") }
        at += length
    }

    /// Reads a number; a whole one that fits 64 bits stays whole.
    mutating func number() throws(JSONError) -> JSON {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        if next == UInt8(ascii: "0") {
            at += 1
            if isDigit(next) { throw error("a number does not begin with 0", at: start) }
        } else {
            try digits()
        }
        var whole = true
        if next == UInt8(ascii: ".") {
            whole = false
            at += 1
            try digits()
        }
        if next | 0x20 == UInt8(ascii: "e") {
            whole = false
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if whole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw error("this number is too large", at: start) }
        return .number(value)
    }

    private mutating func digits() throws(JSONError) {
        guard isDigit(next) else { throw error("a digit is expected here") }
        while isDigit(next) { at += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
