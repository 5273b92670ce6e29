import Market
import Storage

/// The user's own days: `calendar/closed_days.txt` and `open_days.txt` in the home, which win over the built-in table.
public struct CalendarFiles: Sendable {
    /// The file of additional closed days.
    public let closed: String
    /// The file of additional trading days.
    public let open: String

    /// The two files of a home.
    public init(closed: String, open: String) {
        self.closed = closed
        self.open = open
    }

    /// The built-in calendar with the user's days; a line that is no date is an error that names it.
    public func calendar(in disk: any FileStore) throws -> TradingCalendar {
        try TradingCalendar.builtIn.adding(closed: days(closed, disk), opened: days(open, disk))
    }

    private func days(_ path: String, _ disk: any FileStore) throws -> [Day] {
        guard let bytes = try disk.readFile(path) else { return [] }
        return try CalendarFile.days(in: String(decoding: bytes, as: UTF8.self), name: path)
    }
}
