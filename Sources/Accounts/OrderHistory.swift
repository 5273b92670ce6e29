import Gates
import Market
import Storage

/// What a task's journal tells of a day, for those who only look, whether the task runs or not.
public struct OrderHistory: Sendable {
    /// The day's orders in the order in which they were given.
    public let orders: [OrderState]
    /// The day's fills.
    public let trades: [Trade]
    /// The account as far as the journal knows it.
    public let portfolio: Portfolio

    /// Reads what a task's folder holds of a day; empty if that is nothing.
    public static func read(
        _ day: Day, taskFolder: String, disk: any FileStore, options: AccountOptions = AccountOptions()
    ) throws -> OrderHistory {
        let journal = IntentJournal(taskFolder: taskFolder, disk: disk, boot: BootID(""))
        let all = try journal.days()
        let days = all.filter { $0 <= day }
        var books = AccountBooks(options, day: days.dropLast().last ?? day)
        var changes: [AccountChange] = []
        for day in days.suffix(2) {
            if books.counters.day < day { books.roll(to: day, keepingFrom: books.counters.day) }
            for record in try journal.read(day) { books.replay(record, &changes) }
        }
        if books.counters.day < day { books.roll(to: day, keepingFrom: books.counters.day) }
        let portfolio = books.ledger.portfolio
        // What was heard of its orders later stands in the journal of the next day.
        if let next = all.first(where: { $0 > day }) {
            for record in try journal.read(next) { books.replay(record, &changes) }
        }
        return OrderHistory(
            orders: books.orders.states.filter { $0.ticket.day == day },
            trades: books.trades.filter { $0.ticket.day == day }, portfolio: portfolio)
    }

    /// The orders that may still be open at the broker, as far as the journals tell: those whose sending has no outcome are
    /// among them. For who would leave them behind.
    public static func maybeOpen(
        taskFolder: String, disk: any FileStore, hours: MarketHours, now: Instant,
        options: AccountOptions = AccountOptions()
    ) throws -> [OrderState] {
        let journal = IntentJournal(taskFolder: taskFolder, disk: disk, boot: BootID(""))
        let days = try journal.days().suffix(2)
        guard let first = days.first else { return [] }
        var books = AccountBooks(options, day: first)
        var changes: [AccountChange] = []
        for record in try days.flatMap(journal.read) { books.replay(record, &changes) }
        var ends = OrderEnds(hours: hours, afterClose: options.dayEndsAfterClose)
        return books.orders.open.filter { $0.isSent && now < ends.end(of: $0.ticket, entrustedAt: $0.entrustedAt) }
    }

    /// The days that have a journal.
    public static func days(taskFolder: String, disk: any FileStore) throws -> [Day] {
        try IntentJournal(taskFolder: taskFolder, disk: disk, boot: BootID("")).days()
    }
}

extension PositionLedger {
    /// Cash and positions together.
    var portfolio: Portfolio {
        var portfolio = Portfolio()
        portfolio.totalValue = snapshot?.totalValue ?? .zero
        portfolio.availableCash = availableCash
        portfolio.lockedCash = lockedCash
        portfolio.holdings = holdings.filter { $0.amount > 0 || $0.locked > 0 }
        portfolio.positionValue = portfolio.holdings.reduce(.zero) { $0 + $1.value }
        portfolio.syncedAt = snapshot?.readAt
        return portfolio
    }
}
