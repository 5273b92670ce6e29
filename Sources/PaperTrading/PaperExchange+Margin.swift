import Gates
import Market

/// The daily settlement of contracts.
extension PaperExchange {
    /// Pays what contracts have earned since the last settlement, and takes what they have lost.
    func settleContracts(of number: Int) {
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

    /// Closes contracts at the settlement's price until the cash covers the margin of the rest: of the position with the
    /// largest margin first, and no more of them than it takes.
    func callMargin(_ clock: SessionClock) {
        if margins == .zero || cash >= margins { return }
        log(.warn, "margin call on \(clock.day): the contracts need a margin of \(margins), and the cash is \(cash)")
        var count = 0
        while cash < margins, let (number, side) = largestMargin, let terms = try? terms(of: number, on: clock.day) {
            let position = side == .long ? books[number].long : books[number].short
            count += 1
            let amount = close(
                excess(of: position, books[number].last, terms), of: number, side,
                id: "margin-call-\(clock.day.compact)-\(count)", clock, terms)
            if amount == 0 { break }
        }
        if cash >= .zero { return }
        log(
            .error,
            "the account has lost more than it had: it owes \(Money.zero - cash) yuan after the settlement of"
                + " \(clock.day), and can open nothing more")
    }

    private var largestMargin: (number: Int, side: PositionSide)? {
        var found: (number: Int, side: PositionSide)?
        var most = Money.zero
        for number in held {
            for (side, position) in [(PositionSide.long, books[number].long), (.short, books[number].short)]
            where position.margin > most {
                found = (number, side)
                most = position.margin
            }
        }
        return found
    }

    /// How many contracts of a position must go, as far as it has them.
    private func excess(of position: PaperPosition, _ price: Money, _ terms: TradeTerms) -> Int64 {
        guard let value = terms.value(price, 1) else { return position.amount }
        let fee = terms.fees.total(of: value, lots: 1, buys: true, opens: false, unit: terms.feeUnit)
        let freed = max((terms.margin(of: value) - fee).units, 1)
        return min(((margins - cash).units + freed - 1) / freed, position.amount)
    }

    /// Closes contracts whether anybody wants it or not; answers how many.
    private func close(
        _ amount: Int64, of number: Int, _ side: PositionSide, id: OrderID, _ clock: SessionClock, _ terms: TradeTerms
    ) -> Int64 {
        // What waits to close them may hold them.
        endOrders(of: number, "a margin call closed the contracts") { !$0.opens && $0.ticket.position == side }
        let ticket = OrderTicket(
            id: id, security: books[number].security, side: side == .long ? .sell : .buy, position: side,
            amount: amount,
            pricing: .market, day: clock.day, createdAt: clock.close)
        let order = PaperOrder(
            ticket: ticket, security: number, day: clock.day, limit: nil, holdPrice: .zero, isForAuction: false)
        put(order)
        let closed = fill(order, at: books[number].last, upTo: -1, clock.close, terms)
        dropFinished(of: number)
        log(
            .warn,
            "margin call: \(closed) \(side) \(books[number].security) were closed at the settlement price, "
                + "\(books[number].last)")
        return closed
    }
}
