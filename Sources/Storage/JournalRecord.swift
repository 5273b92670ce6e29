import Market

/// One entry of a journal.
public struct JournalRecord: Hashable, Sendable {
    /// The boot of the machine in which it was written.
    public let boot: BootID
    /// When it was written, by its writer's clock.
    public let time: Instant
    /// What its writer had to say.
    public let payload: [UInt8]
}

/// Tells one boot of a machine from the next: what was not flushed survives the death of a process, but not this.
public struct BootID: Hashable, Sendable {
    let value: UInt64

    /// The boot that the system names so, in whatever form it does.
    public init(_ systemName: String) { value = checksum(of: systemName.utf8) }

    init(value: UInt64) { self.value = value }
}

// How a record lies in the file, little end first:
//
//     checksum 8 | length of the payload 4 | boot 8 | time 8 | payload
//
// The checksum covers all that follows it.
extension JournalRecord {
    static let headerSize = 28
    /// No record is longer; a length beyond it is a sign of damage.
    static let longestPayload = 16 << 20

    /// Writes a record behind these bytes, with what the body adds to them as its payload; answers that one's length.
    static func append(
        boot: BootID, time: Instant, to bytes: inout [UInt8], payload: (inout [UInt8]) -> Void
    ) -> Int {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: headerSize))
        payload(&bytes)
        let length = bytes.count - start - headerSize
        bytes.withUnsafeMutableBufferPointer { bytes in
            bytes.put(littleEndian: UInt64(length), at: start + 8, size: 4)
            bytes.put(littleEndian: boot.value, at: start + 12, size: 8)
            bytes.put(littleEndian: UInt64(bitPattern: time.nanoseconds), at: start + 20, size: 8)
            bytes.put(littleEndian: checksum(of: bytes[(start + 8)...]), at: start, size: 8)
        }
        return length
    }

    /// The record that begins at this offset, if a whole and sound one does.
    init?(in bytes: [UInt8], at offset: Int) {
        guard bytes.count - offset >= Self.headerSize else { return nil }
        let length = Int(bytes.littleEndian(at: offset + 8, size: 4))
        let end = offset + Self.headerSize + length
        guard length <= Self.longestPayload, end <= bytes.count,
            bytes.littleEndian(at: offset, size: 8) == checksum(of: bytes[(offset + 8)..<end])
        else { return nil }
        boot = BootID(value: bytes.littleEndian(at: offset + 12, size: 8))
        time = Instant(nanoseconds: Int64(bitPattern: bytes.littleEndian(at: offset + 20, size: 8)))
        payload = Array(bytes[(offset + Self.headerSize)..<end])
    }

    /// The bytes that it takes up in the file.
    var size: Int { Self.headerSize + payload.count }
}

/// FNV-1a over 64 bits: any single wrong byte changes it for certain, anything else but once in 2⁶⁴. Its value for
/// zeros is not zero, so a stretch that a power cut left as zeros is never taken for a record.
func checksum(of bytes: some Sequence<UInt8>) -> UInt64 {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return sum
}

extension UnsafeMutableBufferPointer<UInt8> {
    fileprivate func put(littleEndian value: UInt64, at offset: Int, size: Int) {
        for index in 0..<size { self[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }
}

extension [UInt8] {
    fileprivate func littleEndian(at offset: Int, size: Int) -> UInt64 {
        self[offset..<(offset + size)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
