import Market

extension CSVFeed {
    /// All bars as longer ones, as a CSV file that `csv:` reads: with a column for the code if there is one.
    public func resampled(to unit: BarUnit) throws -> String {
        let all = try allSeries()
        let hasCode = all.contains { $0.security != nil }
        var rows: [(bar: MarketBar, code: String)] = []
        for series in all {
            for bar in resample(Array(series.bars.bars), to: unit, hours: hours) {
                rows.append((bar, series.security.map { ",\($0)" } ?? ""))
            }
        }
        rows.sort { ($0.bar.end, $0.code) < ($1.bar.end, $1.code) }
        var text = "datetime\(hasCode ? ",code" : ""),open,high,low,close,volume,money\n"
        for (bar, code) in rows {
            let time = hours.zone.local(bar.end)
            text += "\(time.day) \(time.time)\(code),\(bar.open),\(bar.high),\(bar.low),\(bar.close),"
            text += "\(bar.volume),\(bar.amount)\n"
        }
        return text
    }
}
