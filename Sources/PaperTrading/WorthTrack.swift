import Market

/// What an account was worth at one moment.
public struct WorthMark: Hashable, Sendable {
    /// When.
    public let time: Instant
    /// Cash and positions at the last prices.
    public let equity: Money
    /// Cash alone.
    public let cash: Money

    /// A moment's worth.
    public init(time: Instant, equity: Money, cash: Money) {
        self.time = time
        self.equity = equity
        self.cash = cash
    }
}

/// A fall of an account's worth below the highest that it had before.
public struct WorthFall: Hashable, Sendable {
    /// When the worth was highest.
    public let from: WorthMark
    /// When it was lowest since.
    public let to: WorthMark

    /// True if it is the deeper one, each taken as a part of its height; exactly, for these are whole numbers.
    func isDeeper(than other: WorthFall) -> Bool {
        let depth = (from.equity - to.equity).units.magnitude.multipliedFullWidth(by: other.from.equity.units.magnitude)
        let others = (other.from.equity - other.to.equity).units.magnitude
            .multipliedFullWidth(by: from.equity.units.magnitude)
        return (depth.high, depth.low) > (others.high, others.low)
    }
}

/// Follows an account's worth from one instant to the next, so that no fall is lost between two looks at it.
///
/// Nothing is noted within an instant: with half of its prices taken in, the account is worth what it never was.
struct WorthTrack {
    /// The instant that is being taken in.
    var time = Instant(nanoseconds: .min)
    /// True if the worth may be another than the one that was noted last.
    var hasMoved = true
    /// What the account was worth when the last instant was over that had changed it.
    private(set) var last: WorthMark?
    private var high: WorthMark?
    private var low: WorthMark?
    private var deepest: WorthFall?

    /// Notes what the account was worth when an instant was over.
    mutating func note(_ mark: WorthMark) {
        last = mark
        guard let high, let low, mark.equity < high.equity else {
            deepest = deepestFall
            (high, low) = (mark, mark)
            return
        }
        if mark.equity < low.equity { self.low = mark }
    }

    /// The deepest fall so far; nil if there was none.
    var deepestFall: WorthFall? {
        guard let high, let low, high.equity > .zero, low.equity < high.equity else { return deepest }
        let fall = WorthFall(from: high, to: low)
        return deepest.map { fall.isDeeper(than: $0) ? fall : $0 } ?? fall
    }
}

extension PaperExchange {
    /// What the account was worth when the last instant was over that is known to be; nil before there is one.
    public var lastWorth: WorthMark? { worths.last }

    /// The deepest fall of the account's worth, looked at after each instant that moved it; nil if it never fell.
    public var deepestFall: WorthFall? {
        var worths = worths
        worths.note(WorthMark(time: worths.time, equity: equity, cash: cash))
        return worths.deepestFall
    }

    /// Another instant begins: what the account was worth at the end of the one before is known.
    func beginInstant(_ next: Instant) {
        if worths.hasMoved {
            let time = worths.last == nil ? next : worths.time
            worths.note(WorthMark(time: time, equity: equity, cash: cash))
            worths.hasMoved = false
        }
        worths.time = next
    }
}
