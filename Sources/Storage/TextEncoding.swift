import CSupport

/// How somebody else's text is written in bytes.
public enum TextEncoding: String, Sendable, CaseIterable {
    /// UTF-8, with or without a mark at its start.
    case utf8 = "UTF-8"
    /// GB18030, which holds GBK and GB2312.
    case gb18030 = "GB18030"

    /// The encoding of these names, in letters of any size: `utf8`, `utf-8`, `gbk`, `gb2312`, `gb18030`, `cp936`.
    public init?(name: String) {
        switch name.lowercased() {
        case "utf8", "utf-8", "utf-8-sig", "utf8-sig", "ascii": self = .utf8
        case "gbk", "gb2312", "gb18030", "cp936": self = .gb18030
        default: return nil
        }
    }

    /// The bytes that mark a text as UTF-8 at its start.
    public static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

/// Turns the fields of one file into text. Unless told its encoding, it takes the file for UTF-8 while all that it sees is
/// UTF-8, and from then on for GB18030; a mark at the file's start decides at once.
public final class TextReader {
    /// What the file is taken for.
    public private(set) var encoding: TextEncoding
    /// True if nothing can change that any more.
    public private(set) var isDecided: Bool

    private var decoder: UnsafeMutableRawPointer?

    /// A reader of a file in this encoding; without one it finds out.
    public init(_ encoding: TextEncoding? = nil) {
        self.encoding = encoding ?? .utf8
        isDecided = encoding != nil
    }

    deinit {
        if let decoder { cs_decoder_close(decoder) }
    }

    /// Looks at the file's beginning.
    public func look(at beginning: [UInt8]) {
        if !isDecided, beginning.starts(with: TextEncoding.mark) { isDecided = true }
    }

    /// Looks at whole lines of the file before any of their fields is read: one that is no UTF-8 decides for all.
    public func lookThrough(_ lines: ArraySlice<UInt8>) {
        if isDecided || isUTF8(lines) { return }
        encoding = .gb18030
        isDecided = true
    }

    /// The text of a field. What is no text of the encoding is shown as `�`.
    public func text(_ bytes: ArraySlice<UInt8>) -> String {
        if isASCII(bytes) { return String(decoding: bytes, as: UTF8.self) }
        lookThrough(bytes)
        guard encoding == .gb18030 else { return String(decoding: bytes, as: UTF8.self) }
        return decoded(Array(bytes)) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// The text of a field of a line, as it is meant.
    public func text(_ line: CSVLine, _ index: Int) -> String {
        let plain = line.withField(index) { field -> String? in
            for byte in field where byte >= 0x80 || byte == CSVByte.quote { return nil }
            return String(decoding: field, as: UTF8.self)
        }
        return plain ?? text(line.content(index))
    }

    private func isUTF8(_ bytes: ArraySlice<UInt8>) -> Bool {
        isASCII(bytes) || String(validating: bytes, as: UTF8.self) != nil
    }

    private func decoded(_ bytes: [UInt8]) -> String? {
        if decoder == nil { decoder = cs_decoder_open(encoding.rawValue) }
        guard let decoder else { return nil }
        // A character of GB18030 has at least one byte and becomes at most three.
        let text = [UInt8](unsafeUninitializedCapacity: bytes.count * 3 + 4) { buffer, count in
            count = max(cs_decode(decoder, bytes, bytes.count, buffer.baseAddress, buffer.count), 0)
        }
        return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }
}

/// True if all bytes are ASCII, whatever the encoding.
public func isASCII(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
        // Without a way out in its midst the loop takes many bytes at a time.
        var all: UInt8 = 0
        for byte in bytes { all |= byte }
        return all < 0x80
    }
}
