import Gates
import Market

/// Something that became known of the account. Those with a number are told to the strategy, each once.
public enum AccountChange: Hashable, Sendable {
    /// An order stands elsewhere, or more is known of it.
    case order(OrderState, was: OrderStatus, number: Int)
    /// A part of an order was filled.
    case trade(Trade, number: Int)
    /// A cancel was refused; the order stands as it did.
    case cancelRefused(OrderState, reason: String, number: Int)
    /// The broker's newer word on cash and positions.
    case snapshot(AccountSnapshot)
    /// The account is older than it should be, for this reason.
    case stale(String)
    /// The broker said something that does not fit: it is recorded, not obeyed.
    indirect case notObeyed(OrderUpdate, reason: String)
    /// What must not happen on our side: the journal cannot be written, a snapshot is older than the last.
    case trouble(String)

    /// What `told(upTo:)` is given once the strategy was told.
    public var number: Int? {
        switch self {
        case .order(_, _, let number), .trade(_, let number), .cancelRefused(_, _, let number): number
        case .snapshot, .stale, .notObeyed, .trouble: nil
        }
    }

    /// The order that it is about, if it is one of those with a number.
    var order: OrderID? {
        switch self {
        case .order(let state, _, _), .cancelRefused(let state, _, _): state.id
        case .trade(let trade, _): trade.ticket.id
        case .snapshot, .stale, .notObeyed, .trouble: nil
        }
    }
}
