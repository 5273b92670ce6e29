import Market

/// One row of a CSV file of market data.
public struct CSVRow: Hashable, Sendable {
    /// What a row is about.
    public enum Content: Hashable, Sendable {
        /// A bar.
        case bar(MarketBar)
        /// A tick.
        case tick(MarketTick)
        /// No prices: the row tells of its day only.
        case day
    }

    /// The code, if the file has a column for it.
    public var code: Security?
    /// What it says.
    public var content: Content
    /// What its other columns say of its trading day; nil where the file has none.
    public var facts: DayFacts?
    /// True if the row has a date without a time: its bar is a day's, stamped at the close.
    public var isDaily: Bool

    /// A row.
    public init(code: Security?, content: Content, facts: DayFacts?, isDaily: Bool) {
        self.code = code
        self.content = content
        self.facts = facts
        self.isDaily = isDaily
    }
}

/// The numbers of one row by their slots, as the columns left them.
struct CSVValues: ~Copyable {
    /// Where a field is empty.
    static let absent = Int64.min

    let slots: UnsafeMutablePointer<Int64>
    var time = Instant(nanoseconds: 0)
    /// The day, if the row has no time.
    var day: Day?

    init() {
        slots = .allocate(capacity: CSVSlot.count)
        clear()
    }

    deinit { slots.deallocate() }

    func clear() { slots.initialize(repeating: Self.absent, count: CSVSlot.count) }

    subscript(_ slot: CSVSlot) -> Int64 {
        @inline(__always) get { slots[slot.index] }
        @inline(__always) nonmutating set { slots[slot.index] = newValue }
    }

    private func known(_ slot: CSVSlot) -> Int64? { self[slot] == Self.absent ? nil : self[slot] }
    private func money(_ slot: CSVSlot) -> Money? { known(slot).map(Money.init(units:)) }

    /// True if a bar has no prices at all, as rows of a paused day have: empty, or zero throughout.
    @inline(__always) var isWithoutBar: Bool {
        let all = self[.open] | self[.high] | self[.low] | self[.close]
        return all == 0 || all == Self.absent
    }

    /// The bar, if its prices are possible.
    @inline(__always) var bar: MarketBar? {
        let (open, high, low, close) = (self[.open], self[.high], self[.low], self[.close])
        guard low != Self.absent, low <= open, low <= close, high >= open, high >= close else { return nil }
        let volume = self[.volume]
        let amount = self[.amount]
        guard volume >= 0 || volume == Self.absent else { return nil }
        return MarketBar(
            end: time, open: Money(units: open), high: Money(units: high), low: Money(units: low),
            close: Money(units: close), volume: volume == Self.absent ? 0 : volume,
            amount: Money(units: amount == Self.absent ? 0 : amount))
    }

    /// Why these prices make no bar.
    var barProblem: CSVProblem {
        for (slot, name) in CSVSlot.ofBars where slot != .volume && self[slot] == Self.absent {
            return CSVProblem("\(name) is missing")
        }
        func text(_ slot: CSVSlot) -> String { Money(units: self[slot]).description }
        if self[.volume] < 0 { return CSVProblem("the volume \(self[.volume]) is negative") }
        if self[.low] > self[.high] { return CSVProblem("low \(text(.low)) is above high \(text(.high))") }
        let (slot, name) = (self[.low]...self[.high]).contains(self[.open]) ? (CSVSlot.close, "close") : (.open, "open")
        return CSVProblem("\(name) \(text(slot)) is not between low \(text(.low)) and high \(text(.high))")
    }

    /// The tick; nil without a last price.
    func tick(levels: Int) -> MarketTick? {
        guard let last = money(.last) else { return nil }
        var tick = MarketTick(time: time, last: last, volume: known(.volume) ?? 0, amount: money(.amount) ?? .zero)
        tick.bids = side(levels, CSVSlot.bid, CSVSlot.bidVolume)
        tick.asks = side(levels, CSVSlot.ask, CSVSlot.askVolume)
        return tick
    }

    /// Levels without a price, or with price zero as some write it, end a side of the book.
    private func side(
        _ levels: Int, _ price: (Int) -> CSVSlot, _ volume: (Int) -> CSVSlot
    ) -> [MarketTick.Level] {
        var side: [MarketTick.Level] = []
        for level in 0..<levels {
            guard let at = money(price(level + 1)), at.units > 0 else { break }
            side.append(MarketTick.Level(price: at, volume: known(volume(level + 1)) ?? 0))
        }
        return side
    }

    /// What the row says of a day.
    func facts(_ day: Day) -> DayFacts? {
        let facts = DayFacts(
            day: day, preClose: money(.preClose), highLimit: money(.highLimit), lowLimit: money(.lowLimit),
            isPaused: self[.paused] == 1)
        return facts == DayFacts(day: day) && self[.paused] == Self.absent ? nil : facts
    }
}
