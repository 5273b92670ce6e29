/// The words and brackets of a Swift source, without its comments and strings: enough to see what a file imports and
/// declares before any compiler has run. All branches of an `#if` are read.
struct SwiftTokens {
    /// One word or sign.
    struct Token {
        /// Where it stands in the source.
        let range: Range<Int>
        /// How many brackets of any kind are open before it.
        let depth: Int
        /// Its line, from 1.
        let line: Int
        /// Its byte in the line, from 1.
        let column: Int
    }

    let source: [UInt8]
    private(set) var tokens: [Token] = []
    /// True if each bracket is closed and none is closed that was not open.
    let isBalanced: Bool

    init(_ source: [UInt8]) {
        self.source = source
        var reader = SwiftTokenReader(source)
        while let token = reader.next() { tokens.append(token) }
        isBalanced = reader.depth == 0 && !reader.closedTooMany
    }

    /// True if the token at an index is exactly this text.
    func isToken(_ index: Int, _ text: StaticString) -> Bool {
        guard tokens.indices.contains(index), tokens[index].range.count == text.utf8CodeUnitCount else { return false }
        let start = tokens[index].range.lowerBound
        for offset in 0..<text.utf8CodeUnitCount where source[start + offset] != text.utf8Start[offset] { return false }
        return true
    }

    /// The word at an index without its backticks; nil for a sign or beyond the end.
    func word(_ index: Int) -> String? {
        guard tokens.indices.contains(index) else { return nil }
        let bytes = source[tokens[index].range]
        guard let first = bytes.first, isWordByte(first) || first == UInt8(ascii: "`") else { return nil }
        return String(decoding: bytes.filter { $0 != UInt8(ascii: "`") }, as: UTF8.self)
    }
}

/// A letter, digit or underscore, or a byte of a character beyond ASCII.
private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
        true
    default: false
    }
}

/// Walks over a source once, from its begin to its end.
private struct SwiftTokenReader {
    /// No one nests strings in strings deeper by hand; what goes deeper is read as if the source ended there.
    private static let deepestString = 100

    let source: [UInt8]
    var at = 0
    var depth = 0
    var line = 1
    var lineStart = 0
    var closedTooMany = false
    private var openStrings = 0

    init(_ source: [UInt8]) { self.source = source }

    /// The byte so many places ahead, 0 beyond the end.
    private func byte(_ ahead: Int = 0) -> UInt8 { at + ahead < source.count ? source[at + ahead] : 0 }

    private func starts(_ text: StaticString) -> Bool {
        for offset in 0..<text.utf8CodeUnitCount where byte(offset) != text.utf8Start[offset] { return false }
        return true
    }

    private mutating func step() {
        if source[at] == UInt8(ascii: "\n") {
            line += 1
            lineStart = at + 1
        }
        at += 1
    }

    mutating func next() -> SwiftTokens.Token? {
        while at < source.count {
            switch byte() {
            case 0...0x20: step()
            case UInt8(ascii: "/") where starts("//"): skipLine()
            case UInt8(ascii: "/") where starts("/*"): skipComment()
            case UInt8(ascii: "\""): skipString(hashes: 0)
            case UInt8(ascii: "#"):
                let hashes = hashCount()
                if byte(hashes) == UInt8(ascii: "\"") {
                    at += hashes
                    skipString(hashes: hashes)
                } else if byte(hashes) == UInt8(ascii: "/") {
                    skipExpression(hashes: hashes)
                } else {
                    return sign()
                }
            case UInt8(ascii: "`"): return quotedWord()
            case let first where isWordByte(first): return word()
            default: return sign()
            }
        }
        return nil
    }

    private func token(from start: Int, depth: Int) -> SwiftTokens.Token {
        SwiftTokens.Token(range: start..<at, depth: depth, line: line, column: start - lineStart + 1)
    }

    private mutating func word() -> SwiftTokens.Token {
        let start = at
        while at < source.count, isWordByte(source[at]) { at += 1 }
        return token(from: start, depth: depth)
    }

    private mutating func quotedWord() -> SwiftTokens.Token {
        let start = at
        at += 1
        while at < source.count, byte() != UInt8(ascii: "`"), byte() != UInt8(ascii: "\n") { at += 1 }
        if byte() == UInt8(ascii: "`") { at += 1 }
        return token(from: start, depth: depth)
    }

    private mutating func sign() -> SwiftTokens.Token {
        let before = depth
        switch byte() {
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
            closedTooMany = closedTooMany || depth == 0
            depth = max(0, depth - 1)
        default: break
        }
        at += 1
        return token(from: at - 1, depth: before)
    }

    private func hashCount() -> Int {
        var count = 0
        while byte(count) == UInt8(ascii: "#") { count += 1 }
        return count
    }

    private mutating func skipLine() {
        while at < source.count, byte() != UInt8(ascii: "\n") { at += 1 }
    }

    /// Comments of this kind nest.
    private mutating func skipComment() {
        var open = 0
        repeat {
            if starts("/*") {
                open += 1
                at += 2
            } else if starts("*/") {
                open -= 1
                at += 2
            } else {
                step()
            }
        } while open > 0 && at < source.count
    }

    /// A string from its first quote on, after its hashes; a string of one line ends with the line in any case.
    private mutating func skipString(hashes: Int) {
        let isLong = starts("\"\"\"")
        at += isLong ? 3 : 1
        while at < source.count {
            if byte() == UInt8(ascii: "\\"), hasHashes(hashes, ahead: 1) {
                at += 1 + hashes
                if byte() == UInt8(ascii: "(") { skipInterpolation() } else if at < source.count { step() }
            } else if starts(isLong ? "\"\"\"" : "\""), hasHashes(hashes, ahead: isLong ? 3 : 1) {
                at += (isLong ? 3 : 1) + hashes
                return
            } else if !isLong, byte() == UInt8(ascii: "\n") {
                return
            } else {
                step()
            }
        }
    }

    private func hasHashes(_ count: Int, ahead: Int) -> Bool {
        for offset in 0..<count where byte(ahead + offset) != UInt8(ascii: "#") { return false }
        return true
    }

    /// What stands in `\(…)` is code again, with strings of its own.
    private mutating func skipInterpolation() {
        openStrings += 1
        defer { openStrings -= 1 }
        guard openStrings < Self.deepestString else {
            at = source.count
            return
        }
        let outside = depth
        repeat {
            if next() == nil { break }
        } while depth > outside
        depth = outside
    }

    /// A regular expression `#/…/#`.
    private mutating func skipExpression(hashes: Int) {
        at += hashes + 1
        while at < source.count, !(byte() == UInt8(ascii: "/") && hasHashes(hashes, ahead: 1)) { step() }
        at = min(at + 1 + hashes, source.count)
    }
}
