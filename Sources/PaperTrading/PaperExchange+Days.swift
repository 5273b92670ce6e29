import Gates
import Market

extension PaperExchange {
    /// Lets the time pass up to now: phases of the day begin and end, days are settled and begin. Nearly free when
    /// nothing is due.
    public func advance(to now: Instant) {
        if now < changesAt { return }
        if clock == nil {
            let today = SessionClock(setting.hours.tradingDay(at: now), hours: setting.hours)
            begin(now < today.settles ? today.day : setting.hours.calendar.next(after: today.day))
        }
        while let clock, now >= clock.settles {
            settle(clock)
            begin(setting.hours.calendar.next(after: clock.day))
        }
        if let clock {
            if now >= clock.begins { takeActions(through: clock.day) }
            (phase, changesAt) = clock.phase(at: now)
        }
    }

    /// Begins a day.
    func begin(_ day: Day) {
        let clock = SessionClock(day, hours: setting.hours)
        self.clock = clock
        dayBegan = clock.begins
        for number in books.indices {
            books[number].terms = nil
            books[number].bids = []
            books[number].asks = []
            books[number].closeBefore = nil
        }
    }

    /// Ends a day: its orders end, contracts are settled at the last price, and what was bought may be sold.
    func settle(_ clock: SessionClock) {
        takeActions(through: clock.day)
        if setting.rules == .aShare {
            for number in books.indices where !books[number].orders.isEmpty {
                endOrders(of: number, "the day ended") { $0.day <= clock.day }
            }
        }
        for number in held {
            books[number].long.fresh = 0
            books[number].short.fresh = 0
            if books[number].multiplier != nil { settleContracts(of: number) }
            touch(number)
        }
        callMargin(clock)
        taken.keep { !$0.isGone }
        noteOutcome()
        onSettled?(DayClose(day: clock.day, closedAt: clock.close, equity: equity, cash: cash, fees: fees))
    }

    func endOrders(of number: Int, _ message: String, where isOver: (PaperOrder) -> Bool) {
        for order in books[number].orders where isOver(order) {
            end(order, order.filled > 0 ? .partly_canceled : .canceled, message)
        }
        dropFinished(of: number)
    }
}
