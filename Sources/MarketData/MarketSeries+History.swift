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
        return []
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
