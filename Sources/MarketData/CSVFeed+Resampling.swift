import Market

extension CSVFeed {
    /// All bars as longer ones, as a CSV file that `csv:` reads: with a column for the code if there is one, and with what
    /// is known of the days.
    public func resampled(to unit: BarUnit) throws -> String {
        let all = try allSeries()
        let hasCode = all.contains { $0.security != nil }
        let hasFacts = all.contains { !$0.facts.isEmpty }
        var rows: [(time: Instant, code: String, text: String)] = []
        for series in all {
            let code = series.security.map { ",\($0)" } ?? ""
            var days = Dictionary(series.facts.map { ($0.day, $0) }) { first, _ in first }
            var told: DayFacts?
            for bar in resample(Array(series.bars.bars), to: unit, hours: hours) {
                let day = hours.dataDay(of: bar.end)
                if told?.day != day { told = days.removeValue(forKey: day) }
                let time = hours.zone.local(bar.end)
                let money = RecordedRow.money(bar.amount, of: bar.volume)
                let text =
                    "\(time.day) \(time.time)\(code),\(bar.open),\(bar.high),\(bar.low),\(bar.close),\(bar.volume),\(money)"
                rows.append((bar.end, code, hasFacts ? text + Self.columns(told) : text))
            }
            // Of a day without bars, one on which the security was paused, say, its date tells.
            for facts in days.values {
                let close = hours.zone.instant(facts.day, hours.periods.close)
                rows.append((close, code, "\(facts.day)\(code),,,,,,\(Self.columns(facts))"))
            }
        }
        rows.sort { ($0.time, $0.code) < ($1.time, $1.code) }
        let facts = hasFacts ? ",pre_close,high_limit,low_limit,paused" : ""
        let header = "datetime\(hasCode ? ",code" : ""),open,high,low,close,volume,money\(facts)\n"
        return rows.reduce(into: header) { $0 += $1.text + "\n" }
    }

    private static func columns(_ facts: DayFacts?) -> String {
        guard let facts else { return ",,,," }
        let prices = [facts.preClose, facts.highLimit, facts.lowLimit].map { ",\($0?.description ?? "")" }
        return prices.joined() + (facts.isPaused ? ",1" : ",0")
    }
}
