import Engine
import Market
import Notation
import Tasks
import Time

/// `get_calendar`: the trading days as every task of this home sees them.
enum GetCalendar {
    static let form = CommandLineForm(
        name: "get_calendar", summary: "show the trading days of a year, and how far the calendar reaches",
        options: [
            .init(long: "year", value: "Y", help: "the year (default: this one)"),
            .init(long: "json", help: "print one object"),
        ],
        notes: """
            JQTRADE_HOME/calendar/closed_days.txt and open_days.txt add to the built-in table and win over it:
            one date a line, 2027-01-01, with comments after #.
            """)

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let surroundings = try Surroundings.find()
        let home = surroundings.home
        let calendar = try CalendarFiles(closed: home.closedDaysFile, open: home.openDaysFile)
            .calendar(in: surroundings.disk)
        let today = MarketZone.shanghai.local(SystemClock().now).day
        let year = try self.year(arguments.value("year"), today)
        guard let first = Day(year: year, month: 1, day: 1), let last = Day(year: year, month: 12, day: 31) else {
            throw UsageError("--year asks for a year from 1900 to 2199.")
        }
        let days = (first.number...last.number).map(Day.init(number:))
        let trading = days.filter(calendar.isTradingDay)
        let closed = days.filter { !$0.isWeekend && !calendar.isTradingDay($0) }
        if arguments.has("json") {
            Console.say(object(year, trading, closed, calendar).pretty)
        } else {
            Console.say(text(year, trading, closed, calendar))
        }
        if let warning = calendar.coverageWarning(
            on: max(today, last), closedPath: home.closedDaysFile, openPath: home.openDaysFile)
        {
            Console.complain("jqtrade get_calendar: \(warning)")
        }
        return .done
    }

    private static func year(_ text: String?, _ today: Day) throws(UsageError) -> Int {
        guard let text else { return today.date.year }
        guard let year = Int(text), (1900...2199).contains(year) else {
            throw UsageError("--year asks for a year from 1900 to 2199, not \"\(text)\".")
        }
        return year
    }

    private static func object(_ year: Int, _ trading: [Day], _ closed: [Day], _ calendar: TradingCalendar) -> JSON {
        .object([
            .init("year", .integer(Int64(year))),
            .init("covered_from", .text(calendar.firstCoveredDay.description)),
            .init("covered_through", .text(calendar.lastCoveredDay.description)),
            .init("trading_days", .list(trading.map { .text($0.description) })),
            .init("closed_weekdays", .list(closed.map { .text($0.description) })),
        ])
    }

    private static func text(_ year: Int, _ trading: [Day], _ closed: [Day], _ calendar: TradingCalendar) -> String {
        var lines = ["\(year): \(trading.count) trading days, closed on \(closed.count) weekdays"]
        for month in 1...12 {
            let days = trading.filter { $0.date.month == month }
            let missing = closed.filter { $0.date.month == month }.map { String($0.date.day) }
            let open = days.filter(\.isWeekend).map { String($0.date.day) }
            var line = "  \(year)-\(month < 10 ? "0" : "")\(month)  \(days.count) days"
            if !missing.isEmpty { line += ", closed: \(missing.joined(separator: " "))" }
            if !open.isEmpty { line += ", open on weekend days: \(open.joined(separator: " "))" }
            lines.append(line)
        }
        lines.append("The calendar covers \(calendar.firstCoveredDay) to \(calendar.lastCoveredDay).")
        return lines.joined(separator: "\n")
    }
}
