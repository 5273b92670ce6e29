import Market
import Notation
import Scheduling
import Storage
import Time

/// What a strategy's jobs and options make of the days to come, as others see it: a running task leaves it in
/// `schedule.json` for `get_schedule`.
public struct Schedule {
    /// The jobs and hours.
    public let timetable: Timetable
    /// The option `market_period` that the hours were made from.
    let periods: JSON
    /// Where the task keeps its slots' memory.
    public let folder: String?

    /// A schedule.
    init(timetable: Timetable, periods: JSON, folder: String?) {
        self.timetable = timetable
        self.periods = periods
        self.folder = folder
    }
}

extension Schedule {
    /// The schedule as `schedule.json` holds it; the calendar is not part of it, for its files are the home's.
    var json: JSON {
        let hours = timetable.hours
        let jobs = timetable.jobs.map { job -> JSON in
            .object([
                .init("job", .text(job.name)), .init("time", .text(job.time)), .init("days", .text(job.rule.notation)),
                .init("misfire_grace", job.misfireGrace.map { .number($0.seconds) } ?? .null),
            ])
        }
        return .object([
            .init("jobs", .list(jobs)), .init("market_period", periods), .init("timezone", .text(hours.zone.name)),
            .init("every_day", .bool(hours.calendar.isEveryDay)), .init("folder", folder.map(JSON.text) ?? .null),
        ])
    }

    /// The schedule that `json` wrote, on this calendar.
    public init?(_ json: JSON, calendar: TradingCalendar) {
        guard let written = json["jobs"]?.list, let option = json["market_period"],
            let pairs = OptionSpec.pairs(option),
            let zone = json["timezone"]?.string.flatMap({ try? MarketZone.named($0) }),
            let periods = try? MarketPeriods(pairs)
        else { return nil }
        var jobs: [JobPlan] = []
        for job in written {
            guard let name = job["job"]?.string, let time = job["time"]?.string,
                let rule = job["days"]?.string.flatMap(DayRule.init(notation:)),
                let plan = try? JobPlan(
                    name: name, time: time, rule: rule,
                    misfireGrace: job["misfire_grace"]?.double.map { TimeSpan(seconds: $0) })
            else { return nil }
            jobs.append(plan)
        }
        let days = json["every_day"]?.bool == true ? TradingCalendar.everyDay : calendar
        let hours = MarketHours(calendar: days, periods: periods, zone: zone)
        guard let timetable = try? Timetable(jobs: jobs, hours: hours) else { return nil }
        self.init(timetable: timetable, periods: option, folder: json["folder"]?.string)
    }
}

extension DayRule {
    /// `daily`, `weekly 1`, `monthly -1`.
    var notation: String {
        switch self {
        case .daily: "daily"
        case .weekly(let n): "weekly \(n)"
        case .monthly(let n): "monthly \(n)"
        }
    }

    init?(notation: String) {
        let words = notation.split(separator: " ")
        switch (words.first, words.dropFirst().first.flatMap { Int($0) }) {
        case ("daily", nil): self = .daily
        case ("weekly", let n?): self = .weekly(n)
        case ("monthly", let n?): self = .monthly(n)
        default: return nil
        }
    }
}

extension Schedule {
    /// What is remembered of a day's slots; nothing when the schedule is no task's.
    public func memory(of day: Day, in disk: any FileStore) throws -> DayMemory {
        guard let folder else { return DayMemory([]) }
        return DayMemory(try SlotJournalFiles.records(of: day, inTaskFolder: folder, disk))
    }
}
