import CSupport
import Engine
import JQTrade
import Logs
import Market
import Storage
import Time

/// How late slots run: 30 seconds with a slot each, their memory on the real disk; first by the engine in this process,
/// then by a real worker, while this process runs a bare loop of `clock_nanosleep` on the half seconds.
enum SlotLateness {
    static let count = 30

    static func measure(in workplace: Workplace) throws -> [Table.Row] {
        let engine = try engineLateness(in: workplace)
        let (worker, bare) = try workerLateness(in: workplace)
        return [
            .init(
                what: "lateness of a slot, engine in this process (\(count) seconds)",
                measured: engine.text(withP99: true), toReach: "≤ 0.2 ms (p99 1.0)", original: "1.8 ms (p99 6.8)"),
            .init(
                what: "  a bare clock_nanosleep loop, in this process",
                measured: bare.text(withP99: true)),
            .init(
                what: "lateness of a slot in a real worker (\(count) seconds)", measured: worker.text(withP99: true),
                toReach: "≤ 0.2 ms (p99 1.0)", original: "1.8 ms (p99 6.8)"),
        ]
    }

    /// The engine as a worker runs it: the clock of the machine, a journal on the disk, a log in a file.
    private static func engineLateness(in workplace: Workplace) throws -> Samples {
        let clock = SystemClock()
        let loop = EventLoop(clock: clock)
        let log = FileSink(path: workplace.folder + "/lateness.log")
        let logger = Logger(task: "bench", sinks: [.file(log)]) { clock.now }
        var lateness: [Double] = []
        let start = MarketZone.shanghai.local(clock.now)
        let entry = StrategyEntry(initialize: { _ in
            set_options(use_account: false, calendar: "every_day")
            for time in nextSeconds(after: start) {
                run_daily({ lateness.append(Double($0.current_dt.nanosecond) / 1e6) }, time, name: "at_\(time)")
            }
        })
        let setting = RunParts.setting(folder: workplace.folder + "/lateness", startedAt: clock.now)
        let run = StrategyRun(entry, setting, loop: loop, logger: logger)
        guard case .ready = run.start() else { throw BenchError("the strategy of the measurement does not start") }
        loop.after(.milliseconds(Int64(count) * 1000 + 1500)) { run.stop() }
        loop.run()
        guard lateness.count == count else { throw BenchError("only \(lateness.count) of \(count) slots ran") }
        return Samples(lateness)
    }

    /// The same seconds by the real program, as the strategy itself sees them.
    private static func workerLateness(in workplace: Workplace) throws -> (worker: Samples, bare: Samples) {
        try workplace.write(
            "lateness.swift",
            """
            import JQTrade

            func process_initialize(_ context: Context) {
                set_options(use_account: false, calendar: "every_day")
                for second in 2..<\(count + 2) {
                    let time = (Int(context.current_dt.time.seconds) + second) % 86_400
                    run_daily(tell, "\\(time / 3600):\\(two(time / 60 % 60)):\\(two(time % 60))")
                }
            }

            func two(_ number: Int) -> String { number < 10 ? "0\\(number)" : "\\(number)" }
            var told = 0
            func tell(_ context: Context) {
                let late = context.current_dt.nanosecond
                told += 1
                log.info("late \\(late)\\(told == \(count) ? " and done" : "")")
            }
            """)
        let task = try workplace.startTask("lateness", code: workplace.folder + "/lateness.swift")
        let bare = bareLateness()
        let log = try task.wait(for: " and done")
        task.stop()
        let words = log.split(whereSeparator: \.isWhitespace)
        let values = zip(words, words.dropFirst()).filter { $0.0 == "late" }.compactMap { Double($0.1) }
        return (Samples(values.map { $0 / 1e6 }), bare)
    }

    private static func bareLateness() -> Samples {
        let first = (SystemClock().now.nanoseconds / 1_000_000_000 + 2) * 1_000_000_000 + 500_000_000
        return Samples(
            (0..<Int64(count)).map { second in
                let due = first + second * 1_000_000_000
                return Double(cs_sleep_until(due) - due) / 1e6
            })
    }

    /// The market times of the seconds to come, the first two seconds from now.
    private static func nextSeconds(after start: MarketTime) -> [String] {
        (2..<count + 2).map { TimeOfDay(seconds: (start.time.seconds + Int32($0)) % 86_400).description }
    }
}
