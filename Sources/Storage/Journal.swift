import CSupport
import Market

/// A file to which records are only ever added, so that a start after a crash finds all that was flushed.
///
/// What a crash can leave, a torn record at the very end, is cut off at opening. A bad record before sound ones cannot
/// come from a crash: it is damage, and nothing is guessed. One process at a time owns a journal (its task's lock sees
/// to that); others may `read` it meanwhile.
public final class Journal {
    /// Where it lies.
    public let path: String
    /// How many bytes of a torn record were cut off when it was opened.
    public private(set) var bytesCutAtOpening = 0

    private let store: any FileStore
    private let file: OpenFile
    private var size = 0
    private var failure: DiskError?
    private var records: JournalRecords

    /// Opens a journal, or makes it, and tells what is in it. All that it tells survives a power cut from here on.
    public static func open(
        path: String, store: any FileStore, boot: BootID
    ) throws(JournalError) -> (journal: Journal, records: [JournalRecord]) {
        let (journal, bytes) = try onDisk(path) { () throws(DiskError) in
            let journal = Journal(path: path, store: store, file: try store.open(path, .appendOrCreate), boot: boot)
            return (journal, try store.read(journal.file, at: 0, count: try store.size(of: journal.file)))
        }
        let content = try JournalContent(bytes, path: path)
        try onDisk(path) { () throws(DiskError) in try journal.settle(after: content, of: bytes.count) }
        return (journal, content.records)
    }

    /// The records of a journal that somebody else may be writing: nothing is cut, and what is torn at the end is simply
    /// not there yet. No file, no records.
    public static func read(path: String, store: any FileStore) throws(JournalError) -> [JournalRecord] {
        let bytes = try onDisk(path) { () throws(DiskError) in try store.readFile(path, limit: .max) }
        return try JournalContent(bytes ?? [], path: path).records
    }

    private init(path: String, store: any FileStore, file: OpenFile, boot: BootID) {
        self.path = path
        self.store = store
        self.file = file
        records = JournalRecords(boot: boot)
    }

    deinit { store.close(file) }

    /// Adds a record; with `flush` it survives a power cut when this returns.
    ///
    /// If it throws, the record is not in the journal, or the journal is broken and takes no other.
    public func append(_ payload: [UInt8], at time: Instant, flush: Bool) throws(JournalError) {
        records.removeAll()
        records.add(at: time) { $0 += payload }
        try append(&records, flush: flush)
    }

    /// Adds several records in one write. A power cut may still leave only the first of them.
    public func append(_ records: inout JournalRecords, flush: Bool) throws(JournalError) {
        if let failure { throw JournalError(path: path, reason: .broken(failure)) }
        if let long = records.tooLong { throw JournalError(path: path, reason: .tooLong(long.count)) }
        records.seal()
        do throws(DiskError) {
            let taken = try store.append(records.bytes, to: file)
            if taken < records.bytes.count { throw DiskError(.append, path, code: ENOSPC) }
        } catch {
            throw takenBack(after: error)
        }
        size += records.bytes.count
        if flush { try self.flush() }
    }

    /// Returns when all records would survive a power cut. After a flush that fails nobody can say which of them would:
    /// the journal is broken.
    public func flush() throws(JournalError) {
        if let failure { throw JournalError(path: path, reason: .broken(failure)) }
        do {
            try store.flush(file)
        } catch {
            failure = error
            throw JournalError(path: path, reason: .broken(error))
        }
    }

    /// Takes back what a failed write may have left, so that the next record follows the last whole one.
    private func takenBack(after error: DiskError) -> JournalError {
        do {
            try store.truncate(file, to: size)
            return JournalError(path: path, reason: .disk(error))
        } catch {
            failure = error
            return JournalError(path: path, reason: .broken(error))
        }
    }

    /// Makes the file end where its sound content does. The process before may have died before its flushes, so file and
    /// folder are flushed here in any case.
    private func settle(after content: JournalContent, of count: Int) throws(DiskError) {
        size = content.soundSize
        if size < count { try store.truncate(file, to: size) }
        if size == 0 {
            try store.appendWhole(JournalContent.opening, to: file)
            size = JournalContent.opening.count
        } else {
            bytesCutAtOpening = count - size
        }
        try store.flush(file)
        try store.flushFolder(parentFolder(of: path))
    }

    private static func onDisk<Result>(
        _ path: String, _ work: () throws(DiskError) -> Result
    ) throws(JournalError) -> Result {
        do {
            return try work()
        } catch {
            throw JournalError(path: path, reason: .disk(error))
        }
    }
}

/// What the bytes of a journal hold.
private struct JournalContent {
    /// Every journal begins with this line.
    static let opening = Array("jqtrade journal 1\n".utf8)

    /// The records, up to the first that is not sound.
    private(set) var records: [JournalRecord] = []
    /// Where the last sound record ends; 0 if not even the opening is whole.
    private(set) var soundSize = 0

    init(_ bytes: [UInt8], path: String) throws(JournalError) {
        guard bytes.starts(with: Self.opening) else {
            // The opening is flushed before the first record, so that a file as short as this never had one.
            if bytes.count <= Self.opening.count { return }
            throw JournalError(path: path, reason: .foreign)
        }
        soundSize = Self.opening.count
        while let record = JournalRecord(in: bytes, at: soundSize) {
            records.append(record)
            soundSize += record.size
        }
        let behind = (soundSize + 1)..<max(bytes.count, soundSize + 1)
        if behind.contains(where: { JournalRecord(in: bytes, at: $0) != nil }) {
            throw JournalError(path: path, reason: .damaged(offset: soundSize))
        }
    }
}
