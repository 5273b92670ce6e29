import Market

/// The registered jobs and the market's hours: what is needed to tell the slots of any trading day.
public struct Timetable: Sendable {
    /// The jobs in order of registration; `Slot.job` is a place in it.
    public let jobs: [JobPlan]
    /// When the market trades.
    public let hours: MarketHours
    /// Each job's name in the journals: a job that is registered twice for one time gets a number after its name.
    let journalNames: [String]
    /// Each job's place among the slots of one instant: those of each minute first, then by registration.
    private let ranks: [Int]

    /// More slots a day than this are refused.
    public static let mostSlots = 100_000

    /// Refuses times too far from the periods, and too many slots.
    public init(jobs: [JobPlan], hours: MarketHours) throws(ScheduleError) {
        for job in jobs {
            do throws(TimeExpressionError) {
                try job.expression.check(job.time, against: hours.periods.all[...])
                // On a day without its night session, open is the morning's.
                try job.expression.check(job.time, against: hours.periods.daytime)
            } catch { throw ScheduleError(job: job.name, "\(error)") }
        }
        let minutes = hours.periods.all.reduce(0) { $0 + Int($1.end.seconds - $1.start.seconds) / 60 + 1 }
        let slots = jobs.reduce(0) { $0 + ($1.expression.isEachMinute ? minutes : 1) }
        guard slots <= Self.mostSlots else {
            throw ScheduleError(
                "the jobs have \(slots) slots a day, more than \(Self.mostSlots): register fewer of them for every minute"
            )
        }
        self.jobs = jobs
        self.hours = hours
        var seen: [[String]: Int] = [:]
        self.journalNames = jobs.map { job in
            let count = seen[[job.name, job.time], default: 0] + 1
            seen[[job.name, job.time]] = count
            return count == 1 ? job.name : "\(job.name)#\(count)"
        }
        let order =
            jobs.indices.filter { jobs[$0].expression.isEachMinute }
            + jobs.indices.filter { !jobs[$0].expression.isEachMinute }
        var ranks = Array(repeating: 0, count: jobs.count)
        for (rank, job) in order.enumerated() { ranks[job] = rank }
        self.ranks = ranks
    }

    /// The same jobs in other hours, as when the calendar's files have changed.
    public func with(calendar: TradingCalendar) throws(ScheduleError) -> Timetable {
        try Timetable(jobs: jobs, hours: MarketHours(calendar: calendar, periods: hours.periods, zone: hours.zone))
    }

    /// All slots of a trading day, in order; none on another day.
    public func agenda(of day: Day) -> Agenda {
        guard hours.calendar.isTradingDay(day) else { return Agenda(day: day, sessions: [], slots: []) }
        let today = hours.day(day)
        let sessions = today.sessions
        var slots: [Slot] = []
        for (job, plan) in jobs.enumerated() where plan.rule.holds(on: day, in: hours.calendar) {
            switch plan.expression {
            case .clock(let time): today.instant(clock: time).map { slots.append(Slot(day: day, at: $0, job: job)) }
            case .open(let offset):
                today.periods.first.map { slots.append(Slot(day: day, at: today.instant($0.start + offset), job: job)) }
            case .close(let offset):
                today.periods.last.map { slots.append(Slot(day: day, at: today.instant($0.end + offset), job: job)) }
            case .everyMinute: append(&slots, sessions, job, day, withEnds: true)
            case .everyBar: append(&slots, sessions, job, day, withEnds: false)
            }
        }
        slots.sort { $0.at == $1.at ? ranks[$0.job] < ranks[$1.job] : $0.at < $1.at }
        return Agenda(day: day, sessions: sessions, slots: slots)
    }

    /// Appends a job's slot of each whole minute; one that ends a session and begins the next is one slot.
    private func append(_ slots: inout [Slot], _ sessions: [TradingSession], _ job: Int, _ day: Day, withEnds: Bool) {
        let minute = TimeSpan.seconds(Int64(60)).nanoseconds
        for session in sessions {
            let past = Int64(hours.zone.local(session.start).time.seconds % 60) * 1_000_000_000
            let start = session.start.nanoseconds &+ (past == 0 ? 0 : minute - past)
            let length = session.end.nanoseconds &- start
            guard length >= 0 else { continue }
            for number in 0...length / minute where withEnds || number * minute < length {
                let at = Instant(nanoseconds: start + number * minute)
                if slots.last?.job != job || slots.last?.at != at { slots.append(Slot(day: day, at: at, job: job)) }
            }
        }
    }
}

/// The slots of one trading day in the order in which they run: by instant; at one instant first those of each
/// minute, then by registration.
public struct Agenda: Sendable {
    /// The trading day.
    public let day: Day
    /// The day's sessions.
    public let sessions: [TradingSession]
    /// The slots in order.
    public let slots: [Slot]

    /// The end of the session that an instant lies in; nil outside, and at a session's very end.
    public func sessionEnd(at instant: Instant) -> Instant? {
        sessions.first { $0.contains(instant) }?.end
    }

    /// The place of a slot, if the agenda has it.
    public func place(of slot: Slot) -> Int? {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].at < slot.at { low = middle + 1 } else { high = middle }
        }
        return slots[low...].prefix { $0.at == slot.at }.firstIndex { $0.job == slot.job }
    }
}
