import Gates
import Market

extension IntentJournal {
    /// Removes the journals of days before this one, but never the last two, and never one with an order that is unfinished
    /// or in doubt. What cannot be read or removed stays.
    func prune(before day: Day) {
        guard let days = try? days() else { return }
        for (old, next) in zip(days, days.dropFirst()).dropLast() where old < day {
            if (try? isOver(old, next)) == true { try? remove(old) }
        }
    }

    /// True if all orders of a day are finished. What became of the last of them may stand in the next journal.
    private func isOver(_ day: Day, _ next: Day) throws -> Bool {
        var books = AccountBooks(AccountOptions(), day: day)
        var changes: [AccountChange] = []
        for record in try read(day) + read(next) { books.replay(record, &changes) }
        return books.orders.states.allSatisfy { $0.ticket.day > day || $0.status.isFinished }
    }
}
