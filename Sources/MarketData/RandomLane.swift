import Market

/// The ticks of one security of the random market, one after the other.
struct RandomLane {
    /// When ticks come.
    enum Pace {
        /// At their own time, none left out.
        case past
        /// At their own time; who comes late gets the newest.
        case wall
        /// One after each step of the wall clock.
        case replay(begin: Instant, step: TimeSpan)
    }

    /// When the next event comes; nil if none does.
    private(set) var due: Instant?

    private let security: RandomSecurity
    private let number: Int
    private let hours: MarketHours
    private let step: TimeSpan
    private let pace: Pace
    private let lastDay: Day?
    private var day: RandomDay
    /// The facts of the day come first, once.
    private var owesFacts = true
    private var index = 0

    /// Facts of a day are known half an hour before it begins.
    private static let early = TimeSpan.seconds(30 * 60)
    /// Ticks that are older than this when they are asked for have been missed.
    private static let missed = TimeSpan.seconds(3)

    init(
        _ security: RandomSecurity, _ number: Int, _ hours: MarketHours, _ step: TimeSpan, _ pace: Pace,
        days: ClosedRange<Day>?, now: Instant?
    ) {
        self.security = security
        self.number = number
        self.hours = hours
        self.step = step
        self.pace = pace
        lastDay = days?.upperBound
        var first = days?.lowerBound ?? Day(number: .min)
        if let now { first = max(first, TradingTime(around: now, hours).day) }
        if !hours.calendar.isTradingDay(first) { first = hours.calendar.next(after: first) }
        day = RandomDay(security, first, step: step, hours)
        if let now {
            index = day.firstIndex(after: now)
            if index >= day.count { begin(hours.calendar.next(after: first)) }
        }
        settle()
        if let now, let due, due < now { self.due = now }
    }

    /// Facts before ticks, then by number.
    func comes(before other: RandomLane) -> Bool {
        guard let due, let otherDue = other.due, due == otherDue else { return (due ?? .never) < (other.due ?? .never) }
        return owesFacts == other.owesFacts ? number < other.number : owesFacts
    }

    /// Leaves out what was missed up to now, but for the newest.
    mutating func skip(to now: Instant) {
        guard case .wall = pace, let due, due < now - Self.missed else { return }
        let today = TradingTime(around: now, hours)
        if today.day > day.facts.day, hours.calendar.isTradingDay(today.day), now >= Self.opening(of: today) {
            begin(today.day)
        }
        let newest = day.firstIndex(after: now) - 1
        index = max(index, min(day.firstIndex(after: now - Self.missed), newest))
        settle()
    }

    /// The event that is due.
    mutating func take() -> MarketEvent? {
        guard due != nil else { return nil }
        if owesFacts {
            owesFacts = false
            settle()
            return .facts(number, day.facts)
        }
        let tick = day.tick(index)
        index += 1
        if index >= day.count { begin(hours.calendar.next(after: day.facts.day)) }
        settle()
        return .tick(number, tick)
    }

    private mutating func begin(_ next: Day) {
        day = RandomDay(security, next, step: step, hours)
        owesFacts = true
        index = 0
    }

    private mutating func settle() {
        if let lastDay, day.facts.day > lastDay {
            due = nil
            return
        }
        switch pace {
        case .replay(let begin, let step):
            let (passed, overflow) = step.nanoseconds.multipliedReportingOverflow(by: Int64(index))
            due = overflow ? nil : begin + TimeSpan(nanoseconds: passed)
        case .past, .wall: due = owesFacts ? Self.opening(of: day.time) : day.time(of: index)
        }
    }

    private static func opening(of time: TradingTime) -> Instant { Instant(nanoseconds: time.start) - early }
}

extension Instant {
    fileprivate static let never = Instant(nanoseconds: .max)
}
