import Engine
import Logs
import Market
import Storage
import Time

/// What a run inside this very process is put together from.
enum RunParts {
    static func setting(folder: String?, startedAt: Instant) -> StrategyRun.Setting {
        StrategyRun.Setting(
            taskName: "bench", mode: "backtest", isRestart: false, startedAt: startedAt, folder: folder, parameters: [],
            options: Options.Outside(), calendarFiles: nil, disk: SystemDisk(), bootID: SystemClock.bootID(),
            bootTime: { Instant(nanoseconds: 0) }, absolutePath: { $0 }, jobName: { _ in nil })
    }

    /// Says what goes wrong, and nothing else, as a backtest does.
    static func quietLog(_ clock: any MarketClock) -> Logger {
        Logger(task: "bench", minimum: .error, sinks: [.console(ConsoleSink(descriptor: 2))]) { clock.now }
    }
}
