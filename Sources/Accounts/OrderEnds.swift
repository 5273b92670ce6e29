import Gates
import Market

/// When nothing more can become of orders.
struct OrderEnds {
    private let hours: MarketHours
    private let afterClose: TimeSpan
    /// For the day that was last asked for.
    private var last: (day: Day, at: Instant)?

    init(hours: MarketHours, afterClose: TimeSpan) {
        self.hours = hours
        self.afterClose = afterClose
    }

    /// After the close of its day, or of the next if it was given later, or of that on which the broker took it, for it may
    /// have lain in his folder over night.
    mutating func end(of ticket: OrderTicket, entrustedAt: Instant? = nil) -> Instant {
        let end = end(of: max(ticket.day, entrustedAt.map(hours.tradingDay) ?? ticket.day))
        return ticket.createdAt < end ? end : self.end(of: hours.calendar.next(after: ticket.day))
    }

    private mutating func end(of day: Day) -> Instant {
        if let last, last.day == day { return last.at }
        let close = hours.day(day).sessions.last?.end ?? hours.zone.instant(day + 1, TimeOfDay(seconds: 0))
        last = (day, close + afterClose)
        return close + afterClose
    }
}
