import Gates
import Market
import Storage

/// The gate to an exchange on paper.
public final class PaperGate: TradeGate {
    /// The exchange.
    public let exchange: PaperExchange
    private var now: () -> Instant = { Instant(nanoseconds: 0) }
    private var lastNumber = 0

    /// A gate to this exchange.
    public init(_ exchange: PaperExchange) { self.exchange = exchange }

    /// The exchange's own settings are options of the run; the gate has none.
    public let optionNames: [String] = []

    /// Takes the clock.
    public func setup(_ desk: GateDesk) throws { now = desk.now }

    /// A number that none had before.
    public func nextID() -> OrderID? {
        lastNumber += 1
        return String(lastNumber)
    }

    /// Gives orders to the exchange.
    public func submit(_ tickets: [OrderTicket]) -> [Submission] {
        tickets.map { exchange.submit($0, now: now()) }
    }

    /// Cancels orders.
    public func cancel(_ ids: [OrderID]) -> [Submission] { ids.map { exchange.cancel($0, now: now()) } }

    /// The account, if it has changed.
    public func account() -> AccountSnapshot? {
        let now = now()
        exchange.advance(to: now)
        return exchange.hasNews || exchange.pricesMoved ? exchange.snapshot(now: now) : nil
    }

    /// What has become of orders.
    public func updates() -> [OrderUpdate] { exchange.takeUpdates() }

    /// Every order that the exchange took is known to it.
    public func find(_ tickets: [OrderTicket]) -> [Presence] {
        tickets.map { exchange.places[$0.id] == nil ? .absent : .found }
    }
}
