import Market

/// Reads plain rows without making anything: digits, points and commas, times as in the row before but for the clock.
/// What is not plain is left to `CSVRowReader`, which knows every form and says what is wrong.
struct CSVFastScan {
    private enum Kind: UInt8 {
        case ignored, stamp, code, money, count, flag
    }

    private struct Column {
        let kind: Kind
        let slot: Int
    }

    /// Where the code of the last row stands.
    private(set) var code = UnsafeBufferPointer<UInt8>(start: nil, count: 0)

    private let columns: [Column]
    private let times: CSVTimes
    private let close: TimeOfDay
    /// Bytes 0 to 7 and 3 to 10 of the last date that was read, as in `2024-01-02 `; and its midnight.
    private var date: (UInt64, UInt64) = (0, 0)
    private var midnight: Int64 = 0

    /// A scan of rows with these columns; nil where a row must be put together from more than its fields.
    init?(_ header: CSVHeader, hours: MarketHours) {
        if header.columns.contains(.clock) { return nil }
        columns = header.columns.map { column in
            switch column {
            case .ignored, .clock: Column(kind: .ignored, slot: 0)
            case .stamp: Column(kind: .stamp, slot: 0)
            case .code: Column(kind: .code, slot: 0)
            case .count(let slot): Column(kind: .count, slot: slot.index)
            case .flag(let slot): Column(kind: .flag, slot: slot.index)
            case .price(let slot), .amount(let slot): Column(kind: .money, slot: slot.index)
            }
        }
        times = CSVTimes(zone: hours.zone)
        close = hours.periods.close
    }

    /// Reads the row that begins here, and answers where the next begins; nil if it is not plain. Before `end` stands
    /// a newline, which stops every loop.
    @inline(__always) mutating func row(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ values: inout CSVValues
    ) -> UnsafePointer<UInt8>? {
        var p = start
        let last = columns.count - 1
        for index in 0...last {
            let column = columns[index]
            switch column.kind {
            case .money:
                guard let number = Self.money(&p) else { return nil }
                values.slots[column.slot] = number
            case .count:
                guard let number = Self.count(&p) else { return nil }
                values.slots[column.slot] = number
            case .flag:
                guard let flag = Self.count(&p), flag <= 1 else { return nil }
                values.slots[column.slot] = flag
            case .stamp: guard stamp(&p, end, &values) else { return nil }
            case .code:
                let from = p
                guard Self.skip(&p) else { return nil }
                code = UnsafeBufferPointer(start: from, count: p - from)
            case .ignored: guard Self.skip(&p) else { return nil }
            }
            if index < last {
                guard p.pointee == 0x2C else { return nil }
                p += 1
            }
        }
        if p.pointee == 0x0D { p += 1 }
        return p.pointee == 0x0A ? p + 1 : nil
    }

    /// The digits from here on as a number, and how many there are; with too many of them it is none.
    @inline(__always) private static func digits(_ p: inout UnsafePointer<UInt8>) -> (value: Int64, count: Int) {
        let start = p
        var value: Int64 = 0
        var digit = p.pointee &- 0x30
        while digit <= 9 {
            value = value &* 10 &+ Int64(digit)
            p += 1
            digit = p.pointee &- 0x30
        }
        return (value, p - start)
    }

    /// An amount in ten-thousandths, rounded to the nearest.
    @inline(__always) private static func money(_ p: inout UnsafePointer<UInt8>) -> Int64? {
        var (value, whole) = digits(&p)
        guard whole <= 13 else { return nil }
        guard p.pointee == 0x2E else { return whole > 0 ? value &* 10_000 : isFieldEnd(p) ? CSVValues.absent : nil }
        p += 1
        var scale: Int64 = 10_000
        var digit = p.pointee &- 0x30
        while digit <= 9, scale > 1 {
            value = value &* 10 &+ Int64(digit)
            scale /= 10
            p += 1
            digit = p.pointee &- 0x30
        }
        value = value &* scale
        if digit <= 9 {
            if digit >= 5 { value += 1 }
            while p.pointee &- 0x30 <= 9 { p += 1 }
        }
        return whole > 0 ? value : nil
    }

    /// A whole number, which may have zeros behind a point.
    @inline(__always) private static func count(_ p: inout UnsafePointer<UInt8>) -> Int64? {
        let (value, whole) = digits(&p)
        if whole == 0 { return isFieldEnd(p) ? CSVValues.absent : nil }
        guard whole <= 18 else { return nil }
        if p.pointee == 0x2E {
            p += 1
            while p.pointee == 0x30 { p += 1 }
        }
        return value
    }

    @inline(__always) private static func isFieldEnd(_ p: UnsafePointer<UInt8>) -> Bool {
        p.pointee == 0x2C || p.pointee == 0x0A || p.pointee == 0x0D
    }

    /// Goes to the end of a field without quotes or spaces.
    @inline(__always) private static func skip(_ p: inout UnsafePointer<UInt8>) -> Bool {
        while !isFieldEnd(p) {
            if p.pointee == 0x22 || p.pointee <= 0x20 { return false }
            p += 1
        }
        return true
    }

    @inline(__always) private mutating func stamp(
        _ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ values: inout CSVValues
    ) -> Bool {
        if end - p > 20, p[19] == 0x2C || p[19] == 0x0A || p[19] == 0x0D, word(p) == date.0, word(p + 3) == date.1,
            let seconds = clock(word(p + 11))
        {
            p += 19
            values.time = Instant(nanoseconds: midnight &+ seconds &* 1_000_000_000)
            values.day = nil
            return true
        }
        return anyStamp(&p, end, &values)
    }

    @inline(never) private mutating func anyStamp(
        _ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ values: inout CSVValues
    ) -> Bool {
        let start = p
        while !Self.isFieldEnd(p) {
            if p.pointee == 0x22 { return false }
            p += 1
        }
        guard let stamp = times.stamp(UnsafeBufferPointer(start: start, count: p - start)) else { return false }
        values.day = stamp.day
        values.time = stamp.day.map { times.zone.instant($0, close) } ?? stamp.time
        // Where clocks change, the same clock is not always as far from midnight.
        if p - start == 19, times.zone.changes.isEmpty, let seconds = clock(word(start + 11)) {
            date = (word(start), word(start + 3))
            midnight = stamp.time.nanoseconds - seconds * 1_000_000_000
        }
        return true
    }

    @inline(__always) private func word(_ p: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self))
    }

    /// The seconds of `09:31:00`, eight bytes at once; nil if it is none.
    @inline(__always) private func clock(_ text: UInt64) -> Int64? {
        // Digits become 0 to 9 and colons 0; whatever else stands there is larger.
        let t = text ^ 0x3030_3A30_303A_3030
        let large = (t | (t &+ 0x7676_7F76_767F_7676)) & 0x8080_8080_8080_8080
        guard large == 0 else { return nil }
        let hour = (t & 0xFF) &* 10 &+ (t >> 8 & 0xFF)
        let minute = (t >> 24 & 0xFF) &* 10 &+ (t >> 32 & 0xFF)
        let second = (t >> 48 & 0xFF) &* 10 &+ (t >> 56)
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return Int64(hour &* 3600 &+ minute &* 60 &+ second)
    }
}
