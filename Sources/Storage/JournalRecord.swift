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

    private static let blank = [UInt8](repeating: 0, count: headerSize)

    /// Writes a record behind these bytes, with what the body adds to them as its payload; answers that one's length. The
    /// checksum is yet to be set.
    static func append(
        boot: BootID, time: Instant, to bytes: inout [UInt8], payload: (inout [UInt8]) -> Void
    ) -> Int {
        let start = bytes.count
        bytes += blank
        payload(&bytes)
        let length = bytes.count - start - headerSize
        bytes.withUnsafeMutableBytes { bytes in
            bytes.put(UInt32(truncatingIfNeeded: length), at: start + 8)
            bytes.put(boot.value, at: start + 12)
            bytes.put(UInt64(bitPattern: time.nanoseconds), at: start + 20)
        }
        return length
    }

    /// Sets the checksum of all of these records, which lie one behind the other and fill the bytes.
    static func setChecksums(in bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { bytes in
            var start = 0
            while start < bytes.count {
                var (starts, count, end) = (SIMD4<Int>(), 0, start)
                while count < 4, end < bytes.count {
                    starts[count] = end
                    end += headerSize + Int(UnsafeRawBufferPointer(bytes).number(at: end + 8, as: UInt32.self))
                    count += 1
                }
                let ends = SIMD4(starts[1], starts[2], starts[3], end)
                if count == 4 {
                    setFourChecksums(starts &+ 8, ends, in: bytes)
                } else {
                    for record in 0..<count {
                        let end = record == count - 1 ? end : ends[record]
                        bytes.put(checksum(of: bytes[(starts[record] + 8)..<end]), at: starts[record])
                    }
                }
                start = end
            }
        }
    }

    /// Four at a time: each step of a checksum waits for the one before it, but the four do not wait for each other.
    private static func setFourChecksums(
        _ starts: SIMD4<Int>, _ ends: SIMD4<Int>, in bytes: UnsafeMutableRawBufferPointer
    ) {
        var (a, b, c, d) = (checksumStart, checksumStart, checksumStart, checksumStart)
        let common = (ends &- starts).min()
        for place in 0..<common {
            a = checksum(a, bytes[starts[0] + place])
            b = checksum(b, bytes[starts[1] + place])
            c = checksum(c, bytes[starts[2] + place])
            d = checksum(d, bytes[starts[3] + place])
        }
        for (record, sum) in [a, b, c, d].enumerated() {
            let rest = bytes[(starts[record] + common)..<ends[record]]
            bytes.put(checksum(of: rest, after: sum), at: starts[record] - 8)
        }
    }

    /// The record that begins at this offset, if a whole and sound one does.
    init?(in bytes: [UInt8], at offset: Int) {
        guard bytes.count - offset >= Self.headerSize else { return nil }
        let header = bytes.withUnsafeBytes { bytes in
            (
                sum: bytes.number(at: offset, as: UInt64.self),
                length: Int(bytes.number(at: offset + 8, as: UInt32.self)),
                boot: bytes.number(at: offset + 12, as: UInt64.self),
                time: bytes.number(at: offset + 20, as: Int64.self)
            )
        }
        let end = offset + Self.headerSize + header.length
        guard header.length <= Self.longestPayload, end <= bytes.count,
            header.sum == checksum(of: bytes[(offset + 8)..<end])
        else { return nil }
        boot = BootID(value: header.boot)
        time = Instant(nanoseconds: header.time)
        payload = Array(bytes[(offset + Self.headerSize)..<end])
    }

    /// The bytes that it takes up in the file.
    var size: Int { Self.headerSize + payload.count }
}

/// FNV-1a over 64 bits: any single wrong byte changes it for certain, anything else but once in 2⁶⁴. Its value for
/// zeros is not zero, so a stretch that a power cut left as zeros is never taken for a record.
func checksum(of bytes: some Sequence<UInt8>, after start: UInt64 = checksumStart) -> UInt64 {
    var sum = start
    for byte in bytes { sum = checksum(sum, byte) }
    return sum
}

private let checksumStart: UInt64 = 0xCBF2_9CE4_8422_2325

@inline(__always) private func checksum(_ sum: UInt64, _ byte: UInt8) -> UInt64 {
    (sum ^ UInt64(byte)) &* 0x100_0000_01B3
}

extension UnsafeMutableRawBufferPointer {
    fileprivate func put(_ value: some FixedWidthInteger & BitwiseCopyable, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: type(of: value.littleEndian))
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as: Number.Type) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
