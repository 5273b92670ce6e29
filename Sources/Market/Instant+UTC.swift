extension Instant {
    /// The instant to the nanosecond in UTC: `2026-11-20T01:30:00Z`, `2026-11-20T01:30:00.000000001Z`.
    public var utc: String {
        let time = MarketZone.utc.local(self)
        guard time.nanosecond != 0 else { return "\(time.day)T\(time.time)Z" }
        let digits = String(time.nanosecond)
        return "\(time.day)T\(time.time)." + String(repeating: "0", count: 9 - digits.utf8.count) + digits + "Z"
    }

    /// The instant written by `utc`; nil for any other text.
    public init?(utc text: some StringProtocol) {
        guard text.last == "Z" else { return nil }
        let halves = text.dropLast().split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count == 2, let day = Day(halves[0]) else { return nil }
        let parts = halves[1].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts[0].utf8.count == 8, let time = try? TimeOfDay(clock: parts[0]) else { return nil }
        // The years that a Day can name, 1900 to 2199, all fit an Instant.
        self = MarketZone.utc.instant(day, time)
        guard parts.count == 2 else { return }
        guard parts[1].utf8.count == 9, let part = UInt32(parts[1]), parts[1].utf8.first != 0x2B else { return nil }
        self = self + TimeSpan(nanoseconds: Int64(part))
    }
}
