import Market

/// Lets so many lines a minute through and counts the others.
public struct LineLimiter {
    private static let minute = TimeSpan(nanoseconds: 60_000_000_000)

    private let perMinute: Int
    private var minuteBegan: Instant?
    private var admitted = 0
    private var suppressed = 0

    /// A limit of so many lines a minute.
    public init(perMinute: Int) { self.perMinute = perMinute }

    /// Whether a line that comes now may pass.
    public mutating func admits(at now: Instant) -> Bool {
        if !isWithinMinute(now) {
            minuteBegan = now
            admitted = 0
        }
        guard admitted < perMinute else {
            suppressed += 1
            return false
        }
        admitted += 1
        return true
    }

    /// `37 lines suppressed`, once, when the minute in which it happened is over; nil if there is nothing to say. Ask
    /// before each line and when the time comes; `atEnd` does not wait for the minute.
    public mutating func notice(at now: Instant, atEnd: Bool = false) -> String? {
        guard suppressed > 0, atEnd || !isWithinMinute(now) else { return nil }
        defer { suppressed = 0 }
        return suppressed == 1 ? "1 line suppressed" : "\(suppressed) lines suppressed"
    }

    /// A clock that was set back begins a new minute as well.
    private func isWithinMinute(_ now: Instant) -> Bool {
        guard let minuteBegan else { return false }
        return now >= minuteBegan && now - minuteBegan < Self.minute
    }
}
