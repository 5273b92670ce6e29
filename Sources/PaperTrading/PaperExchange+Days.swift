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
        if let clock { (phase, changesAt) = clock.phase(at: now) }
    }

    /// Begins a day: what was agreed for its opening happens.
    func begin(_ day: Day) {
        let last = clock?.day
        clock = SessionClock(day, hours: setting.hours)
        for number in books.indices {
            books[number].terms = nil
            books[number].bids = []
            books[number].asks = []
        }
        guard let last else { return }
        for action in setting.actions where action.exDate > last && action.exDate <= day { apply(action) }
    }

    /// A dividend is paid, a split changes amounts, and the price follows until there is a new one. Orders that sell
    /// what is split end: they are of another amount.
    private func apply(_ action: CorporateAction) {
        guard let number = knownNumber(of: action.security), books[number].long.amount > 0 else { return }
        let shares = books[number].long.amount
        let more = shares.multipliedFullWidth(by: max(action.ratio, 1))
        guard more.high < 500_000 else { return }
        if action.ratio != 1_000_000 { endOrders(of: number, "the shares were split") { !$0.opens } }
        let paid = Self.fen(action.cash, times: shares)
        cash = cash + paid
        if paid != .zero { onDividend?(action.security, action.exDate, paid) }
        books[number].long.amount = Int64(1_000_000).dividingFullWidth(more).quotient
        let price = books[number].last.units &- action.cash / 100
        let (product, overflow) = price.multipliedReportingOverflow(by: 1_000_000)
        if !overflow { books[number].last = Money(units: max(product / max(action.ratio, 1), 1)) }
        touch(number)
        noteHeld(number)
        isUntold = true
    }

    /// Millionths of a yuan for each of so many shares, rounded to the fen.
    private static func fen(_ millionths: Int64, times shares: Int64) -> Money {
        let (product, overflow) = millionths.multipliedReportingOverflow(by: shares)
        return overflow ? .zero : Money(units: (product + 5000) / 10_000 * 100)
    }

    /// Ends a day: its orders end, contracts are settled at the last price, and what was bought may be sold.
    func settle(_ clock: SessionClock) {
        if setting.rules == .aShare {
            for number in books.indices where !books[number].orders.isEmpty {
                endOrders(of: number, "the day ended") { $0.day <= clock.day }
            }
        }
        for number in held {
            books[number].long.fresh = 0
            books[number].short.fresh = 0
            if let multiplier = books[number].multiplier { settleContracts(number, multiplier) }
            touch(number)
        }
        places = places.filter { id, place in orders[place].map { $0.ticket.id == id } ?? false }
        isUntold = true
        onSettled?(DayClose(day: clock.day, equity: equity, cash: cash, fees: fees))
    }

    func endOrders(of number: Int, _ message: String, where isOver: (PaperOrder) -> Bool) {
        for place in books[number].orders {
            guard let order = orders[place], isOver(order) else { continue }
            end(place, order.filled > 0 ? .partly_canceled : .canceled, message)
        }
        dropFinished(of: number)
    }

    /// Pays what contracts have earned since the last settlement, and takes what they have lost.
    private func settleContracts(_ number: Int, _ multiplier: Int64) {
        let last = books[number].last
        guard let terms = try? terms(of: number, on: clock?.day ?? Day(number: 0)) else { return }
        func settle(_ position: inout PaperPosition, isLong: Bool) {
            guard let value = terms.value(last, position.amount) else { return }
            cash = cash + (isLong ? value - position.basis : position.basis - value)
            position.basis = value
            margins = margins - position.margin
            position.margin = terms.margin(of: value)
            margins = margins + position.margin
        }
        settle(&books[number].long, isLong: true)
        settle(&books[number].short, isLong: false)
    }
}
