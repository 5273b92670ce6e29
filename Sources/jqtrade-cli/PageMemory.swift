import Market
import Storage

/// What the page of a task showed before the worker was started again: a journal beside it.
///
/// It is derived from what the task has seen, and never a source: nobody trades by it. One that cannot be read is begun
/// anew.
final class PageMemory {
    private let path: String
    private let disk: any FileStore
    private let boot: BootID
    private var journal: Journal?
    private var news: JournalRecords

    init(_ path: String, disk: any FileStore, boot: BootID) {
        self.path = path
        self.disk = disk
        self.boot = boot
        news = JournalRecords(boot: boot)
    }

    /// What was remembered; throws what is wrong with it.
    func read() throws -> [PageRecord] {
        try Journal.read(path: path, store: disk).map { record in
            guard let text = String(validating: record.payload, as: UTF8.self), let known = PageRecord(text) else {
                throw Unreadable(path: path)
            }
            return known
        }
    }

    /// Begins the file anew with these records alone.
    func begin(with records: [PageRecord], at now: Instant) throws {
        journal = nil
        if try disk.identity(of: path) != nil { try disk.remove(path) }
        news.removeAll()
        for record in records { add(record, at: now) }
        try write()
    }

    /// Adds a record, to be written with the next `write`.
    func add(_ record: PageRecord, at now: Instant) { news.add(at: now) { $0 += record.text.utf8 } }

    /// Writes what was added. What is not written is kept for the next time, up to a size.
    func write() throws {
        guard !news.isEmpty else { return }
        if journal == nil { journal = try Journal.open(path: path, store: disk, boot: boot).journal }
        do { try journal?.append(&news, flush: false) } catch {
            journal = nil
            if news.end > Self.mostUnwritten { news.removeAll() }
            throw error
        }
        news.removeAll()
    }

    private static let mostUnwritten = 1 << 20

    private struct Unreadable: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path) holds something that no page remembers" }
    }
}
