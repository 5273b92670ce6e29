import Market

/// Decides whether an idle worker still answers: pure, stepped by the supervisor's timer.
struct Watchdog {
    let interval: TimeSpan
    let limit: Int
    private var unanswered = 0
    private var number = 0
    private var expected: Instant?

    init(interval: TimeSpan, limit: Int) {
        self.interval = interval
        self.limit = limit
    }

    enum Verdict: Equatable {
        /// Send a ping with this number.
        case ping(Int)
        /// Nothing to ask now.
        case quiet
        /// It has left too many pings unanswered.
        case dead
    }

    /// The timer fired at `now`. A busy worker is never judged, and neither is anyone by a supervisor that was itself
    /// late: it may have been suspended together with the worker.
    mutating func tick(now: Instant, workerIsIdle: Bool) -> Verdict {
        let onTime = expected.map { now - $0 < interval && now >= $0 - interval } ?? true
        expected = now + interval
        guard workerIsIdle, onTime else {
            unanswered = 0
            return .quiet
        }
        if unanswered >= limit { return .dead }
        unanswered += 1
        number += 1
        return .ping(number)
    }

    /// A ping was answered.
    mutating func answered() { unanswered = 0 }

    /// A new worker begins without a past.
    mutating func reset() {
        unanswered = 0
        expected = nil
    }
}
