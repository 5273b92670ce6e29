import Market

/// Where the slots' records are kept: one journal for each trading day.
public struct SlotMemory {
    /// The records of a day; none if it has no journal.
    public var read: (Day) throws -> [SlotRecord]
    /// Adds a record to a day's journal, which is made if need be; flushed to the disk if told so.
    public var write: (_ day: Day, _ record: SlotRecord, _ at: Instant, _ flush: Bool) throws -> Void
    /// Flushes a day's journal and lets go of it: its slots have all been judged.
    public var close: (Day) throws -> Void

    /// A place to keep records in.
    public init(
        read: @escaping (Day) throws -> [SlotRecord],
        write: @escaping (_ day: Day, _ record: SlotRecord, _ at: Instant, _ flush: Bool) throws -> Void,
        close: @escaping (Day) throws -> Void
    ) {
        self.read = read
        self.write = write
        self.close = close
    }

    /// Remembers nothing: for runs on a virtual clock, which are never continued and never go back.
    public static var none: SlotMemory { SlotMemory(read: { _ in [] }, write: { _, _, _, _ in }, close: { _ in }) }
}

/// The files `slots/<day>.journal` of a task.
public enum SlotJournals {
    /// Days that journals are kept unless told otherwise.
    public static let keptDays = 90

    /// A day's file name, `20261120.journal`.
    public static func name(of day: Day) -> String { "\(day.compact).journal" }

    /// The day that a file name speaks of; nil if it is no journal of slots.
    public static func day(of name: String) -> Day? {
        guard name.hasSuffix(".journal"), name.utf8.count == 16 else { return nil }
        return Day(name.dropLast(8))
    }

    /// The newest day with a journal up to today: it tells how the task ended. A later one is of a wrong clock.
    public static func newest(in names: [String], today: Day) -> Day? {
        names.compactMap(day(of:)).filter { $0 <= today }.max()
    }

    /// The files to remove: those of days more than so many days ago, never the newest.
    public static func expired(in names: [String], today: Day, keeping days: Int = keptDays) -> [String] {
        let newest = newest(in: names, today: today)
        return names.filter { name in
            guard let day = day(of: name), day != newest else { return false }
            return today - day > days
        }
    }
}
