import Market
import Time

/// The instant at which the clocks of Shanghai show `2026-11-20 09:30` or `2026-11-20 09:30:15`.
public func shanghai(_ text: String) -> Instant {
    let words = text.split(separator: " ")
    guard words.count == 2, let day = Day(words[0]), let time = try? TimeOfDay(clock: words[1]) else {
        preconditionFailure("\"\(text)\" is no time of a test: write 2026-11-20 09:30")
    }
    return MarketZone.shanghai.instant(day, time)
}

extension EventLoop {
    /// Lets all happen that is due up to an instant of a virtual clock, that instant included; what happens may stop
    /// the loop earlier.
    public func run(until end: Instant) {
        let timer = at(end, rank: .max) { [unowned self] in self.stop() }
        run()
        cancel(timer)
    }
}

extension VirtualClock {
    /// Lets time pass within a handler, as work does.
    public func work(for span: TimeSpan) {
        var nothing: [Watch] = []
        _ = wait(until: now + span, watching: &nothing)
    }
}
