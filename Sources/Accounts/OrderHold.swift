import Gates
import Market

/// What one order does to what its security and the cash may still be used for, beyond what the snapshot says.
///
/// A snapshot may or may not know of an order: it surely does if it was written well after the broker's first answer
/// was heard, and so with each fill. What it surely knows it has already taken off what is available. Over and above
/// that, all own orders together may never use more than the snapshot's whole: so a reservation ends with a state of
/// its order, and not because a file no longer shows it.
struct OrderHold: Hashable {
    /// Shares bought and sold that the snapshot surely does not know.
    var bought: Int64 = 0
    var sold: Int64 = 0
    /// Shares bought and sold that it may or may not know.
    var perhapsBought: Int64 = 0
    var perhapsSold: Int64 = 0
    /// Of these, bought less sold, those that were heard of before it was written.
    var heardBefore: Int64 = 0
    /// Shares still to be sold.
    var selling: Int64 = 0
    /// Of the sales, filled or not, those that the snapshot may not have taken off what is available.
    var sellingUnseen: Int64 = 0
    /// Cash for what is still to be bought, fees included.
    var buying = Money.zero
    /// Cash spent by fills that the snapshot may not know.
    var spent = Money.zero
    /// Of the cash for purchases, filled or not, what the snapshot may not have taken off what is available.
    var buyingUnseen = Money.zero
    /// Purchases at the market that were given while no price was known, and that the snapshot may not know.
    var unpriced: Int64 = 0

    static var nothing: OrderHold { OrderHold() }

    static func += (a: inout OrderHold, b: OrderHold) {
        a.bought &+= b.bought
        a.sold &+= b.sold
        a.perhapsBought &+= b.perhapsBought
        a.perhapsSold &+= b.perhapsSold
        a.heardBefore &+= b.heardBefore
        a.selling &+= b.selling
        a.sellingUnseen &+= b.sellingUnseen
        a.buying = a.buying + b.buying
        a.spent = a.spent + b.spent
        a.buyingUnseen = a.buyingUnseen + b.buyingUnseen
        a.unpriced &+= b.unpriced
    }

    static prefix func - (a: OrderHold) -> OrderHold {
        OrderHold(
            bought: -a.bought, sold: -a.sold, perhapsBought: -a.perhapsBought, perhapsSold: -a.perhapsSold,
            heardBefore: -a.heardBefore, selling: -a.selling, sellingUnseen: -a.sellingUnseen,
            buying: .zero - a.buying, spent: .zero - a.spent, buyingUnseen: .zero - a.buyingUnseen,
            unpriced: -a.unpriced)
    }
}

/// An order that a snapshot may not know in whole: no more of it than the sums need.
struct LiveOrder {
    /// From where it is looked at: a snapshot written at this time, or none at all.
    struct View {
        let writtenAt: Instant?
        let tolerance: TimeSpan
        let fees: FeeEstimate

        /// True if nothing that happened after this instant can be in the snapshot.
        func isOlder(than instant: Instant) -> Bool { writtenAt.map { $0 + tolerance < instant } ?? true }
    }

    /// The place of its security's line in the ledger.
    let line: Int
    let kind: TradingUnits.Kind?
    /// True while it is among those that the ledger looks after.
    var isKept = false
    private let opens: Bool
    /// True if it is paid for.
    private let holdsCash: Bool
    private let priceThen: Money?
    /// Shares that may still be filled.
    private(set) var rest: Int64
    /// When the broker's first answer was heard.
    private var answeredAt: Instant?
    private var fills = OrderFills()
    /// What it holds in the sums.
    private var counted = OrderHold.nothing

    /// An order that is given.
    init(_ state: OrderState, line: Int, _ kind: TradingUnits.Kind?, at now: Instant) {
        self.line = line
        self.kind = kind
        opens = state.opens
        // What contracts hold is their margin, which only their exchange reckons.
        holdsCash = state.ticket.side == .buy && state.multiplier == nil
        priceThen = state.priceThen
        rest = state.rest
        answeredAt = state.isAnswered ? now : nil
    }

    /// True if every further snapshot knows all of it.
    var isOver: Bool { rest == 0 && fills.isEmpty }

    /// It has changed; what was filled was filled after `after`. Answers what it holds now more than before.
    mutating func note(_ step: OrderStep, after: Instant, at now: Instant, _ view: View) -> OrderHold {
        // What was over and is not, is heard of anew.
        if isOver { answeredAt = step.wasAnswered ? now : nil }
        rest = step.rest
        if answeredAt == nil, step.isAnswered { answeredAt = now }
        if step.filled > 0 { fills.add(step.filled, step.value, after: after, heardAt: now) }
        if let fees = step.fees, !fills.isEmpty { fills.note(fees: fees) }
        return recount(view)
    }

    /// Its day is over: nothing more of it can be filled.
    mutating func release() { rest = 0 }

    /// Forgets the fills that every further snapshot knows.
    mutating func settle(_ view: View) {
        guard let snapshot = view.writtenAt, !fills.isEmpty else { return }
        fills.forget(heardBy: snapshot - view.tolerance)
    }

    /// What it holds now more than when it was last counted.
    mutating func recount(_ view: View) -> OrderHold {
        var difference = hold(view)
        let before = -counted
        counted = difference
        difference += before
        return difference
    }

    /// What it does beyond what the snapshot says.
    private func hold(_ view: View) -> OrderHold {
        let fees = view.fees
        var hold = OrderHold()
        let isSeen =
            if let snapshot = view.writtenAt, let answeredAt { snapshot >= answeredAt + view.tolerance } else { false }
        var unseen = rest
        fills.forEach { fill in
            unseen += fill.amount
            let isNewer = view.isOlder(than: fill.after)
            if !isNewer, let snapshot = view.writtenAt, snapshot >= fill.heardAt {
                hold.heardBefore += opens ? fill.amount : -fill.amount
            }
            switch (opens, isNewer) {
            case (true, true): hold.bought += fill.amount
            case (true, false): hold.perhapsBought += fill.amount
            case (false, true): hold.sold += fill.amount
            case (false, false): hold.perhapsSold += fill.amount
            }
            if holdsCash {
                hold.spent = hold.spent + fill.value + (fill.fees ?? fees.fees(of: fill.value, .buy, kind: kind))
            }
        }
        if !opens {
            hold.selling = rest
            hold.sellingUnseen = isSeen ? 0 : unseen
        }
        if holdsCash {
            let value = priceThen?.times(rest) ?? .zero
            hold.buying = value + fees.fees(of: value, .buy, kind: kind)
            hold.buyingUnseen = isSeen ? .zero : hold.buying + hold.spent
            hold.unpriced = priceThen == nil && rest > 0 && !isSeen ? 1 : 0
        }
        return hold
    }
}
