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

    var isNothing: Bool { self == OrderHold() }

    static func + (a: OrderHold, b: OrderHold) -> OrderHold { combine(a, b, 1) }
    static func - (a: OrderHold, b: OrderHold) -> OrderHold { combine(a, b, -1) }

    private static func combine(_ a: OrderHold, _ b: OrderHold, _ sign: Int64) -> OrderHold {
        func sum(_ path: KeyPath<OrderHold, Int64>) -> Int64 { a[keyPath: path] &+ sign &* b[keyPath: path] }
        func sum(_ path: KeyPath<OrderHold, Money>) -> Money {
            Money(units: a[keyPath: path].units &+ sign &* b[keyPath: path].units)
        }
        return OrderHold(
            bought: sum(\.bought), sold: sum(\.sold), perhapsBought: sum(\.perhapsBought),
            perhapsSold: sum(\.perhapsSold), selling: sum(\.selling), sellingUnseen: sum(\.sellingUnseen),
            buying: sum(\.buying), spent: sum(\.spent), buyingUnseen: sum(\.buyingUnseen))
    }
}

/// An order that a snapshot may not know in whole.
struct LiveOrder {
    /// A part that was filled some time between two instants.
    struct Fill {
        let amount: Int64
        let value: Money
        let after: Instant
        let heardAt: Instant
    }

    var state: OrderState
    /// When the broker's first answer was heard.
    var answeredAt: Instant?
    var fills: [Fill] = []
    /// True once its day is over.
    var isReleased = false

    var rest: Int64 { isReleased ? 0 : state.rest }

    /// Forgets the fills that every further snapshot knows.
    mutating func settle(with snapshot: Instant, tolerance: TimeSpan) {
        fills.removeAll { snapshot >= $0.heardAt + tolerance }
    }

    /// What it does beyond a snapshot written at this time; nil for no snapshot at all.
    func hold(beyond snapshot: Instant?, tolerance: TimeSpan, fees: FeeEstimate, kind: TradingUnits.Kind?) -> OrderHold
    {
        var hold = OrderHold()
        let isSeen =
            if let snapshot, let answeredAt { snapshot >= answeredAt + tolerance } else { false }
        var unseenAmount = rest
        for fill in fills {
            unseenAmount += fill.amount
            let isNewer = snapshot.map { $0 + tolerance < fill.after } ?? true
            switch (state.opens, isNewer) {
            case (true, true): hold.bought += fill.amount
            case (true, false): hold.perhapsBought += fill.amount
            case (false, true): hold.sold += fill.amount
            case (false, false): hold.perhapsSold += fill.amount
            }
            if state.ticket.side == .buy {
                hold.spent = hold.spent + fill.value + fees.fees(of: fill.value, .buy, kind: kind)
            }
        }
        if !state.opens {
            hold.selling = rest
            hold.sellingUnseen = isSeen ? 0 : unseenAmount
        }
        if state.ticket.side == .buy {
            let value = state.priceThen?.times(rest) ?? .zero
            hold.buying = value + fees.fees(of: value, .buy, kind: kind)
            hold.buyingUnseen = isSeen ? .zero : hold.buying + hold.spent
        }
        return hold
    }
}
