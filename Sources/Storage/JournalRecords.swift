import Market

/// Records that are put together in one buffer, to be written in one go.
public struct JournalRecords: Sendable {
    /// The boot of the machine in which they are written.
    public let boot: BootID
    private(set) var bytes: [UInt8] = []
    /// The first record whose payload is too long for a journal: where it begins, and how long that is.
    private(set) var tooLong: (place: Int, count: Int)?

    /// No records yet.
    public init(boot: BootID) { self.boot = boot }

    /// True if there are none.
    public var isEmpty: Bool { bytes.isEmpty }
    /// Where the next record will begin.
    public var end: Int { bytes.count }

    /// Adds a record of this time; the body adds its payload to the bytes that it is given.
    public mutating func add(at time: Instant, _ payload: (inout [UInt8]) -> Void) {
        let place = end
        let count = JournalRecord.append(boot: boot, time: time, to: &bytes, payload: payload)
        if count > JournalRecord.longestPayload, tooLong == nil { tooLong = (place, count) }
    }

    /// Makes the bytes what a journal holds: the checksums are left to be set together.
    mutating func seal() { JournalRecord.setChecksums(in: &bytes) }

    /// Forgets the records that begin at this place or behind it.
    public mutating func remove(from place: Int) {
        bytes.removeLast(max(end - place, 0))
        if let long = tooLong, long.place >= place { tooLong = nil }
    }

    /// Forgets all records; a buffer of ordinary size is used again.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: bytes.capacity < 1 << 20)
        tooLong = nil
    }
}
