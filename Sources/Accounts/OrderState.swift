import Gates
import Market

/// An order and all that is known of it.
public struct OrderState: Hashable, Sendable {
    // In this order they take the least room: a small one fits in behind one that may be missing.

    /// What never changes; all states of the order share it, for they are many.
    fileprivate let given: Given
    /// What the broker says of it in words; it hardly ever changes.
    private var remarks: OrderRemarks?
    /// When something last became known of it.
    public internal(set) var changedAt: Instant
    /// Shares filled.
    public internal(set) var filledAmount: Int64 = 0
    /// Shares canceled.
    public internal(set) var canceledAmount: Int64 = 0
    /// What the filled shares cost or brought.
    public internal(set) var filledValue = Money.zero
    /// The mean price of what is filled.
    public internal(set) var averagePrice: Money?
    /// Where it stands.
    public internal(set) var status = OrderStatus.new
    /// Where it stands but for the cancel that is on its way: there it is again if the cancel is refused.
    private var beneathCancel = OrderStatus.new
    /// Fees, where the broker tells them.
    public internal(set) var commission: Money?
    /// True once the broker has said anything of it.
    public internal(set) var isAnswered = false
    /// True if its end is our own conclusion: it yields to whatever the broker says.
    public internal(set) var isOurVerdict = false
    /// When the broker took it.
    public internal(set) var entrustedAt: Instant?
    /// False if a rule refused it before it was sent.
    public internal(set) var isSent = true

    init(_ ticket: OrderTicket, priceThen: Money?, multiplier: Int64? = nil) {
        given = Given(ticket, priceThen: priceThen, multiplier: multiplier)
        changedAt = ticket.createdAt
    }

    /// The order as it was given.
    public var ticket: OrderTicket { given.ticket }
    /// What a share was worth when it was given: the limit, or the last price then; nil if none was known.
    public var priceThen: Money? { given.priceThen }
    /// How many units of the price a contract stands for; nil for what is paid in full.
    public var multiplier: Int64? { given.multiplier }
    /// Why it was refused or ended, or why its cancel was refused.
    public var message: String { remarks?.message ?? "" }
    /// The counter's number of the order.
    public var counterNumber: String { remarks?.counterNumber ?? "" }
    /// Our id.
    public var id: OrderID { ticket.id }
    /// Shares that may still be filled.
    public var rest: Int64 { status.isFinished ? 0 : ticket.amount - filledAmount }
    /// True if more of it may be filled; of one in doubt nobody knows.
    var isAtWork: Bool { !status.isFinished && status != .unknown }
    /// True if the position grows by it.
    public var opens: Bool { ticket.opens }
    /// What is filled and what may still be, in money, as far as its price is known.
    var worth: Money { filledValue + (priceThen.flatMap { value(of: rest, at: $0) } ?? .zero) }

    /// What so many shares or contracts cost at a price; nil if that is more than can be held.
    func value(of amount: Int64, at price: Money) -> Money? { price.times(amount)?.times(multiplier ?? 1) }

    /// True if a strategy sees the same of both: the counter's number is between us and the broker.
    fileprivate func looks(like other: OrderState) -> Bool {
        status == other.status && filledAmount == other.filledAmount && canceledAmount == other.canceledAmount
            && averagePrice == other.averagePrice && filledValue == other.filledValue
            && commission == other.commission && message == other.message && entrustedAt == other.entrustedAt
    }

    /// Takes the words that are given; the others stay.
    mutating func remark(message: String? = nil, counterNumber: String? = nil) {
        let message = message ?? self.message
        let counterNumber = counterNumber ?? self.counterNumber
        if message == self.message, counterNumber == self.counterNumber { return }
        remarks = message.isEmpty && counterNumber.isEmpty ? nil : OrderRemarks(message, counterNumber)
    }

    /// A cancel of it is on its way.
    mutating func beginCancel() {
        if status != .canceling { beneathCancel = isAtWork ? status : .new }
        status = .canceling
    }

    /// While a cancel is on its way, the broker tells how it stands.
    mutating func note(beneathCancel news: OrderStatus) {
        guard status == .canceling, news != .canceling, !news.isFinished else { return }
        if beneathCancel.transition(to: news) == .take { beneathCancel = news }
    }

    /// The cancel was refused, and it stands as it did.
    mutating func endCancel() {
        if status == .canceling { status = filledAmount > 0 ? .filling : beneathCancel }
    }

    mutating func end(_ status: OrderStatus, _ message: String, at now: Instant) {
        self.status = status
        remark(message: message)
        isOurVerdict = true
        changedAt = now
    }

    fileprivate final class Given: Hashable, Sendable {
        let ticket: OrderTicket
        let priceThen: Money?
        let multiplier: Int64?

        init(_ ticket: OrderTicket, priceThen: Money?, multiplier: Int64?) {
            self.ticket = ticket
            self.priceThen = priceThen
            self.multiplier = multiplier
        }

        static func == (a: Given, b: Given) -> Bool {
            a === b || a.ticket == b.ticket && a.priceThen == b.priceThen && a.multiplier == b.multiplier
        }

        func hash(into hasher: inout Hasher) { hasher.combine(ticket.id) }
    }
}

/// How an order has changed, as far as anybody asks: no more of what it was is kept, for it is handed on a good deal.
struct OrderStep: Hashable {
    /// Where it stood.
    let was: OrderStatus
    let wasAnswered: Bool
    let isAnswered: Bool
    /// True if a strategy sees no difference.
    let looksTheSame: Bool
    /// Shares that were filled with it.
    let filled: Int64
    /// What these cost or brought.
    let value: Money
    /// Their fees; nil where the broker tells none.
    let fees: Money?
    /// Shares that may still be filled.
    let rest: Int64
    /// What it was worth.
    let worthBefore: Money

    init(from before: OrderState, to state: OrderState) {
        was = before.status
        wasAnswered = before.isAnswered
        isAnswered = state.isAnswered
        looksTheSame = state.looks(like: before)
        filled = state.filledAmount - before.filledAmount
        value = max(state.filledValue - before.filledValue, .zero)
        fees = state.commission.map { $0 - (before.commission ?? .zero) }
        rest = state.rest
        worthBefore = before.worth
    }
}

/// What a broker says of an order in words. States share it, for they are many and it hardly ever changes.
private final class OrderRemarks: Hashable, Sendable {
    let message: String
    let counterNumber: String

    init(_ message: String, _ counterNumber: String) {
        self.message = message
        self.counterNumber = counterNumber
    }

    static func == (a: OrderRemarks, b: OrderRemarks) -> Bool {
        a === b || a.counterNumber == b.counterNumber && a.message == b.message
    }

    func hash(into hasher: inout Hasher) { hasher.combine(counterNumber) }
}

/// A part of an order that was filled, as one update told it.
public struct Trade: Hashable, Sendable {
    private let given: OrderState.Given
    /// How much of the order is filled with it.
    public let filledAmount: Int64
    /// Shares.
    public let amount: Int64
    /// What they cost or brought.
    public let value: Money
    /// Its fees; nil where the broker tells none.
    public let commission: Money?
    /// When it became known.
    public let time: Instant
    /// When the broker took the order.
    let entrustedAt: Instant?

    /// The order as it was given.
    public var ticket: OrderTicket { given.ticket }
    /// The order's id and how much of it was filled with this trade: the same after every restart.
    public var id: String { "\(ticket.id)-\(filledAmount)" }
    /// The price of a share or contract.
    public var price: Money {
        let (units, overflow) = amount.multipliedReportingOverflow(by: given.multiplier ?? 1)
        return units > 0 && !overflow ? Money(units: value.units / units) : .zero
    }

    /// The trade that a step of an order is, if it is one.
    init?(_ step: OrderStep, of order: OrderState) {
        guard step.filled > 0 else { return nil }
        given = order.given
        filledAmount = order.filledAmount
        amount = step.filled
        value = step.value
        commission = step.fees
        time = order.changedAt
        entrustedAt = order.entrustedAt
    }
}
