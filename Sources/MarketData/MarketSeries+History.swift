import Market

extension MarketSeries {
    /// The last bars of a unit that had ended by an instant, from bars of the series' own unit (nil for ticks).
    func history(
        _ unit: BarUnit, of own: BarUnit?, count: Int, upTo now: Instant, hours: MarketHours
    ) -> [MarketBar] {
        if unit == own {
            let end = bars.count(upTo: now)
            return Array(bars.bars[max(0, end - count)..<end])
        }
        if let own {
            let known = bars.bars[..<bars.count(upTo: now)]
            return longer(unit, from: known, of: own, count: count, upTo: settled(known, upTo: now), hours)
        }
        if minutes == nil { minutes = MinutesOfTicks(ticks, hours: hours) }
        guard let minutes else { return [] }
        let (known, end) = minutes.known(upTo: now)
        if unit == .minute { return Array(known.suffix(count)) }
        return longer(unit, from: known, of: .minute, count: count, upTo: end, hours)
    }

    /// Up to when nothing more can come into longer bars: their last piece may still be on its way, and is waited for as
    /// long as bars that are being built wait for it.
    private func settled(_ known: Slice<UnsafeBufferPointer<MarketBar>>, upTo now: Instant) -> Instant {
        let waitedFor = now.nanoseconds.subtractingReportingOverflow(TradingTime.lateness)
        guard let last = known.last, !waitedFor.overflow else { return now }
        return max(last.end, Instant(nanoseconds: waitedFor.partialValue))
    }

    /// Longer bars from the last of these, as many more of them as it takes.
    private func longer(
        _ unit: BarUnit, from bars: Slice<UnsafeBufferPointer<MarketBar>>, of own: BarUnit, count: Int,
        upTo now: Instant, _ hours: MarketHours
    ) -> [MarketBar] {
        guard let length = own.minutes, unit.minutes ?? .max > length else { return [] }
        let day = hours.periods.all.reduce(0) { $0 + Int($1.end.seconds - $1.start.seconds) / 60 }
        let each = (unit.minutes ?? day) / length + 1
        var wanted = each.multipliedReportingOverflow(by: count &+ 2)
        while true {
            let window = bars.suffix(wanted.overflow ? bars.count : max(wanted.partialValue, each))
            var longer = resample(Array(window), to: unit, hours: hours).filter { $0.end <= now }
            let isWhole = window.count == bars.count
            // The first one may lack its beginning.
            if !isWhole, !longer.isEmpty { longer.removeFirst() }
            if isWhole || longer.count >= count { return Array(longer.suffix(count)) }
            wanted = window.count.multipliedReportingOverflow(by: 2)
        }
    }

    /// The days of its bars or ticks by the market's clock; the hours after midnight of a night session are the
    /// day's before.
    func days(in hours: MarketHours) -> [Day] {
        var days: [Day] = []
        var index = 0
        let isBars = bars.count > 0
        let count = isBars ? bars.count : ticks.count
        while index < count {
            let time = isBars ? bars.bars[index].end : ticks.time(index)
            let local = hours.zone.local(time)
            let isNight = hours.periods.night.map { local.time <= $0.end } ?? false
            days.append(isNight ? local.day - 1 : local.day)
            let nextDay = hours.zone.instant(local.day + 1, TimeOfDay(seconds: 0)) - TimeSpan(nanoseconds: 1)
            index = max(index + 1, isBars ? bars.count(upTo: nextDay) : ticks.count(upTo: nextDay))
        }
        return days
    }
}

/// The one-minute bars that ticks make, each with the moment at which nothing more could change it: a closing auction's
/// tick comes after the end of the bar that it belongs to.
struct MinutesOfTicks {
    private let bars = BarStore()
    private var complete: [Instant] = []

    init(_ ticks: TickStore, hours: MarketHours) {
        var builder = BarBuilder(.minute, hours: hours)
        var last = Instant(nanoseconds: .min)
        for index in 0..<ticks.count {
            let tick = ticks[index]
            for bar in builder.take(tick) { add(bar, last) }
            last = tick.time
        }
        if let bar = builder.open { add(bar, last) }
    }

    /// The bars that are complete by an instant, and the instant up to which they leave nothing out.
    func known(upTo now: Instant) -> (bars: Slice<UnsafeBufferPointer<MarketBar>>, end: Instant) {
        var count = bars.count(upTo: now)
        while count > 0, complete[count - 1] > now { count -= 1 }
        let isLeftOut = count < bars.count && bars.bars[count].end <= now
        return (bars.bars[..<count], isLeftOut ? bars.bars[count].end - TimeSpan(nanoseconds: 1) : now)
    }

    private mutating func add(_ bar: MarketBar, _ last: Instant) {
        bars.append(bar)
        complete.append(max(bar.end, last))
    }
}
