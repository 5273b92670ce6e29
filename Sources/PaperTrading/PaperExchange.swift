import Gates
import Market

/// An exchange on paper with one account: it takes orders, matches them against the market's data and keeps the money.
///
/// It knows no clock and no disk: time is told, and the same calls in the same order have the same outcome, on any
/// machine. All amounts are whole numbers.
///
/// Its properties do without the checks of exclusive access at run time, which cost more than a bar does: all calls come
/// on one thread, and none from within another.
public final class PaperExchange {
    /// What it is made of.
    public let setting: PaperSetting
    /// Cash: what orders and margins hold is included.
    @exclusivity(unchecked) public internal(set) var cash: Money
    /// All fees so far.
    @exclusivity(unchecked) public internal(set) var fees = Money.zero
    /// Called for each trade.
    public var onFill: ((PaperFill) -> Void)?
    /// Called when a day is settled.
    public var onSettled: ((DayClose) -> Void)?
    /// True if orders, cash or amounts have changed since the account was last told.
    @exclusivity(unchecked) public internal(set) var hasNews = true
    /// True if the price of something that is held has changed since then.
    @exclusivity(unchecked) public internal(set) var pricesMoved = false

    @exclusivity(unchecked) var books: [SecurityBook] = []
    var numbers: [Security: Int] = [:]
    /// Open orders and those whose end nobody was told yet, by place.
    @exclusivity(unchecked) var orders: [PaperOrder?] = []
    @exclusivity(unchecked) var freePlaces: [Int] = []
    /// The places of orders that have news, in order.
    @exclusivity(unchecked) var changed: [Int] = []
    /// The places of the day's orders; what is over may have left its place to another.
    @exclusivity(unchecked) var places: [OrderID: Int] = [:]
    @exclusivity(unchecked) var frozen = Money.zero
    /// The securities of which something is held, in order of number.
    @exclusivity(unchecked) var held: [Int] = []
    /// The hours of the current trading day; nil before the first instant.
    @exclusivity(unchecked) var clock: SessionClock?
    @exclusivity(unchecked) var phase = SessionClock.Phase.opening
    /// When the phase ends or the day is settled.
    @exclusivity(unchecked) var nextChange = Instant(nanoseconds: .min)
    /// What is kept for contracts.
    @exclusivity(unchecked) var margins = Money.zero
    /// True if somebody writes down what happens.
    @exclusivity(unchecked) var isRemembered = false
    /// The securities of which something was traded since it was last written down.
    @exclusivity(unchecked) var touched: [Int] = []
    /// The places of orders that have changed since they were last written down.
    @exclusivity(unchecked) var unwritten: [Int] = []

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
