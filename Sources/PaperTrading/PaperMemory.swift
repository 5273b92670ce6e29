import Gates
import Market
import Storage

/// The files of an exchange that is remembered, `<day>.journal` in a folder: each begins with all that there was then,
/// and what changed follows. The newest with anything in it says how the account stands.
final class PaperMemory {
    private let folder: String
    private let disk: any FileStore
    private let boot: BootID
    private var open: (day: Day, journal: Journal)?

    init(folder: String, disk: any FileStore, boot: BootID) {
        self.folder = folder
        self.disk = disk
        self.boot = boot
    }

    /// How it stood when it was last written; nothing before the first time.
    func latest() throws -> [PaperFacts] {
        for day in try days().reversed() {
            let facts = try read(day)
            if !facts.isEmpty { return facts }
        }
        return []
    }

    /// Orders as they were last written, from all files.
    func orders(_ ids: Set<OrderID>) throws -> [OrderID: PaperOrder] {
        var found: [OrderID: PaperOrder] = [:]
        if ids.isEmpty { return found }
        for day in try days() {
            for facts in try read(day) {
                for order in facts.orders where ids.contains(order.ticket.id) { found[order.ticket.id] = order }
            }
        }
        return found
    }

    /// What became of writing.
    enum Outcome {
        /// It is written, and would survive a power cut.
        case written
        /// Nothing of it is written, for this reason.
        case notWritten(String)
        /// Whether it is written cannot be told until something else is, for this reason.
        case inDoubt(String)
    }

    /// True if what is written next must be the whole.
    func needsWhole(on day: Day) -> Bool { open?.day != day }

    /// Writes facts; after a failure the next must be whole.
    func write(_ facts: PaperFacts, at now: Instant) -> Outcome {
        do {
            if open?.day != facts.day {
                try disk.makeFolder(folder)
                open = (facts.day, try Journal.open(path: path(of: facts.day), store: disk, boot: boot).journal)
            }
            try open?.journal.append(facts.bytes, at: now, flush: true)
            return .written
        } catch let error as JournalError {
            open = nil
            if case .broken = error.reason { return .inDoubt("\(error)") }
            return .notWritten("\(error)")
        } catch {
            open = nil
            return .notWritten("\(error)")
        }
    }

    private func days() throws -> [Day] {
        guard try disk.identity(of: folder) != nil else { return [] }
        return try disk.list(folder).compactMap { name in
            name.hasSuffix(".journal") && name.utf8.count == 16 ? Day(name.dropLast(8)) : nil
        }.sorted()
    }

    private func read(_ day: Day) throws -> [PaperFacts] {
        try Journal.read(path: path(of: day), store: disk).map { record in
            if let facts = PaperFacts(bytes: record.payload) { return facts }
            throw PaperError(
                "\(path(of: day)) holds an entry that this version of jqtrade does not know. Run the version that"
                    + " wrote it, or start with --fresh to archive the task's folder.")
        }
    }

    private func path(of day: Day) -> String { "\(folder)/\(day.compact).journal" }
}
