import Market

/// The rule for the years after a zone file's table, as it stands in the file's last line: `EST5EDT,M3.2.0,M11.1.0`.
struct ZoneRule {
    private let standardOffset: Int32
    private let summer: Summer?

    private struct Summer {
        let offset: Int32
        let begin: YearlyMoment
        let end: YearlyMoment
    }

    /// How far into the future a zone is known.
    static let lastYear = 2100

    /// The rule that is written so; nil if none is.
    init?(_ text: String) {
        var scanner = RuleScanner(text)
        guard scanner.name(), let standard = scanner.seconds() else { return nil }
        standardOffset = -standard
        if scanner.isAtEnd {
            summer = nil
            return
        }
        guard scanner.name() else { return nil }
        var offset = standardOffset + 3600
        if scanner.peek != UInt8(ascii: ",") {
            guard let written = scanner.seconds() else { return nil }
            offset = -written
        }
        guard let begin = YearlyMoment(&scanner), let end = YearlyMoment(&scanner), scanner.isAtEnd else { return nil }
        summer = Summer(offset: offset, begin: begin, end: end)
    }

    /// Adds the changes after the table's last one, to the last year. False if they do not follow each other.
    func extend(_ spans: inout SpanList) -> Bool {
        let last = spans.lastSecond
        guard let summer else {
            return last == .min ? spans.append(second: .min + 1, offset: standardOffset) : true
        }
        let firstYear = last == .min ? 1900 : Day(number: Int32(truncatingIfNeeded: last / 86_400)).date.year
        for year in max(1900, firstYear)...max(1900, firstYear, Self.lastYear) {
            guard let begin = summer.begin.second(of: year), let end = summer.end.second(of: year) else { return false }
            let changes = [
                (begin - Int64(standardOffset), summer.offset), (end - Int64(summer.offset), standardOffset),
            ]
            for (second, offset) in changes.sorted(by: { $0.0 < $1.0 }) where second > last {
                guard spans.append(second: second, offset: offset) else { return false }
            }
        }
        return true
    }
}

/// A moment of every year on a local clock: `M3.2.0/2` (second Sunday of March, 02:00), `J60`, `59`.
private struct YearlyMoment {
    private enum Date {
        case weekday(month: Int, week: Int, weekday: Int)
        case dayOfYear(Int, countsLeapDay: Bool)
    }
    private let date: Date
    private var secondOfDay: Int32 = 7200

    init?(_ scanner: inout RuleScanner) {
        guard scanner.take(",") else { return nil }
        if scanner.take("M") {
            guard let month = scanner.number(1...12), scanner.take("."), let week = scanner.number(1...5),
                scanner.take("."), let weekday = scanner.number(0...6)
            else { return nil }
            date = .weekday(month: month, week: week, weekday: weekday)
        } else if scanner.take("J") {
            guard let day = scanner.number(1...365) else { return nil }
            date = .dayOfYear(day - 1, countsLeapDay: false)
        } else {
            guard let day = scanner.number(0...365) else { return nil }
            date = .dayOfYear(day, countsLeapDay: true)
        }
        if scanner.take("/") {
            guard let seconds = scanner.seconds() else { return nil }
            secondOfDay = seconds
        }
    }

    /// Seconds since 1970 as the local clock shows it, or nil outside the calendar.
    func second(of year: Int) -> Int64? {
        day(of: year).map { Int64($0.number) * 86_400 + Int64(secondOfDay) }
    }

    private func day(of year: Int) -> Day? {
        switch date {
        case .dayOfYear(let index, let countsLeapDay):
            guard let first = Day(year: year, month: 1, day: 1) else { return nil }
            let isLeapYear = Day(year: year, month: 2, day: 29) != nil
            return first + (index >= 59 && isLeapYear && !countsLeapDay ? index + 1 : index)
        case .weekday(let month, let week, let weekday):
            guard let first = Day(year: year, month: month, day: 1) else { return nil }
            var day = first + ((weekday - first.weekday % 7 + 7) % 7 + (week - 1) * 7)
            while day.date.month != month { day = day - 7 }
            return day
        }
    }
}

private struct RuleScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }
    var peek: UInt8? { rest.first }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Passes over `EST` or `<+0330>`.
    mutating func name() -> Bool {
        if take("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let length = rest.prefix { (0x41...0x5A).contains($0 & 0xDF) }.count
        rest = rest.dropFirst(length)
        return length >= 3
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int? {
        var value = 0
        var digits = 0
        while let digit = rest.first, (0x30...0x39).contains(digit), digits < 4 {
            value = value * 10 + Int(digit - 0x30)
            digits += 1
            rest.removeFirst()
        }
        return digits > 0 && range.contains(value) ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func seconds() -> Int32? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard let hours = number(0...167) else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where take(":") {
            guard let part = number(0...59) else { return nil }
            seconds += part * unit
        }
        return Int32(isNegative ? -seconds : seconds)
    }
}
