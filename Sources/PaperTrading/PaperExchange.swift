import Gates
import Market

/// An exchange on paper with one account: it takes orders, matches them against the market's data and keeps the money.
///
/// It knows no clock and no disk: time is told, and the same calls in the same order have the same outcome, on any
/// machine. All amounts are whole numbers.
///
/// What each bar touches does without the check of exclusive access at run time, which would cost more than the bar does:
/// all calls come on one thread, and none from within another.
public final class PaperExchange {
    /// What it is made of.
    public let setting: PaperSetting
    /// Cash: what orders and margins hold is included.
    @exclusivity(unchecked) public internal(set) var cash: Money
    /// All fees so far.
    @exclusivity(unchecked) public internal(set) var fees = Money.zero
    /// How many orders it has taken.
    @exclusivity(unchecked) public internal(set) var orderCount = 0
    /// Called for each trade.
    @exclusivity(unchecked) public var onFill: ((PaperFill) -> Void)?
    /// Asked for each trade how much of it comes about, if somebody wants it slower; the rest waits for what comes next.
    @exclusivity(unchecked) public var portion: ((_ amount: Int64) -> Int64)?
    /// Called when a dividend or a split is in force, whether anything of it is held or not.
    public var onAction: ((CorporateAction) -> Void)?
    /// Told what somebody should know of it: what it did by itself, and what looks wrong.
    public var log: (GateLogLevel, String) -> Void = { _, _ in }
    /// Called when a dividend is paid for what is held.
    public var onDividend: ((_ security: Security, _ exDate: Day, _ cash: Money) -> Void)?
    /// Called when a day is settled.
    public var onSettled: ((DayClose) -> Void)?
    /// Why no price of a security will ever come, if that is known: an order would wait for ever, and is refused.
    @exclusivity(unchecked) public var whyUnpriced: ((Security) -> String?)?
    /// How late data may be: an order that was given so long after a bar began, or had ended, was given with it. None where
    /// the data decides what time it is.
    public var lateness = TimeSpan.zero
    /// True if orders, cash or amounts have changed since the account was last told.
    @inlinable public var hasNews: Bool { isUntold }
    @exclusivity(unchecked) @usableFromInline var isUntold = true
    /// True if any of it is more than that an order was taken: a fill, an end, a day's settlement.
    @inlinable public var hasOutcome: Bool { isOutcomeUntold }
    @exclusivity(unchecked) @usableFromInline var isOutcomeUntold = true
    /// True if the price of something that is held has changed since then.
    @exclusivity(unchecked) var pricesMoved = false

    @exclusivity(unchecked) var books: [SecurityBook] = []
    @exclusivity(unchecked) private var numbers: [Security: Int] = [:]
    /// The number that was last asked for: most who ask, ask for the same one again.
    @exclusivity(unchecked) private var lastNumber = 0
    /// The orders that have news, in order.
    @exclusivity(unchecked) var changed: [PaperOrder] = []
    /// The day's orders.
    @exclusivity(unchecked) var taken = TakenOrders()
    @exclusivity(unchecked) var frozen = Money.zero
    /// How the account's worth has gone.
    @exclusivity(unchecked) var worths = WorthTrack()
    /// The securities of which something is held, in order of number.
    @exclusivity(unchecked) var held: [Int] = []
    /// The hours of the current trading day; nil before the first instant.
    @exclusivity(unchecked) var clock: SessionClock?
    @exclusivity(unchecked) var phase = SessionClock.Phase.opening
    /// When the current trading day began: whoever has no younger price has none of today.
    @exclusivity(unchecked) var dayBegan = Instant(nanoseconds: .min)
    /// The day up to whose dividends and splits all are done; nil before the first day.
    var actionsThrough: Day?
    /// True once it was said where price limits come from.
    var hasToldLimits = false
    /// When the phase ends or the day is settled: `advance` has something to do then.
    @inlinable public var nextChange: Instant { changesAt }
    @exclusivity(unchecked) @usableFromInline var changesAt = Instant(nanoseconds: .min)
    /// What is kept for contracts.
    @exclusivity(unchecked) var margins = Money.zero
    /// True if somebody writes down what happens.
    @exclusivity(unchecked) var isRemembered = false
    /// The securities of which something was traded since it was last written down.
    @exclusivity(unchecked) var touched: [Int] = []
    /// The orders that have changed since they were last written down.
    @exclusivity(unchecked) var unwritten: [PaperOrder] = []

    /// An exchange whose account holds nothing but its cash.
    public init(_ setting: PaperSetting) {
        self.setting = setting
        cash = setting.initialCash
    }

    /// The number of a security, by which its data comes.
    public func number(of security: Security) -> Int {
        if lastNumber < books.count, books[lastNumber].security == security { return lastNumber }
        if let number = knownNumber(of: security) {
            lastNumber = number
            return number
        }
        books.append(SecurityBook(security, number: books.count))
        lastNumber = books.count - 1
        numbers[security] = lastNumber
        return lastNumber
    }

    /// The book of a security.
    public func book(of security: Security) -> SecurityBook { books[number(of: security)] }

    /// The number of a security that has one.
    func knownNumber(of security: Security) -> Int? { numbers[security] }

    /// The trading day that it is at; nil before the first instant.
    public var day: Day? { clock?.day }

    /// The terms of a security today, the market having been between these prices: what it does not keep to and nobody told
    /// is no limit, as in the first days of a share.
    func terms(of number: Int, on day: Day, low: Money, high: Money) throws(PaperError) -> TradeTerms {
        let terms = try terms(of: number, on: day)
        guard terms.guessesLimits, terms.high.map({ high > $0 }) ?? false || terms.low.map({ low < $0 }) ?? false else {
            return terms
        }
        books[number].closeBefore = nil
        books[number].terms = nil
        return try self.terms(of: number, on: day)
    }

    /// The terms of a security today; throws why it cannot be traded.
    func terms(of number: Int, on day: Day) throws(PaperError) -> TradeTerms {
        let book = books[number]
        if let terms = book.terms { return terms }
        let close = setting.rules == .aShare ? book.closeBefore : nil
        let fallback = close.flatMap { limits(from: $0, of: number, on: day) }
        let terms = try TradeTerms(of: book.security, on: day, facts: book.facts, fallback: fallback, setting)
        if setting.rules == .aShare, !terms.isFuture { tellLimits(book.facts) }
        book.terms = terms
        return terms
    }
}
