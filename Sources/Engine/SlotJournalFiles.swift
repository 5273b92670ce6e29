import Market
import Scheduling
import Storage

/// The slots' memory on disk: `slots/<day>.journal` in a task's folder.
final class SlotJournalFiles {
    private let folder: String
    private let disk: any FileStore
    private let boot: BootID
    private var journals: [Day: Journal] = [:]

    init(folder: String, disk: any FileStore, bootID: String) {
        self.folder = folder + "/slots"
        self.disk = disk
        boot = BootID(bootID)
    }

    /// The newest day up to today that has a journal.
    func newest(today: Day) throws(DiskError) -> Day? { SlotJournals.newest(in: try names(), today: today) }

    /// The memory as the slots' keeper uses it.
    var memory: SlotMemory {
        SlotMemory(
            read: { day in try SlotJournalFiles.records(of: day, in: self.folder, self.disk) },
            write: { day, record, at, flush in
                try self.journal(of: day).append(record.encode(), at: at, flush: flush)
            },
            close: { day in try self.journals.removeValue(forKey: day)?.flush() })
    }

    /// Removes the journals of days long past; one that cannot be removed waits for the next time.
    func prune(today: Day, keeping days: Int) {
        guard let names = try? names() else { return }
        for name in SlotJournals.expired(in: names, today: today, keeping: days) {
            try? disk.remove(folder + "/" + name)
        }
    }

    /// The records of a day, for those who only look.
    static func records(of day: Day, inTaskFolder folder: String, _ disk: any FileStore) throws -> [SlotRecord] {
        try records(of: day, in: folder + "/slots", disk)
    }

    private static func records(of day: Day, in folder: String, _ disk: any FileStore) throws -> [SlotRecord] {
        let path = folder + "/" + SlotJournals.name(of: day)
        guard try disk.identity(of: path) != nil else { return [] }
        return try Journal.read(path: path, store: disk).map { record in
            guard let known = SlotRecord(decoding: record.payload) else { throw UnknownRecord(path: path) }
            return known
        }
    }

    private func journal(of day: Day) throws -> Journal {
        if let journal = journals[day] { return journal }
        try disk.makeFolder(folder)
        let path = folder + "/" + SlotJournals.name(of: day)
        let (journal, _) = try Journal.open(path: path, store: disk, boot: boot)
        journals[day] = journal
        return journal
    }

    private func names() throws(DiskError) -> [String] {
        guard try disk.identity(of: folder) != nil else { return [] }
        return try disk.list(folder)
    }

    /// A record that this version does not know.
    struct UnknownRecord: Error, CustomStringConvertible {
        let path: String

        var description: String {
            "\(path) holds a record that this version of jqtrade does not know. Run the version that wrote it, or start"
                + " with --fresh to archive the task's folder."
        }
    }
}
