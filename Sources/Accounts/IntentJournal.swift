import Gates
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
    /// Nil if nothing is remembered.
    private let folder: String?
    private let disk: any FileStore
    private var open: (day: Day, journal: Journal)?
    /// What is written next: first what could not be written before. Who adds an entry calls nobody meanwhile.
    @exclusivity(unchecked) private var records: JournalRecords
    /// Where in it what was added since then begins.
    private var kept = 0
    private var isFlushed = true

    /// The journal of a task; without a folder nothing is written and nothing is remembered.
    init(taskFolder: String?, disk: any FileStore, boot: BootID) {
        folder = taskFolder.map { $0 + "/orders" }
        self.disk = disk
        self.boot = boot
        records = JournalRecords(boot: boot)
    }

    /// False if nothing is written.
    var remembers: Bool { folder != nil }

    /// The days that have a journal, in order.
    func days() throws -> [Day] {
        guard let folder, try disk.identity(of: folder) != nil else { return [] }
        return try disk.list(folder).compactMap { name in
            name.hasSuffix(".journal") && name.utf8.count == 16 ? Day(name.dropLast(8)) : nil
        }.sorted()
    }

    /// What a day's journal holds; nothing is changed.
    func read(_ day: Day) throws -> [Record] {
        guard let path = path(of: day) else { return [] }
        return try records(try Journal.read(path: path, store: disk), path)
    }

    /// Writes to this day's journal from now on, and tells what it holds already.
    @discardableResult
    func turn(to day: Day) throws -> [Record] {
        guard let folder, let path = path(of: day), open?.day != day else { return [] }
        try flush()
        try disk.makeFolder(folder)
        let (journal, records) = try Journal.open(path: path, store: disk, boot: boot)
        let known = try self.records(records, path)
        open = (day, journal)
        return known
    }

    /// Adds an entry to what is written next.
    func add(_ entry: @autoclosure () -> JournalEntry, at now: Instant) {
        if folder == nil { return }
        records.add(at: now) { entry().encode(into: &$0) }
    }

    /// Adds what was heard of an order to what is written next.
    func add(_ update: OrderUpdate, _ heard: AccountBooks.Heard, at now: Instant) {
        if folder == nil { return }
        records.add(at: now) { JournalEntry.encode(update, heard, into: &$0) }
    }

    /// Writes what was added, in one write, and flushes it. If it throws, that is not in the journal, or the journal is
    /// broken.
    func write() throws {
        if folder == nil { return }
        do {
            try append(flush: true)
        } catch {
            records.remove(from: kept)
            throw error
        }
    }

    /// Writes what was added and says what has happened already: if it cannot be written now, it is with the next.
    func note() {
        if folder == nil { return }
        do {
            try append(flush: false)
        } catch {
            kept = records.end
        }
    }

    /// Writes what was added once it is much, so that a long list of them needs no long buffer.
    func noteIfMuch() { if records.end - kept >= 1 << 18 { note() } }

    /// Writes an entry that says what has happened already.
    func note(_ entry: @autoclosure () -> JournalEntry, at now: Instant) {
        add(entry(), at: now)
        note()
    }

    private func append(flush: Bool) throws {
        if records.isEmpty { return }
        guard let journal = open?.journal else { throw NotOpen(path: folder ?? "") }
        try journal.append(&records, flush: flush)
        records.removeAll()
        kept = 0
        isFlushed = flush
    }

    /// Returns when all that was written would survive a power cut.
    func flush() throws {
        guard !isFlushed, let journal = open?.journal else { return }
        try journal.flush()
        isFlushed = true
    }

    /// Forgets a day.
    func remove(_ day: Day) throws {
        if let path = path(of: day) { try disk.remove(path) }
    }

    private func path(of day: Day) -> String? { folder.map { "\($0)/\(day.compact).journal" } }

    private func records(_ records: [JournalRecord], _ path: String) throws -> [Record] {
        try records.map { record in
            guard let entry = JournalEntry(decoding: record.payload) else { throw UnknownEntry(path: path) }
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
