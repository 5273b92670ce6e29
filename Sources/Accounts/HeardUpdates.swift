import Gates
import Market

/// What was heard of orders: a file that is read again from its start says nothing new.
///
/// A file may hold very many updates, and each is kept for as long as the orders of its day are: so it is neither the whole
/// update nor the hash of a `Hasher`, but one number, which two updates that say different things hardly ever share.
struct HeardUpdates {
    /// Of the orders that were given on one day.
    private struct OneDay {
        let day: Day
        var words = NumberSet()
        /// How often the cancel of an order was asked for.
        var cancels: [OrderID: UInt64] = [:]
    }

    private var days: [OneDay] = []

    /// True for what was not heard before of an order of this day; `key` is that of its id.
    mutating func isNew(_ update: OrderUpdate, _ key: PlaceKey, of day: Day) -> Bool {
        let place = place(of: day)
        return days[place].words.insert(Self.words(of: update, key, days[place].cancels))
    }

    /// From here on a refused cancel of this order is another one, in whatever words.
    mutating func noteCancel(of id: OrderID, given day: Day) { days[place(of: day)].cancels[id, default: 0] += 1 }

    /// Forgets what was heard of orders of days before this one.
    mutating func forget(before day: Day) { days.removeAll { $0.day < day } }

    private mutating func place(of day: Day) -> Int {
        if let place = days.lastIndex(where: { $0.day == day }) { return place }
        days.append(OneDay(day: day))
        return days.count - 1
    }

    private static func words(of update: OrderUpdate, _ order: PlaceKey, _ cancels: [OrderID: UInt64]) -> UInt64 {
        var key = order
        switch update.news {
        case .state(let status): key.add(number(of: status))
        case .cancelRefused(let reason):
            key.add(reason)
            key.add(1 << 32 + (cancels[update.id] ?? 0))
        }
        func add(_ value: Int64?) {
            // No broker tells the number that stands for nothing.
            key.add(UInt64(bitPattern: value ?? .min + 1))
        }
        add(update.filledAmount)
        add(update.canceledAmount)
        add(update.averagePrice?.units)
        add(update.filledValue?.units)
        add(update.commission?.units)
        add(update.entrustedAt?.nanoseconds)
        key.add(update.message)
        key.add(update.counterNumber)
        return key.number
    }

    private static func number(of status: OrderStatus) -> UInt64 {
        switch status {
        case .new: 1
        case .open: 2
        case .filling: 3
        case .filled: 4
        case .canceling: 5
        case .partly_canceled: 6
        case .canceled: 7
        case .rejected: 8
        case .unknown: 9
        }
    }
}
