/// A point in time: whole nanoseconds since 1970-01-01 00:00:00 UTC.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01 00:00:00 UTC; an `Int64` reaches from 1678 to 2262.
    public var nanoseconds: Int64

    /// The instant so many nanoseconds after 1970-01-01 00:00:00 UTC.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// True if `a` comes before `b`.
    @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
    /// The instant so much later.
    @inlinable public static func + (a: Instant, b: TimeSpan) -> Instant {
        Instant(nanoseconds: a.nanoseconds &+ b.nanoseconds)
    }
    /// The instant so much earlier.
    @inlinable public static func - (a: Instant, b: TimeSpan) -> Instant {
        Instant(nanoseconds: a.nanoseconds &- b.nanoseconds)
    }
    /// The time from `b` to `a`.
    @inlinable public static func - (a: Instant, b: Instant) -> TimeSpan {
        TimeSpan(nanoseconds: a.nanoseconds &- b.nanoseconds)
    }
}

/// A length of time in whole nanoseconds; it may be negative.
public struct TimeSpan: Hashable, Comparable, Sendable {
    /// The length in nanoseconds.
    public var nanoseconds: Int64

    /// A span of so many nanoseconds.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// A span of whole milliseconds; what no span can hold becomes the longest one.
    @inlinable public static func milliseconds(_ count: Int64) -> TimeSpan { scaled(count, by: 1_000_000) }
    /// A span of whole seconds; what no span can hold becomes the longest one.
    @inlinable public static func seconds(_ count: Int64) -> TimeSpan { scaled(count, by: 1_000_000_000) }
    @inlinable static func scaled(_ count: Int64, by unit: Int64) -> TimeSpan {
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        return TimeSpan(nanoseconds: overflow ? (count < 0 ? .min : .max) : product)
    }
    /// A span of seconds and their fraction, cut to the nanosecond; what no span can hold becomes the longest one.
    public init(seconds count: Double) {
        let limit = 9.2e9
        let whole = count.isNaN ? 0 : Swift.min(Swift.max(count, -limit), limit)
        self.init(nanoseconds: Int64(whole * 1e9))
    }
    /// No time at all.
    @inlinable public static var zero: TimeSpan { TimeSpan(nanoseconds: 0) }

    /// The length in seconds.
    @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }

    /// True if `a` is the shorter one.
    @inlinable public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.nanoseconds < b.nanoseconds }
    /// Both one after the other.
    @inlinable public static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
        TimeSpan(nanoseconds: a.nanoseconds &+ b.nanoseconds)
    }
    /// What is left of `a` after `b`.
    @inlinable public static func - (a: TimeSpan, b: TimeSpan) -> TimeSpan {
        TimeSpan(nanoseconds: a.nanoseconds &- b.nanoseconds)
    }
}
