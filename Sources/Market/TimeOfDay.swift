/// A time on a day's clock, in whole seconds after the midnight that begins the day.
///
/// It may lie outside 00:00:00…24:00:00: a night session's `open` is on the evening before its trading day, and an
/// offset may reach past midnight.
public struct TimeOfDay: Hashable, Comparable, Sendable {
    /// Seconds after midnight; negative on the days before.
    public var seconds: Int32

    /// The time so many seconds after midnight.
    @inlinable public init(seconds: Int32) { self.seconds = seconds }

    /// The time of this hour, minute and second, unchecked.
    @inlinable public init(_ hour: Int, _ minute: Int, _ second: Int = 0) {
        self.seconds = Int32(hour * 3600 + minute * 60 + second)
    }

    /// Earlier on the clock.
    @inlinable public static func < (a: TimeOfDay, b: TimeOfDay) -> Bool { a.seconds < b.seconds }
    /// So many seconds later.
    @inlinable public static func + (a: TimeOfDay, seconds: Int) -> TimeOfDay {
        TimeOfDay(seconds: a.seconds + Int32(seconds))
    }
}

extension TimeOfDay: CustomStringConvertible {
    /// `09:30:00`; a time on another day says so: `21:00:00-1d`.
    public var description: String {
        let days = Int(floorDivide(Int64(seconds), 86_400))
        let within = Int(seconds) - days * 86_400
        let clock = "\(twoDigits(within / 3600)):\(twoDigits(within / 60 % 60)):\(twoDigits(within % 60))"
        return days == 0 ? clock : "\(clock)\(days > 0 ? "+" : "")\(days)d"
    }
}
