/// A calendar day, counted from 1970-01-01. Whether the market trades on it is the calendar's business.
public struct Day: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public var number: Int32

    /// The day so many days after 1970-01-01.
    @inlinable public init(number: Int32) { self.number = number }

    /// The day of this date, or nil if there is no such date between 1900 and 2199.
    public init?(year: Int, month: Int, day: Int) {
        guard (1900...2199).contains(year), (1...12).contains(month), day >= 1, day <= Day.length(year, month) else {
            return nil
        }
        // Days from the civil calendar, with years that begin in March so that the leap day comes last.
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.number = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// The day written as `2026-11-20` or `20261120`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let digits = text.utf8.filter { $0 != 0x2D }
        guard digits.count == 8, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let dashes = text.utf8.enumerated().filter { $0.element == 0x2D }.map(\.offset)
        guard dashes.isEmpty || dashes == [4, 7] else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        self.init(year: value / 10000, month: value / 100 % 100, day: value % 100)
    }

    /// Year, month (1…12) and day of the month (1…31).
    public var date: (year: Int, month: Int, day: Int) {
        let z = Int(number) + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// 1 for Monday … 7 for Sunday.
    public var weekday: Int { (Int(number) % 7 + 10) % 7 + 1 }
    /// True on Saturday and Sunday.
    public var isWeekend: Bool { weekday >= 6 }

    /// Earlier.
    @inlinable public static func < (a: Day, b: Day) -> Bool { a.number < b.number }
    /// So many days later.
    @inlinable public static func + (a: Day, days: Int) -> Day { Day(number: a.number + Int32(days)) }
    /// So many days earlier.
    @inlinable public static func - (a: Day, days: Int) -> Day { Day(number: a.number - Int32(days)) }
    /// The number of days from `b` to `a`.
    @inlinable public static func - (a: Day, b: Day) -> Int { Int(a.number) - Int(b.number) }

    private static func length(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Day: CustomStringConvertible {
    /// `2026-11-20`.
    public var description: String { written(separator: "-") }
    /// `20261120`, as it stands in file names.
    public var compact: String { written(separator: "") }

    private func written(separator: String) -> String {
        let (year, month, day) = date
        return "\(year)\(separator)\(twoDigits(month))\(separator)\(twoDigits(day))"
    }
}

func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
