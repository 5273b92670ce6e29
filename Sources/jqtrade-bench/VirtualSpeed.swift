import CSupport
import Engine
import JQTrade
import Logs
import Market
import Processes
import Storage
import Time

/// How fast virtual time passes: the engine's own run, as a backtest uses it, with 242 slots of `every_minute` and 19 of
/// daily jobs on each trading day, all remembered in memory alone.
enum VirtualSpeed {
    static func measure() throws -> [Table.Row] {
        let month = try run(months: 1)
        let year = try run(months: 12)
        let speeds = Samples(try (0..<9).map { _ in try run(months: 12).slotsPerSecond })
        let decade = try run(months: 120)
        let growth = Double(decade.residentBytes - month.residentBytes) / 1e6
        return [
            .init(
                what: "virtual time, a year of 242 + 19 slots a day (\(year.slots) slots)",
                measured: "\(decimal(speeds.median / 1e6)) M slots/s", toReach: "≥ 2 M slots/s",
                original: "0.072 M events/s"),
            .init(
                what: "memory after 1, 12, 120 months of virtual time",
                measured: [month, year, decade].map { decimal(Double($0.residentBytes) / 1e6) }.joined(separator: ", ")
                    + " MB (+\(decimal(max(0, growth))))", toReach: "flat"),
        ]
    }

    private struct Outcome {
        let slots: Int
        let slotsPerSecond: Double
        let residentBytes: Int
    }

    /// Runs so many months from the beginning of 2016 on.
    private static func run(months: Int) throws -> Outcome {
        guard let first = Day(year: 2016, month: 1, day: 1),
            let last = Day(year: 2016 + months / 12, month: 1 + months % 12, day: 1)
        else { throw BenchError("there are no such months") }
        let clock = VirtualClock(start: MarketZone.shanghai.instant(first, TimeOfDay(0, 0)))
        let loop = EventLoop(clock: clock)
        let end = MarketZone.shanghai.instant(last, TimeOfDay(0, 0))
        var calls = 0
        let entry = StrategyEntry(initialize: { _ in
            set_options(use_account: false)
            run_daily({ _ in calls += 1 }, "every_minute", name: "every_minute")
            for number in 0..<19 {
                run_daily({ _ in calls += 1 }, "\(9 + number / 4):\(10 + number % 4)", name: "daily_\(number)")
            }
        })
        let run = StrategyRun(
            entry, RunParts.setting(folder: nil, startedAt: clock.now), loop: loop, logger: RunParts.quietLog(clock))
        guard case .ready = run.start() else { throw BenchError("the strategy of the measurement does not start") }
        loop.at(end) { run.stop() }
        let spent = milliseconds { loop.run() }
        return Outcome(
            slots: calls, slotsPerSecond: Double(calls) / spent * 1e3, residentBytes: residentBytes(of: getpid()) ?? 0)
    }
}
