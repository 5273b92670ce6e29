import Gates
import Market

/// How much went out: orders and cancels of the last minute and of the day, and the value of the day's orders.
struct TradeCounters {
    private(set) var day: Day
    /// Orders and cancels of the day.
    private(set) var sent = 0
    /// What the day's orders have traded and may still trade.
    private(set) var value = Money.zero
    private var recent: [Instant] = []
    private var forgotten = 0

    init(day: Day) { self.day = day }

    /// Orders and cancels of the 60 seconds up to now.
    mutating func sentInMinute(before now: Instant) -> Int {
        while forgotten < recent.count, now - recent[forgotten] >= .seconds(60) { forgotten += 1 }
        if forgotten > 1000, forgotten > recent.count / 2 {
            recent.removeFirst(forgotten)
            forgotten = 0
        }
        return recent.count - forgotten
    }

    mutating func noteSent(at time: Instant) {
        sent += 1
        recent.append(time)
    }

    /// An order of the day is there, or is now worth something else.
    mutating func noteWorth(of order: OrderState, before: Money = .zero) {
        guard order.ticket.day == day, order.isSent else { return }
        value = value - before + order.worth
    }

    mutating func roll(to day: Day) {
        self.day = day
        sent = 0
        value = .zero
    }
}
