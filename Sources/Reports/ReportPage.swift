/// The page of a run: one HTML file that needs nothing else, no script and no network.
///
/// However long the run was, it stays small: curves are thinned to what a screen shows, and the newest trades stand
/// for all. `refresh` lets a browser read it anew after so many seconds, for a run that goes on.
public func reportPage(_ history: RunHistory, _ metrics: Metrics, refresh: Int? = nil) -> String {
    let times = TimeAxis(history)
    let again = refresh.map { "<meta http-equiv=\"refresh\" content=\"\($0)\"/>\n" } ?? ""
    let charts =
        times.isEmpty ? "" : ValueCharts(history, times).html + PriceCharts(history, times).html
    return """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        \(again)<title>\(escaped(history.title)) · \(escaped(history.mode))</title>
        <style>
        \(pageStyle)
        </style></head><body>
        \(pageMarks)
        \(KeyFigures(history: history, metrics: metrics).html)\(charts)\(MonthTable(history).html)\
        \(TradeTable(history).html)\(about(history, metrics))</body></html>

        """
}

/// What the run was made of: parameters, prices, size.
private func about(_ history: RunHistory, _ metrics: Metrics) -> String {
    var facts = history.parameters.map { ($0.name, $0.value) }
    if !history.marketData.isEmpty { facts.append(("Market data", history.marketData)) }
    facts.append(("Bars and ticks", grouped(Int64(metrics.bars))))
    if let speed = metrics.barsPerSecond {
        facts.append(("Run", "\(decimal(metrics.seconds, places: 2)) s, \(decimal(speed, places: 0)) bars a second"))
    }
    facts.append(("Time zone", history.zone.name))
    let lines = facts.map { "<dt>\(escaped($0))</dt><dd>\(escaped($1))</dd>" }
    return "<section><h2>About this run</h2>\n<dl class=\"about\">\(lines.joined(separator: "\n"))</dl></section>\n"
}
