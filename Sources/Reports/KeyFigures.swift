import Market

/// The head of the page: what the run is, what it gained, and the figures that judge it.
struct KeyFigures {
    private static let daysThatTell = 20

    let history: RunHistory
    let metrics: Metrics

    var html: String {
        let gain = metrics.totalReturn ?? 0
        let figures = figures.map { name, value, note in
            "<div><dt>\(name)</dt><dd>\(value)</dd><small>\(note)</small></div>"
        }
        return """
            <header><h1>\(escaped(history.title)) <span class="mode">\(escaped(history.mode))</span></h1>
            <p class="lead"><b class="\(tone(gain))">\(signed(percent(metrics.totalReturn), gain))</b> \
            \(written(metrics.startValue)) → \(written(metrics.finalValue)) <span class="note">\(period)</span></p>
            <dl>\(figures.joined(separator: "\n"))</dl></header>

            """
    }

    private var period: String {
        guard let first = history.points.first?.day, let last = history.points.last?.day else {
            return "No trading day has ended yet."
        }
        return first == last ? "on \(first)" : "\(first) to \(last), \(grouped(Int64(metrics.days))) trading days"
    }

    private var figures: [(String, String, String)] {
        // A year reckoned from a few days is a number that nobody should believe.
        let isLong = metrics.days >= Self.daysThatTell
        func ofYear(_ text: String, _ note: String) -> (String, String) {
            isLong ? (text, note) : ("–", "from \(Self.daysThatTell) days on")
        }
        let gain = ofYear(signed(percent(metrics.annualReturn), metrics.annualReturn ?? 0), "compounded, 244 days")
        let sharpe = ofYear(number(metrics.sharpe), "interest 0")
        let volatility = ofYear(percent(metrics.volatility), "a year")
        return [
            ("A year", gain.0, gain.1),
            ("Deepest fall", percent(metrics.maxDrawdown), fall),
            ("Sharpe ratio", sharpe.0, sharpe.1),
            ("Volatility", volatility.0, volatility.1),
            ("Trades won", percent(metrics.winRate, places: 1), "after fees"),
            ("Profit factor", number(metrics.profitFactor), "gained by lost"),
            ("Turnover", metrics.turnover.map { decimal($0, places: 2) + "×" } ?? "–", "bought and sold"),
            ("Orders", grouped(Int64(metrics.orders)), "\(grouped(Int64(metrics.fills))) fills"),
            history.feesAreKnown
                ? ("Fees", written(metrics.fees), "taxes included") : ("Fees", "–", "the broker tells no fill's"),
            ("Cash", written(metrics.finalCash), "in the end"),
        ]
    }

    private var fall: String {
        guard let from = metrics.maxDrawdownFrom, let to = metrics.maxDrawdownTo else { return "never fell" }
        let (first, last) = (history.zone.local(from), history.zone.local(to))
        if first.day == last.day { return "<span>\(first.time)</span> to <span>\(last.time)</span>" }
        return "<span>\(first.day)</span> to <span>\(last.day)</span>"
    }

    private func number(_ value: Double?) -> String { value.map { decimal($0, places: 2) } ?? "–" }
}
