import Market

/// The sessions of one trading day laid end to end, so that bars can be cut from them: a bar of an hour may begin
/// before lunch and end after it.
///
/// All times are nanoseconds. Sessions that touch are one.
struct TradingTime: Sendable {
    /// One session.
    struct Session: Sendable {
        let start: Int64
        let end: Int64
        /// How long the day's sessions before it have lasted.
        let before: Int64
        /// Until when, not included, what comes late still belongs to it.
        var patience: Int64
    }

    let day: Day
    let sessions: [Session]
    /// How long all sessions last.
    let length: Int64

    /// An opening auction is called no earlier before the first session.
    static let lead = TimeSpan.seconds(15 * 60).nanoseconds
    /// The last price of a session, that of a closing auction above all, comes a little after its end.
    static let lateness = TimeSpan.seconds(60).nanoseconds

    /// The trading time of a day; of one on which the market is closed, as if it were open by day.
    init(of day: Day, _ hours: MarketHours) {
        let midnight = TimeOfDay(seconds: 0)
        var spans = hours.day(day).sessions.map { ($0.start.nanoseconds, $0.end.nanoseconds) }
        if spans.isEmpty {
            spans = hours.periods.daytime.map { period in
                let (start, end) = (hours.zone.instant(day, period.start), hours.zone.instant(day, period.end))
                return (start.nanoseconds, end.nanoseconds)
            }
        }
        if spans.isEmpty {
            let (start, end) = (hours.zone.instant(day, midnight), hours.zone.instant(day + 1, midnight))
            spans = [(start.nanoseconds, end.nanoseconds)]
        }
        var sessions: [Session] = []
        var before: Int64 = 0
        for (start, end) in spans where end > start {
            if let last = sessions.last {
                let touches = last.end >= start
                sessions[sessions.count - 1].patience = min(last.patience, start)
                if touches {
                    sessions.removeLast()
                    before = last.before
                }
                let first = touches ? last.start : start
                sessions.append(
                    Session(start: first, end: end, before: before, patience: end &+ Self.lateness))
                before += end - first
            } else {
                sessions.append(Session(start: start, end: end, before: 0, patience: end &+ Self.lateness))
                before = end - start
            }
        }
        self.day = day
        self.sessions = sessions
        length = before
    }

    /// The trading time of the day that an instant belongs to: an opening auction to the day that it opens, what comes
    /// after the close to the day that was.
    init(around instant: Instant, _ hours: MarketHours) {
        let today = hours.zone.local(instant).day
        let next = hours.calendar.next(after: today)
        if hours.evening(of: next) != nil {
            let time = TradingTime(of: next, hours)
            if time.covers(instant.nanoseconds) {
                self = time
                return
            }
        }
        self.init(of: today, hours)
    }

    /// When the first session begins.
    var start: Int64 { sessions.first?.start ?? 0 }
    /// When the last one ends.
    var end: Int64 { sessions.last?.end ?? 0 }

    /// True from the opening auction to what comes late after the close.
    func covers(_ time: Int64) -> Bool {
        guard let first = sessions.first, let last = sessions.last else { return false }
        return first.start &- Self.lead <= time && time < last.patience
    }

    /// True in a session, in the auction before the first and for what comes a little late after one.
    func isTraded(at time: Int64) -> Bool {
        start &- Self.lead <= time && time < start || sessions.contains { $0.start <= time && time < $0.patience }
    }

    /// How much of the day's trading time had passed, less than all of it. What comes between sessions counts for the
    /// one it is late for, or else for the next.
    func passed(at time: Int64) -> Int64 {
        for session in sessions where time < session.patience {
            if time < session.start { return session.before }
            return session.before + min(time, session.end - 1) - session.start
        }
        return length - 1
    }

    /// The instant at which so much of the day's trading time has passed; at the end of a session that end, not the
    /// beginning of the next. Nothing more is waited for from `due` on.
    func instant(passed: Int64) -> (time: Int64, due: Int64) {
        for session in sessions where passed <= session.before + session.end - session.start {
            let time = session.start + passed - session.before
            return (time, time == session.end ? session.patience : time)
        }
        return (end, sessions.last?.patience ?? end)
    }

    /// From when on nothing more is waited for that belongs to a bar of this end.
    func due(ofBarEnding end: Int64) -> Int64 { sessions.first { $0.end == end }?.patience ?? end }
}
