import Market

/// Reads times as they stand in files, by a market's clock where they do not say by which:
/// `2024-01-02 09:31:00`, `2024/1/2 9:31`, `20240102093100`, ISO 8601, seconds or milliseconds since 1970, a date alone.
struct CSVTimes: Sendable {
    /// A moment, or a day as a whole.
    struct Stamp: Hashable, Sendable {
        var time: Instant
        /// The day, if nothing else stands there; `time` is its midnight then.
        var day: Day?
    }

    let zone: MarketZone

    /// The form to be shown where a time cannot be read.
    static let example = "2024-01-02 09:31:00"

    /// The moment that fills these bytes.
    func stamp(_ text: UnsafeBufferPointer<UInt8>) -> Stamp? {
        var text = CSVText(text)
        let digits = text.digits()
        if text.isAtEnd || text.peek == CSVText.point, digits.count > 4 { return number(digits, &text) }
        guard digits.count == 4, let separator = text.next(),
            separator == 0x2D || separator == 0x2F || separator == 0x2E,
            let month = text.number(upTo: 2), text.take(separator), let dayOfMonth = text.number(upTo: 2),
            let day = Day(year: digits.value, month: month, day: dayOfMonth)
        else { return nil }
        if text.isAtEnd { return Stamp(time: zone.instant(day, TimeOfDay(seconds: 0)), day: day) }
        guard text.take(0x20) || text.take(0x54) || text.take(0x74), let clock = clock(&text) else { return nil }
        return placed(day, clock, &text)
    }

    /// The moment of a day, whose time fills these bytes: `09:31:00`, `9:31`, `93100`, `0931`.
    func stamp(_ day: Day, clock text: UnsafeBufferPointer<UInt8>) -> Stamp? {
        var text = CSVText(text)
        guard let clock = clock(&text) else { return nil }
        return placed(day, clock, &text)
    }

    private typealias Clock = (time: TimeOfDay, nanoseconds: Int64)

    private func placed(_ day: Day, _ clock: Clock, _ text: inout CSVText) -> Stamp? {
        let fraction = TimeSpan(nanoseconds: clock.nanoseconds)
        if text.isAtEnd { return Stamp(time: zone.instant(day, clock.time) + fraction) }
        guard let ahead = offset(&text), text.isAtEnd else { return nil }
        return Stamp(time: MarketZone.utc.instant(day, clock.time + -ahead) + fraction)
    }

    private func clock(_ text: inout CSVText) -> Clock? {
        let first = text.digits()
        var parts: (hour: Int, minute: Int, second: Int)
        if text.take(CSVText.colon) {
            guard (1...2).contains(first.count), let minute = text.number(upTo: 2) else { return nil }
            parts = (first.value, minute, 0)
            if text.take(CSVText.colon) {
                guard let second = text.number(upTo: 2) else { return nil }
                parts.second = second
            }
        } else {
            switch first.count {
            case 3...4: parts = (first.value / 100, first.value % 100, 0)
            case 5...6: parts = (first.value / 10_000, first.value / 100 % 100, first.value % 100)
            default: return nil
            }
        }
        guard parts.hour < 24, parts.minute < 60, parts.second < 60 else { return nil }
        guard let fraction = text.fraction() else { return nil }
        return (TimeOfDay(parts.hour, parts.minute, parts.second), fraction)
    }

    /// Seconds ahead of UTC: `Z`, `+08:00`, `+0800`, `+08`.
    private func offset(_ text: inout CSVText) -> Int? {
        if text.take(0x5A) || text.take(0x7A) { return 0 }
        let isBehind = text.peek == 0x2D
        guard text.take(0x2B) || text.take(0x2D) else { return nil }
        let first = text.digits()
        var (hours, minutes) = first.count == 4 ? (first.value / 100, first.value % 100) : (first.value, 0)
        guard first.count == 2 || first.count == 4 else { return nil }
        if first.count == 2, text.take(CSVText.colon) {
            guard let part = text.number(upTo: 2) else { return nil }
            minutes = part
        }
        guard hours <= 18, minutes < 60 else { return nil }
        hours = hours * 3600 + minutes * 60
        return isBehind ? -hours : hours
    }

    /// Digits alone: how many they are tells what they mean.
    private func number(_ digits: (value: Int, count: Int), _ text: inout CSVText) -> Stamp? {
        guard let fraction = text.fraction(), text.isAtEnd else { return nil }
        let part = TimeSpan(nanoseconds: fraction)
        switch digits.count {
        case 8:
            guard let day = day(digits.value), fraction == 0 else { return nil }
            return Stamp(time: zone.instant(day, TimeOfDay(seconds: 0)), day: day)
        case 12: return moment(digits.value * 100, part)
        case 14: return moment(digits.value, part)
        case 17: return moment(digits.value / 1000, .milliseconds(Int64(digits.value % 1000)))
        case 9...10:
            // To the end of 2199, the last day that can be named.
            guard digits.value < 7_258_118_400 else { return nil }
            return Stamp(time: Instant(nanoseconds: Int64(digits.value) * 1_000_000_000) + part)
        case 13:
            guard digits.value < 7_258_118_400_000 else { return nil }
            return Stamp(time: Instant(nanoseconds: Int64(digits.value) * 1_000_000))
        default: return nil
        }
    }

    private func moment(_ value: Int, _ part: TimeSpan) -> Stamp? {
        let (hour, minute, second) = (value / 10_000 % 100, value / 100 % 100, value % 100)
        guard let day = day(value / 1_000_000), hour < 24, minute < 60, second < 60 else { return nil }
        return Stamp(time: zone.instant(day, TimeOfDay(hour, minute, second)) + part)
    }

    private func day(_ value: Int) -> Day? {
        Day(year: value / 10_000, month: value / 100 % 100, day: value % 100)
    }
}

/// The bytes of one field, read from left to right.
struct CSVText {
    static let colon: UInt8 = 0x3A
    static let point: UInt8 = 0x2E

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func next() -> UInt8? {
        guard let byte = peek else { return nil }
        position += 1
        return byte
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    /// The digits that come next, no more than fit.
    mutating func digits() -> (value: Int, count: Int) {
        var value = 0
        var count = 0
        while let byte = peek, byte &- 0x30 <= 9, count < 18 {
            value = value * 10 + Int(byte - 0x30)
            count += 1
            position += 1
        }
        return (value, count)
    }

    mutating func number(upTo most: Int) -> Int? {
        let (value, count) = digits()
        return (1...most).contains(count) ? value : nil
    }

    /// The part of a second in nanoseconds, 0 if none stands there; nil if a point has no digits behind it.
    mutating func fraction() -> Int64? {
        guard take(Self.point) else { return 0 }
        var value: Int64 = 0
        var count = 0
        while let byte = peek, byte &- 0x30 <= 9 {
            if count < 9 { value = value * 10 + Int64(byte - 0x30) }
            count += 1
            position += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 9)..<9 { value *= 10 }
        return value
    }
}
