import Gates
import Market
import Storage

/// What a terminal did, in order and for ever: every order that it took, every fill and cancel, every refusal. It outlives
/// the terminal, which knows from it alone what to do with a row that it sees again.
///
/// A row that stands twice in the folder is taken twice, as a real terminal would: that is how a double send is seen.
public final class TerminalLedger {
    /// Something that the terminal did.
    public struct Entry: Sendable, Hashable {
        /// When.
        public let at: Instant
        /// What happened.
        public let event: Event
        /// The row of the folder that it was done for; nil if it came about by itself.
        public let row: Row?
    }

    /// A row of one of the files that the terminal reads.
    public struct Row: Sendable, Hashable {
        /// The file's name.
        public let file: String
        /// Where the row begins in it.
        public let offset: Int
        /// The row itself.
        public let text: String
        /// True if its end was not there yet.
        public let isTorn: Bool
    }

    /// What can happen.
    public enum Event: Sendable, Hashable {
        /// An order was taken.
        case accepted(TerminalOrder)
        /// An order was refused before the counter took it.
        case refused(id: OrderID, reason: String)
        /// An order was sent back after the counter took it.
        case rejected(number: Int, reason: String)
        /// Shares were filled.
        case filled(number: Int, amount: Int64, price: Money)
        /// A cancel was taken.
        case cancelTaken(number: Int)
        /// A cancel was refused.
        case cancelRefused(id: OrderID, reason: String)
        /// What was left of an order was canceled.
        case canceled(number: Int)
    }

    /// Whose ledger it is.
    public struct Owner: Sendable, Hashable, CustomStringConvertible {
        /// The account's number.
        public let account: String
        /// The folder.
        public let folder: String
        /// The name of the format of its files.
        public let format: String

        /// The terminal of these settings.
        public init(_ settings: TerminalSettings) {
            (account, folder, format) = (settings.account, settings.folder, settings.format.name)
        }

        init(account: String, folder: String, format: String) {
            (self.account, self.folder, self.format) = (account, folder, format)
        }

        /// `that of account 8890 at /orders (onequant)`.
        public var description: String { "that of account \(account) at \(folder) (\(format))" }
    }

    /// Everything so far.
    public private(set) var entries: [Entry] = []

    private var acted: [String: [Int: Row]] = [:]
    private var file: (file: OpenFile, store: any FileStore)?

    /// A ledger in memory.
    public init() {}

    /// The ledger in a file, with all that earlier terminals wrote into it: a JSON object a line, the first of which says
    /// whose it is, if it is not an old one. A line that a crash cut short is taken away. While it is in use, it is
    /// locked.
    public init(path: String, store: any FileStore, for owner: Owner) throws {
        let file = try store.open(path, .appendOrCreate)
        self.file = (file, store)
        guard try Self.lock(file, store) else {
            throw TerminalError("another terminal is using the ledger \(path): name another file.")
        }
        let bytes = try store.read(file, at: 0, count: try store.size(of: file))
        var problem: TerminalError?
        var line = 0
        let end = forEachLine(in: bytes) { range in
            line += 1
            if line == 1, let found = Owner(line: bytes[range]) {
                if found != owner {
                    problem = TerminalError("the ledger \(path) is \(found), not \(owner): name another.")
                }
            } else if let entry = Entry(line: bytes[range]) {
                remember(entry)
            } else {
                problem = TerminalError(
                    "line \(line) of the ledger \(path) is none: restore it, or move the file away to begin anew.")
            }
            return problem == nil
        }
        if let problem { throw problem }
        if end < bytes.count { try store.truncate(file, to: end) }
        if end == 0 { try store.appendWhole(owner.line, to: file) }
    }

    /// Without locks on its disk, a ledger is in nobody's use.
    private static func lock(_ file: OpenFile, _ store: any FileStore) throws(DiskError) -> Bool {
        do {
            return try store.tryLock(file)
        } catch {
            if error.saysNoLocks { return true }
            throw error
        }
    }

    deinit {
        if let file { file.store.close(file.file) }
    }

    /// Every order that was ever taken, and what has become of it.
    public var orders: [TerminalOrder] { books(hours: MarketHours()).orders }

    /// True if the terminal has already acted on a row, on the part of it that was there then, or on the whole of which a
    /// power loss has left a part.
    func hasActed(on row: Row) -> Bool {
        guard let before = acted[row.file]?[row.offset] else { return false }
        return before.text == row.text || before.isTorn && row.text.hasPrefix(before.text)
            || row.isTorn && before.text.hasPrefix(row.text)
    }

    /// Writes an entry down; it has not happened if this throws.
    func add(_ entry: Entry) throws(DiskError) {
        if let (file, store) = file {
            let size = try store.size(of: file)
            do {
                try store.appendWhole(entry.line, to: file)
            } catch {
                try? store.truncate(file, to: size)
                throw error
            }
        }
        remember(entry)
    }

    /// The books that follow from all entries.
    func books(hours: MarketHours) -> TerminalBooks {
        let first = entries.first.map { hours.tradingDay(at: $0.at) } ?? Day(number: 0)
        var books = TerminalBooks(day: first)
        for entry in entries {
            books.begin(hours.tradingDay(at: entry.at))
            books.apply(entry.event)
        }
        return books
    }

    private func remember(_ entry: Entry) {
        entries.append(entry)
        if let row = entry.row { acted[row.file, default: [:]][row.offset] = row }
    }
}
