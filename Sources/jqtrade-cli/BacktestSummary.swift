import Notation

/// What a run came to, for a person to read.
enum BacktestSummary {
    static func text(_ result: BacktestResult, _ request: BacktestRequest) -> String {
        var lines = ["\(request.launch.name)  \(result.days)", result.market, ""]
        lines += [aligned(result.trades ? traded(result.figures) : untraded(result.figures))]
        if !result.trades {
            lines += [
                "", "The strategy has use_account: false: its jobs were run, and there are no figures of trading.",
            ]
        }
        if result.jobErrors > 0 { lines += ["", "errors in jobs and callbacks: \(result.jobErrors), logged as ERROR"] }
        if let path = request.trades, path != "-" { lines += ["trades: \(path)"] }
        if let path = request.report { lines += ["report: \(path)"] }
        return lines.joined(separator: "\n")
    }

    private static func traded(_ figures: JSON) -> [[String]] {
        [
            ["start value", money(figures, "start_value"), ""],
            ["final value", money(figures, "final_value"), percent(figures, "total_return", signed: true)],
            ["final cash", money(figures, "final_cash"), ""],
            ["annual return", percent(figures, "annual_return", signed: true), ""],
            ["max drawdown", percent(figures, "max_drawdown"), span(figures)],
            ["sharpe", plain(figures, "sharpe"), ""],
            ["volatility", percent(figures, "volatility"), ""],
            ["win rate", percent(figures, "win_rate"), ""],
            ["profit factor", plain(figures, "profit_factor"), ""],
            ["turnover", plain(figures, "turnover"), ""],
            ["orders", count(figures, "orders"), "\(count(figures, "fills")) fills"],
            ["fees", money(figures, "fees"), ""],
        ] + untraded(figures)
    }

    private static func untraded(_ figures: JSON) -> [[String]] {
        let seconds = figures["seconds"]?.double ?? 0
        let speed = figures["bars_per_second"]?.double.map { $0 > 0 ? ", \(shortNumber($0)) a second" : "" } ?? ""
        return [
            ["days", count(figures, "days"), ""],
            ["bars and ticks", count(figures, "bars"), "in \(fixed(seconds, seconds < 10 ? 2 : 0)) s\(speed)"],
        ]
    }

    private static func span(_ figures: JSON) -> String {
        guard let from = figures["max_drawdown_from"]?.string, let to = figures["max_drawdown_to"]?.string else {
            return ""
        }
        return "\(from) to \(to)"
    }

    private static func money(_ figures: JSON, _ name: String) -> String {
        figures[name]?.double.map { fixed($0, 2) } ?? "-"
    }

    private static func plain(_ figures: JSON, _ name: String) -> String {
        figures[name]?.double.map { fixed($0, 2) } ?? "-"
    }

    static func percent(_ figures: JSON, _ name: String, signed: Bool = false) -> String {
        guard let value = figures[name]?.double else { return "-" }
        return (signed && value > 0 ? "+" : "") + fixed(value * 100, 2) + " %"
    }

    private static func count(_ figures: JSON, _ name: String) -> String {
        figures[name]?.int.map { fixed(Double($0), 0) } ?? "-"
    }
}
