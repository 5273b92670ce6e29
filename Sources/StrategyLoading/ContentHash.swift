/// A hash of 128 bits over texts and files, for telling apart what was built from what.
///
/// Every part is preceded by its length, so that no two lists of parts run together. It guards against accidents, not
/// against somebody who forges a file: what it names lies in the user's own folder. Whole words of eight bytes are
/// taken, for this is run over all modules at every start, in debug builds too.
struct ContentHash {
    private var a: UInt64 = 0x243F_6A88_85A3_08D3
    private var b: UInt64 = 0x1319_8A2E_0370_7344

    /// Adds a text.
    mutating func add(_ text: String) { add(Array(text.utf8)) }

    /// Adds the content of a file.
    mutating func add(_ bytes: [UInt8]) {
        mix(UInt64(bytes.count))
        bytes.withUnsafeBytes { buffer in
            let whole = buffer.count & ~7
            var at = 0
            while at < whole {
                mix(UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
                at += 8
            }
            var rest: UInt64 = 0
            while at < buffer.count {
                rest = rest << 8 | UInt64(buffer[at])
                at += 1
            }
            mix(rest)
        }
    }

    // Each step can be undone, so two different words never lead one state to the same next one.
    private mutating func mix(_ word: UInt64) {
        a = (a ^ word) &* 0x9E37_79B9_7F4A_7C15
        a ^= a >> 32
        b = (b &+ word) &* 0xD6E8_FEB8_6659_FD93 ^ a
        b = b << 29 | b >> 35
    }

    /// The hash so far as 32 hexadecimal digits.
    var text: String {
        var end = self
        end.mix(a)
        end.mix(b)
        return Self.digits(end.a) + Self.digits(end.b)
    }

    private static func digits(_ word: UInt64) -> String {
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
