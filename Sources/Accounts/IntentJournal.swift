import Market
import Storage

/// The files `orders/<day>.journal` of a task: the day's is written, that of the day before may still matter.
final class IntentJournal {
    /// An entry as it lies in a journal.
    struct Record {
        let entry: JournalEntry
        let time: Instant
        let boot: BootID
    }

    let boot: BootID
    private let folder: String
    private let disk: any FileStore
    private var open: (day: Day, journal: Journal)?
    /// What could not be written and stands before whatever is written next.
    private var backlog: [[UInt8]] = []
    private var isFlushed = true

    init(taskFolder: String, disk: any FileStore, boot: BootID) {
        folder = taskFolder + "/orders"
        self.disk = disk
        self.boot = boot
    }

    /// The days that have a journal, in order.
    func days() throws -> [Day] {
        guard try disk.identity(of: folder) != nil else { return [] }
        return try disk.list(folder).compactMap { name in
            name.hasSuffix(".journal") && name.utf8.count == 16 ? Day(name.dropLast(8)) : nil
        }.sorted()
    }

    /// What a day's journal holds; nothing is changed.
    func read(_ day: Day) throws -> [Record] {
        try records(try Journal.read(path: path(of: day), store: disk), of: day)
    }

    /// Writes to this day's journal from now on, and tells what it holds already.
    @discardableResult
    func turn(to day: Day) throws -> [Record] {
        if open?.day == day { return [] }
        try flush()
        try disk.makeFolder(folder)
        let (journal, records) = try Journal.open(path: path(of: day), store: disk, boot: boot)
        let known = try self.records(records, of: day)
        open = (day, journal)
        return known
    }

    /// Adds entries in one write. If it throws, they are not in the journal, or the journal is broken.
    func write(_ entries: [JournalEntry], at now: Instant, flush: Bool) throws {
        guard let journal = open?.journal else { throw NotOpen(path: folder) }
        guard !entries.isEmpty || !backlog.isEmpty else { return }
        try journal.append(contentsOf: backlog + entries.map { $0.encode() }, at: now, flush: flush)
        backlog = []
        isFlushed = flush
    }

    /// Adds entries that say what has happened already: if they cannot be written now, they are with the next.
    func note(_ entries: [JournalEntry], at now: Instant) {
        do {
            try write(entries, at: now, flush: false)
        } catch {
            backlog += entries.map { $0.encode() }
        }
    }

    /// Returns when all that was written would survive a power cut.
    func flush() throws {
        guard !isFlushed, let journal = open?.journal else { return }
        try journal.flush()
        isFlushed = true
    }

    private func path(of day: Day) -> String { "\(folder)/\(day.compact).journal" }

    private func records(_ records: [JournalRecord], of day: Day) throws -> [Record] {
        try records.map { record in
            guard let entry = JournalEntry(decoding: record.payload) else { throw UnknownEntry(path: path(of: day)) }
            return Record(entry: entry, time: record.time, boot: record.boot)
        }
    }

    /// An entry that this version does not know.
    struct UnknownEntry: Error, CustomStringConvertible {
        let path: String

        var description: String {
            "\(path) holds an entry that this version of jqtrade does not know. Run the version that wrote it, or start"
                + " with --fresh to archive the task's folder."
        }
    }

    /// Nothing was opened yet, for the last attempt failed.
    struct NotOpen: Error, CustomStringConvertible {
        let path: String

        var description: String { "no journal is open in \(path); put the disk right and start the task again" }
    }
}
