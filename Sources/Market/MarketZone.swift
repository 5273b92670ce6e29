/// The time zone of a market: how far its clocks are ahead of UTC, and since when.
///
/// A value: reading the system's zone files is the business of `Time`.
public struct MarketZone: Hashable, Sendable {
    /// The zone's name as in the tz database, `Asia/Shanghai`.
    public let name: String
    /// Seconds ahead of UTC before the first change.
    public let firstOffset: Int32
    /// The changes of the offset, in order of time.
    public let changes: [Change]

    /// From `at` on, clocks are `offset` seconds ahead of UTC.
    public struct Change: Hashable, Sendable {
        /// When the offset begins to hold.
        public let at: Instant
        /// Seconds ahead of UTC.
        public let offset: Int32

        /// A change of the offset.
        public init(at: Instant, offset: Int32) {
            self.at = at
            self.offset = offset
        }
    }

    /// A zone whose offset changes as told.
    public init(name: String, firstOffset: Int32, changes: [Change] = []) {
        self.name = name
        self.firstOffset = firstOffset
        self.changes = changes
    }

    /// UTC+8 throughout: China's summer time of 1986 to 1991 ended in the first year of its exchanges and never held
    /// in a session that anybody replays.
    public static let shanghai = MarketZone(name: "Asia/Shanghai", firstOffset: 8 * 3600)

    /// Universal time.
    public static let utc = MarketZone(name: "UTC", firstOffset: 0)

    /// Seconds that this zone's clocks are ahead of UTC at an instant.
    public func offset(at instant: Instant) -> Int32 {
        guard !changes.isEmpty else { return firstOffset }
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : changes[low - 1].offset
    }

    /// What this market's calendar and clock show at an instant.
    public func local(_ instant: Instant) -> MarketTime {
        let offset = offset(at: instant)
        let shifted = instant.nanoseconds &+ Int64(offset) * 1_000_000_000
        let second = floorDivide(shifted, 1_000_000_000)
        let day = floorDivide(second, 86_400)
        return MarketTime(
            day: Day(number: Int32(truncatingIfNeeded: day)), time: TimeOfDay(seconds: Int32(second - day * 86_400)),
            nanosecond: Int32((shifted % 1_000_000_000 + 1_000_000_000) % 1_000_000_000), offset: offset)
    }

    /// The instant at which this market's clock shows a time of a day. A time that a change skips is taken as if the
    /// change came after it; one that happens twice is its first.
    public func instant(_ day: Day, _ time: TimeOfDay) -> Instant {
        let wall = Int64(day.number) * 86_400 + Int64(time.seconds)
        func at(_ offset: Int32) -> Instant {
            Instant(nanoseconds: TimeSpan.seconds(wall - Int64(offset)).nanoseconds)
        }
        guard !changes.isEmpty else { return at(firstOffset) }
        let before = offset(at: at(86_400))
        let early = at(before)
        if offset(at: early) == before { return early }
        let late = at(offset(at: early))
        return offset(at: late) == offset(at: early) ? late : early
    }
}

/// What a market's calendar and clock show at an instant.
public struct MarketTime: Hashable, Sendable {
    /// The calendar day.
    public let day: Day
    /// The time on that day's clock, 00:00:00 … 23:59:59.
    public let time: TimeOfDay
    /// The part of a second, in nanoseconds.
    public let nanosecond: Int32
    /// Seconds ahead of UTC.
    public let offset: Int32
}

extension MarketTime {
    /// How long after another time it is, in seconds; less than 0 if it is earlier. Whatever the zones, it is the time that
    /// passed.
    public static func - (later: MarketTime, earlier: MarketTime) -> Double {
        let days = Int64(later.day.number) - Int64(earlier.day.number)
        let seconds = Int64(later.time.seconds) - Int64(earlier.time.seconds)
        let offset = Int64(later.offset) - Int64(earlier.offset)
        return Double(days * 86_400 + seconds - offset) + Double(later.nanosecond - earlier.nanosecond) / 1e9
    }
}

extension MarketTime: Comparable {
    /// In order of the instants that they show, whatever the zones.
    public static func < (a: MarketTime, b: MarketTime) -> Bool { a.order < b.order }

    private var order: (Int64, Int32, Int32) {
        (Int64(day.number) * 86_400 + Int64(time.seconds) - Int64(offset), nanosecond, offset)
    }
}

extension MarketTime: CustomStringConvertible {
    /// `2026-11-20 09:30:00.123`.
    public var description: String {
        let milliseconds = Int(nanosecond) / 1_000_000
        let padded =
            milliseconds < 10 ? "00\(milliseconds)" : milliseconds < 100 ? "0\(milliseconds)" : "\(milliseconds)"
        return "\(day) \(time).\(padded)"
    }
    /// `2026-11-20T09:30:00+08:00`.
    public var iso8601: String {
        let size = Int(offset.magnitude)
        return "\(day)T\(time)\(offset < 0 ? "-" : "+")\(twoDigits(size / 3600)):\(twoDigits(size / 60 % 60))"
    }
}

/// The quotient rounded down, for a positive divisor; it holds for every dividend, the smallest included.
func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a % b < 0 ? a / b - 1 : a / b }
