import CSupport
import Market
import Notation
import Simulation
import Storage

/// How fast a strategy passes over history: the whole event path, as users run it, with `run_backtest`.
enum BacktestSpeed {
    /// A crossing of two moving averages, always in the market or out of it with 1,000 shares.
    static let strategy = """
        import JQTrade

        let code = "000001.XSHE"
        var fast = MovingAverage(10)
        var slow = MovingAverage(30)
        var isLong = false

        func process_initialize(_ context: Context) {
            fast = MovingAverage(context.param("fast", 10))
            slow = MovingAverage(context.param("slow", 30))
            set_options(market_rules: "none", max_order_value: 0, max_traded_value_per_day: 0)
            set_order_cost(
                open_tax: 0, close_tax: 0, open_commission: 0.0003, close_commission: 0.0003, min_commission: 0)
            subscribe(code, "1m") { bar in
                let a = fast.add(bar.close)
                let b = slow.add(bar.close)
                guard let a, let b, a != b, (a > b) != isLong else { return }
                isLong = a > b
                order(code, isLong ? 1000 : -1000)
            }
        }
        """

    /// Runs it over a million bars, and a sweep of it with one process and with two.
    static func measure(in workplace: Workplace) throws -> [Table.Row] {
        try workplace.write("cross.swift", strategy)
        try writeBars(to: workplace.folder + "/history.csv", seed: 7)
        let command = ["run_backtest", "-c", "cross.swift", "--market-data", "csv:history.csv", "--json"]
        let runs = try (0..<9).map { _ in try figures(workplace.jqtrade(command)) }
        let peak = try workplace.peakBytes(of: command)
        let speeds = Samples(runs.compactMap { $0["bars_per_second"]?.double })
        let sweep = command + ["--sweep", "fast=5..12"]
        let one = try Samples(3) { try milliseconds { try workplace.jqtrade(sweep + ["--jobs", "1"]) } }
        let two = try Samples(3) { try milliseconds { try workplace.jqtrade(sweep + ["--jobs", "2"]) } }
        let fills = runs[0]["fills"]?.int ?? 0
        let cash = runs[0]["final_cash"]?.double ?? 0
        return [
            .init(
                what: "backtest, SMA 10/30 over \(bars) bars, the run only",
                measured: "\(decimal(speeds.median / 1e6)) M bars/s", toReach: "≥ 5 M bars/s",
                original: "0.017 to 0.223 M bars/s; arrays 5.2 M"),
            .init(what: "  its fills and its cash in the end", measured: "\(fills) fills, \(cash) yuan"),
            .init(
                what: "  peak memory of its process", measured: "\(decimal(Double(peak) / 1e6)) MB", toReach: "≤ 120 MB"
            ),
            .init(
                what: "sweep of 8 such runs, 1 and 2 at once",
                measured: "\(decimal(one.median / 1e3)), \(decimal(two.median / 1e3)) s"
                    + " (\(decimal(one.median / two.median)) times as fast)", toReach: "scales with the cores"),
        ]
    }

    private static let bars = 1_000_000

    private static func figures(_ output: String) throws -> JSON {
        do { return try JSON(parsing: output) } catch { throw BenchError("run_backtest --json printed \(output)") }
    }

    /// One-minute bars of a random walk, with the open of each at the close of the one before, as CSV. They are written day
    /// by day: what a program has once weighed counts as the weight of all that it starts.
    private static func writeBars(to path: String, seed: UInt64) throws {
        let disk = SystemDisk()
        let file = try disk.open(path, .createNew)
        defer { disk.close(file) }
        try disk.appendWhole(Array("datetime,open,high,low,close,volume\n".utf8), to: file)
        var random = SeededRandom(seed: seed)
        let calendar = TradingCalendar.builtIn
        var day = calendar.next(after: Day(number: 12_417))
        var price = 1000
        var written = 0
        while written < bars {
            var text = ""
            for minute in 1...240 where written < bars {
                let next = max(300, price + Int.random(in: -3...3, using: &random))
                let (high, low) = (max(price, next) + 1, min(price, next) - 1)
                let clock = minute <= 120 ? 9 * 60 + 30 + minute : 11 * 60 + minute
                text += "\(day) \(two(clock / 60)):\(two(clock % 60)):00,"
                text += "\(yuan(price)),\(yuan(high)),\(yuan(low)),\(yuan(next)),100000\n"
                price = next
                written += 1
            }
            try disk.appendWhole(Array(text.utf8), to: file)
            day = calendar.next(after: day)
        }
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private static func yuan(_ fen: Int) -> String { "\(fen / 100).\(two(fen % 100))" }
}
