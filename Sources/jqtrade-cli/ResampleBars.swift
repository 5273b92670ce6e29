import Engine
import Market
import MarketData
import Storage
import Tasks

/// `resample_bars`: longer bars from shorter ones, file to file.
enum ResampleBars {
    static let form = CommandLineForm(
        name: "resample_bars", summary: "make longer bars from a CSV file of shorter ones",
        options: [
            .init(
                long: "from", value: "UNIT", isRequired: true,
                help: "the length of the bars in IN: 1m, 5m, 15m, 30m or 60m"),
            .init(
                long: "to", value: "UNIT", isRequired: true, help: "the length of those in OUT: 5m, 15m, 30m, 60m or 1d"
            ),
            .init(long: "force", help: "write over OUT if it is there"),
        ], operands: "IN OUT",
        notes: """
            IN is a file of bars, or a folder of them, as csv:PATH reads it; OUT is a file, or - for stdout. Bars are
            aligned to the sessions of the market and stamped at their ends.
            """)

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let surroundings = try Surroundings.find()
        let from = try unit("from", arguments)
        let to = try unit("to", arguments)
        guard from.minutes ?? .max < to.minutes ?? .max else {
            throw UsageError("--to \(to) is not longer than --from \(from).")
        }
        guard arguments.operands.count == 2 else { throw UsageError("resample_bars asks for IN and OUT.") }
        let disk = surroundings.disk
        let input = surroundings.absolute(arguments.operands[0])
        let output = arguments.operands[1] == "-" ? nil : surroundings.absolute(arguments.operands[1])
        if let output, !arguments.has("force"), try disk.identity(of: output) != nil {
            throw Failure(.failed, "\(output) is there already: name another file, or write over it with --force.")
        }
        if let output { try OutputFile.check(output) }
        let calendar = try CalendarFiles(closed: surroundings.home.closedDaysFile, open: surroundings.home.openDaysFile)
            .calendar(in: disk)
        let feed = try CSVFeed(path: input, disk: disk, hours: MarketHours(calendar: calendar))
        guard feed.unit == from else {
            throw Failure(
                .failed, "\(input) has \(feed.contents), not \(from) bars: --from must name what is in it.")
        }
        let text = try feed.resampled(to: to)
        for problem in feed.takeProblems() { Console.complain("jqtrade resample_bars: \(problem)") }
        guard let output else {
            Console.say(String(text.dropLast()))
            return .done
        }
        try OutputFile.write(text, to: output, disk)
        Console.say("wrote \(text.utf8.count { $0 == UInt8(ascii: "\n") } - 1) bars to \(output)")
        return .done
    }

    private static func unit(_ name: String, _ arguments: Arguments) throws(UsageError) -> BarUnit {
        let text = try arguments.required(name, form)
        guard let unit = BarUnit(rawValue: text) else {
            let known = BarUnit.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("--\(name) is one of \(known), not \"\(text)\".")
        }
        return unit
    }
}
