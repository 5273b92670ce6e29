import Gates
import Market

/// Dividends and splits: what was agreed for a day happens when it begins, before anybody trades on it.
extension PaperExchange {
    /// Does what is due by the beginning of a day, if it is not done.
    func takeActions(through day: Day) {
        guard let done = actionsThrough else { return actionsThrough = day }
        if done >= day { return }
        actionsThrough = day
        for number in books.indices {
            let hasPrice = books[number].time > Instant(nanoseconds: .min) && books[number].last > .zero
            books[number].closeBefore = hasPrice ? books[number].last : nil
            books[number].terms = nil
        }
        for action in setting.actions where action.exDate > done && action.exDate <= day { take(action) }
    }

    /// The dividends and splits of a security that came into force after one instant and by another.
    public func actions(of security: Security, after: Instant, through now: Instant) -> [CorporateAction] {
        setting.actions.filter { action in
            guard action.security == security else { return false }
            let begins = SessionClock(action.exDate, hours: setting.hours).begins
            return after < begins && begins <= now
        }
    }

    /// Prices count as others from here on, until there are new ones, and what is held changes.
    private func take(_ action: CorporateAction) {
        onAction?(action)
        guard let number = knownNumber(of: action.security) else { return }
        let before = books[number].last
        if before > .zero { books[number].last = action.adjusted(before) }
        books[number].closeBefore = books[number].closeBefore.map(action.adjusted)
        if books[number].long.amount > 0 { pay(action, number, priceBefore: before) }
    }

    /// A dividend is paid, a split changes amounts. Orders that sell what is split end: they are of another amount.
    private func pay(_ action: CorporateAction, _ number: Int, priceBefore: Money) {
        let shares = books[number].long.amount
        let more = shares.multipliedFullWidth(by: max(action.ratio, 1))
        guard more.high < 500_000 else { return }
        if action.ratio != 1_000_000 { endOrders(of: number, "the shares were split") { !$0.opens } }
        let dividend = Self.fen(action.cash, times: shares)
        cash = cash + dividend
        worths.hasMoved = true
        if dividend != .zero { onDividend?(action.security, action.exDate, dividend) }
        let amount = Int64(1_000_000).dividingFullWidth(more).quotient
        books[number].long.amount = amount
        touch(number)
        noteHeld(number)
        noteOutcome()
        let split = amount == shares ? "\(shares) are held" : "\(shares) held became \(amount)"
        log(
            .info,
            "\(action.security): ex-date \(action.exDate): \(split), \(dividend) yuan were paid, and the last price,"
                + " \(priceBefore), counts as \(books[number].last)")
    }

    /// Millionths of a yuan for each of so many shares, rounded to the fen.
    private static func fen(_ millionths: Int64, times shares: Int64) -> Money {
        let (product, overflow) = millionths.multipliedReportingOverflow(by: shares)
        return overflow ? .zero : Money(units: (product + 5000) / 10_000 * 100)
    }

    /// Looks at the first price of a day. Where the limits from the close before cannot be, somebody has not said what
    /// happened: these are no limits, and what is held may be wrong.
    func look(atFirst price: Money, of number: Int) {
        // Nearly always it is so near that no limit is beyond.
        guard let close = books[number].closeBefore,
            (price.units &- close.units).magnitude &* 20 > close.units.magnitude, setting.rules == .aShare, let day,
            let limits = limits(from: close, of: number, on: day), price < limits.low || price > limits.high
        else { return }
        books[number].closeBefore = nil
        books[number].terms = nil
        let security = books[number].security
        if setting.actions.contains(where: { $0.security == security && $0.exDate == day }) { return }
        log(
            .warn,
            "\(security) begins \(day) at \(price) after a close of \(close), which is beyond its price limit. If it was"
                + " split or paid a dividend, write that into actions.csv: what is held stays as it is without. Else"
                + " days may be missing in the data")
    }
}
