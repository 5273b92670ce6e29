import Gates
import Market

/// An exchange on paper with one account: it takes orders, matches them against the market's data and keeps the money.
///
/// It knows no clock and no disk: time is told, and the same calls in the same order have the same outcome, on any
/// machine. All amounts are whole numbers.
public final class PaperExchange {
    /// What it is made of.
    public let setting: PaperSetting
    /// Cash: what orders and margins hold is included.
    public internal(set) var cash: Money
    /// All fees so far.
    public internal(set) var fees = Money.zero
    /// How many orders it has taken.
    public internal(set) var orderCount = 0
    /// Called for each trade.
    public var onFill: ((PaperFill) -> Void)?
    /// Asked for each trade how much of it comes about, if somebody wants it slower; the rest waits for what comes next.
    public var portion: ((_ amount: Int64) -> Int64)?
    /// Called when a day is settled.
    public var onSettled: ((DayClose) -> Void)?
    /// True if orders, cash or amounts have changed since the account was last told.
    public internal(set) var hasNews = true
    /// True if the price of something that is held has changed since then.
    public internal(set) var pricesMoved = false

    var books: [SecurityBook] = []
    var numbers: [Security: Int] = [:]
    /// Open orders and those whose end nobody was told yet, by place.
    var orders: [PaperOrder?] = []
    var freePlaces: [Int] = []
    /// The places of orders that have news, in order.
    var changed: [Int] = []
    /// The places of the day's orders; what is over may have left its place to another.
    var places: [OrderID: Int] = [:]
    var frozen = Money.zero
    /// The securities of which something is held, in order of number.
    var held: [Int] = []
    /// The hours of the current trading day; nil before the first instant.
    var clock: SessionClock?
    var phase = SessionClock.Phase.opening
    /// When the phase ends or the day is settled: `advance` has something to do then.
    public internal(set) var nextChange = Instant(nanoseconds: .min)
    /// What is kept for contracts.
    var margins = Money.zero
    /// True if somebody writes down what happens.
    var isRemembered = false
    /// The securities of which something was traded since it was last written down.
    var touched: [Int] = []
    /// The places of orders that have changed since they were last written down.
    var unwritten: [Int] = []

    /// An exchange whose account holds nothing but its cash.
    public init(_ setting: PaperSetting) {
        self.setting = setting
        cash = setting.initialCash
    }

    /// The number of a security, by which its data comes.
    public func number(of security: Security) -> Int {
        if let number = numbers[security] { return number }
        books.append(SecurityBook(security))
        numbers[security] = books.count - 1
        return books.count - 1
    }

    /// The trading day that it is at; nil before the first instant.
    public var day: Day? { clock?.day }

    /// The terms of a security today; throws why it cannot be traded.
    func terms(of number: Int, on day: Day) throws(PaperError) -> TradeTerms {
        if let terms = books[number].terms { return terms }
        let terms = try TradeTerms(of: books[number].security, on: day, facts: books[number].facts, setting)
        books[number].terms = terms
        return terms
    }
}
