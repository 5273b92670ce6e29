import Market

/// A dividend that was paid for a position.
public struct HistoryDividend: Hashable, Sendable {
    /// When its day began.
    public var time: Instant
    /// The security.
    public var security: Security
    /// What all shares that were held then were paid.
    public var cash: Money

    /// A dividend.
    public init(time: Instant, security: Security, cash: Money) {
        self.time = time
        self.security = security
        self.cash = cash
    }
}
