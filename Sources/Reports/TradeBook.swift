import Gates
import Market

/// Positions as the fills make them, at their average cost with fees and less their dividends, and what each closing fill
/// gained or lost.
public struct TradeBook {
    private struct Key: Hashable {
        let security: Security
        let position: PositionSide
    }

    private struct Holding {
        var amount: Int64 = 0
        /// What it cost to open, fees included; for a short position what was received, less the fees.
        var basis = Money.zero
        /// Profit of the closing fills since the last opening one; nil while there is none.
        var closing: Money?
    }

    private var holdings: [Key: Holding] = [:]
    private var ended: [Money] = []
    private var dividends: ArraySlice<HistoryDividend>

    /// No positions; these dividends, in order of time, will be paid for what is held then.
    public init(dividends: [HistoryDividend] = []) { self.dividends = dividends[...] }

    /// Takes the next fill and answers what it gained after the fees of opening and closing, with its part of the dividends
    /// that were paid meanwhile; nil if it opened.
    public mutating func take(_ fill: HistoryFill) -> Money? {
        while let dividend = dividends.first, dividend.time <= fill.time { pay(dividends.removeFirst()) }
        let key = Key(security: fill.security, position: fill.position)
        var holding = holdings[key] ?? Holding()
        defer { holdings[key] = holding.amount == 0 && holding.closing == nil ? nil : holding }
        let isLong = fill.position == .long
        guard !fill.opens else {
            if let profit = holding.closing { ended.append(profit) }
            holding.closing = nil
            holding.basis = holding.basis + (isLong ? fill.value + fill.fees : fill.value - fill.fees)
            holding.amount = fill.held ?? sum(holding.amount, fill.amount)
            return nil
        }
        // The exchange knows how many there were before it, after a split more than the fills add up to.
        let before = fill.held.map { sum($0, fill.amount) } ?? holding.amount
        let basis = holding.basis.share(fill.amount, of: before)
        let profit = isLong ? fill.value - fill.fees - basis : basis - fill.value - fill.fees
        holding.basis = holding.basis - basis
        holding.amount = max(0, before &- fill.amount)
        holding.closing = (holding.closing ?? .zero) + profit
        return profit
    }

    /// What a position was paid, its shares have cost less.
    private mutating func pay(_ dividend: HistoryDividend) {
        let key = Key(security: dividend.security, position: .long)
        guard let holding = holdings[key], holding.amount > 0 else { return }
        holdings[key]?.basis = holding.basis - dividend.cash
    }

    /// What each closed trade gained after fees, with its dividends.
    ///
    /// Closing fills of one position that follow each other, without an opening one between them, are one trade: the
    /// parts in which an order was filled do not count as many.
    public var closedTrades: [Money] {
        ended
            + holdings.sorted {
                ($0.key.security, $0.key.position.rawValue) < ($1.key.security, $1.key.position.rawValue)
            }
            .compactMap(\.value.closing)
    }

    private func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}

extension Money {
    /// The part of it that `amount` of `whole` shares have; all of it for as many or more.
    fileprivate func share(_ amount: Int64, of whole: Int64) -> Money {
        guard amount > 0 else { return .zero }
        guard amount < whole else { return self }
        let product = units.magnitude.multipliedFullWidth(by: amount.magnitude)
        let part = Int64(clamping: whole.magnitude.dividingFullWidth(product).quotient)
        return Money(units: units < 0 ? -part : part)
    }
}
