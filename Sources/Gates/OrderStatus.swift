/// Where an order stands. It compares with and prints as its word: `order.status == "open"`.
public enum OrderStatus: String, Sendable, CaseIterable, CustomStringConvertible {
    /// Written down, not yet confirmed.
    case new
    /// At the exchange, nothing filled.
    case open
    /// Filled in part.
    case filling
    /// Filled.
    case filled
    /// A cancel is on its way.
    case canceling
    /// Filled in part, the rest canceled.
    case partly_canceled
    /// Canceled.
    case canceled
    /// Refused.
    case rejected
    /// Sent or not: it cannot be told.
    case unknown

    /// The word.
    public var description: String { rawValue }
    /// True when nothing more can happen to the order.
    public var isFinished: Bool {
        switch self {
        case .filled, .partly_canceled, .canceled, .rejected: true
        case .new, .open, .filling, .canceling, .unknown: false
        }
    }
}
