import Gates
import Market

/// A broker in memory that does what a test tells it, keeps the truth, and outlives every restart of the program.
public final class ScriptedBroker {
    /// An order as the broker has it.
    public struct Taken {
        /// As it came in.
        public let ticket: OrderTicket
        /// Where it stands.
        public var status = OrderStatus.open
        /// Shares filled.
        public var filled: Int64 = 0
        /// What they cost or brought.
        public var value = Money.zero

        /// Shares that may still be filled.
        public var rest: Int64 { status.isFinished ? 0 : ticket.amount - filled }
        /// What a share of it freezes.
        var price: Money { if case .limit(let price) = ticket.pricing { price } else { .zero } }
    }

    /// Every id that ever came in, in order: one that is here twice was sent twice.
    public private(set) var ledger: [OrderID] = []
    /// The orders by id.
    public private(set) var orders: [OrderID: Taken] = [:]
    /// Cancels that came in and were not decided yet.
    public private(set) var cancels: [OrderID] = []
    /// All that was ever said of orders.
    public private(set) var said: [OrderUpdate] = []
    /// Cash, frozen or not.
    public var cash: Money
    /// Shares in all, and those of them that were bought today.
    public var shares: [Security: (amount: Int64, today: Int64)] = [:]

    /// A broker whose client has so much cash.
    public init(cash: Money) { self.cash = cash }

    /// An order comes in.
    public func take(_ ticket: OrderTicket) {
        ledger.append(ticket.id)
        orders[ticket.id] = Taken(ticket: ticket)
    }

    /// A cancel comes in.
    public func takeCancel(_ id: OrderID) { cancels.append(id) }

    /// Says that an order is at the exchange.
    public func open(_ id: OrderID) { say(id) }

    /// Fills a part of an order, at its limit unless told otherwise.
    public func fill(_ id: OrderID, _ amount: Int64, at price: Money? = nil) {
        guard var order = orders[id], order.rest >= amount, amount > 0 else { return }
        let value = (price ?? order.price).times(amount) ?? .zero
        order.filled += amount
        order.value = order.value + value
        order.status = order.rest == 0 ? .filled : .filling
        var held = shares[order.ticket.security] ?? (0, 0)
        if order.ticket.side == .buy {
            cash = cash - value
            held = (held.amount + amount, held.today + amount)
        } else {
            cash = cash + value
            held.amount -= amount
        }
        shares[order.ticket.security] = held
        orders[id] = order
        say(id)
    }

    /// Refuses an order.
    public func reject(_ id: OrderID, _ reason: String) {
        orders[id]?.status = .rejected
        say(id, reason)
    }

    /// Cancels what is left of an order.
    public func cancel(_ id: OrderID) {
        cancels.removeAll { $0 == id }
        guard let order = orders[id], !order.status.isFinished else { return refuseCancel(id, "it is finished") }
        orders[id]?.status = order.filled > 0 ? .partly_canceled : .canceled
        say(id)
    }

    /// Refuses a cancel.
    public func refuseCancel(_ id: OrderID, _ reason: String) {
        cancels.removeAll { $0 == id }
        said.append(OrderUpdate(id: id, news: .cancelRefused(reason)))
    }

    /// Says anything at all, true or not.
    public func say(_ update: OrderUpdate) { said.append(update) }

    private func say(_ id: OrderID, _ message: String = "") {
        guard let order = orders[id] else { return }
        said.append(
            OrderUpdate(
                id: id, news: .state(order.status), filledAmount: order.filled,
                averagePrice: order.filled > 0 ? Money(units: order.value.units / order.filled) : nil,
                filledValue: order.value, message: message, counterNumber: "C\(id)"))
    }

    /// Cash that may be spent.
    public var availableCash: Money {
        orders.values.reduce(cash) { cash, order in
            order.ticket.side == .buy ? cash - (order.price.times(order.rest) ?? .zero) : cash
        }
    }

    /// Shares that may be sold.
    public func available(_ security: Security) -> Int64 {
        let selling = orders.values.filter { $0.ticket.security == security && $0.ticket.side == .sell }
        let held = shares[security] ?? (0, 0)
        return held.amount - held.today - selling.reduce(0) { $0 + $1.rest }
    }

    /// The account as it is now.
    public func snapshot(day: Day, at now: Instant) -> AccountSnapshot {
        let holdings = shares.sorted { $0.key < $1.key }.filter { $0.value.amount > 0 }.map { security, held in
            AccountSnapshot.Holding(
                security: security, amount: held.amount, available: available(security), cost: .zero,
                lastPrice: Money(units: 100_000), value: Money(units: 100_000).times(held.amount) ?? .zero)
        }
        return AccountSnapshot(
            totalValue: holdings.reduce(cash) { $0 + $1.value }, availableCash: availableCash,
            lockedCash: cash - availableCash, holdings: holdings, day: day, writtenAt: now, readAt: now)
    }
}
