import CSupport

extension TextEncoding {
    /// The bytes of a text in this encoding; without the system's help for it, those of UTF-8.
    public func bytes(of text: String) -> [UInt8] {
        let utf8 = Array(text.utf8)
        guard self != .utf8, utf8.contains(where: { $0 >= 0x80 }), let encoder = cs_encoder_open(rawValue) else {
            return utf8
        }
        defer { cs_decoder_close(encoder) }
        // A character of UTF-8 has at least one byte and becomes at most four.
        let bytes = [UInt8](unsafeUninitializedCapacity: utf8.count * 4) { buffer, count in
            count = max(cs_decode(encoder, utf8, utf8.count, buffer.baseAddress, buffer.count), 0)
        }
        return bytes.isEmpty ? utf8 : bytes
    }
}
