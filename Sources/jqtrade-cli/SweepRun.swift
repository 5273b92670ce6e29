import CSupport
import Engine
import Market
import Notation
import Storage
import Tasks
import Time

/// A sweep: every combination of the parameters, each in a process of its own.
final class SweepRun {
    private let sweep: Sweep
    private let combinations: [Sweep.Combination]
    private var request: BacktestRequest
    private let tablePath: String?
    private let showsJSON: Bool
    private let progress = ProgressLine()
    private var rows: [SweepTable.Row] = []

    init(_ sweep: Sweep, _ request: BacktestRequest, table: String?, showsJSON: Bool) {
        self.sweep = sweep
        combinations = sweep.combinations
        self.request = request
        tablePath = table
        self.showsJSON = showsJSON
    }

    func run(jobs: Int, _ surroundings: Surroundings) throws -> ExitCode {
        let clock = SystemClock()
        let start = clock.elapsed
        let pool = try BacktestPool(combinations.count, keepsUnfinished: false)
        request.sharedBars = SharedBars.path(
            in: surroundings.environment["TMPDIR"] ?? "/tmp", surroundings.disk)
        defer { request.sharedBars.map { try? surroundings.disk.remove($0) } }
        pool.start = { [unowned pool, unowned self] index, loop in
            let combination = combinations[index]
            // The first run parses the bars, and the others find them parsed.
            return try BacktestChild(
                request(of: combination), environment: surroundings.environment, loop: loop,
                show: { self.progress.complain("[\(Sweep.words(combination))] \($0)") },
                hear: { if $0 == .ready, pool.atOnce < jobs { pool.atOnce = jobs } })
        }
        pool.ended = { [unowned pool, unowned self] index, ending in
            rows.append(SweepTable.Row(index: index, parameters: combinations[index], ending: ending))
            showProgress((clock.elapsed - start).seconds)
            if pool.atOnce < jobs { pool.atOnce = jobs }
        }
        pool.run()
        progress.clear()
        if pool.isInterrupted {
            Console.complain("ended early: \(rows.count) of \(combinations.count) runs are done")
        }
        tellStrays()
        return try show(isInterrupted: pool.isInterrupted, surroundings.disk)
    }

    /// Says once which parameters no run asked for: the rows differ in nothing else.
    private func tellStrays() {
        let asked = rows.compactMap { if case .result(let result) = $0.ending { result.askedParameters } else { nil } }
        guard !asked.isEmpty else { return }
        let given = request.launch.parameters.map(\.name) + sweep.axes.map(\.name)
        for stray in strayParameters(given: given, asked: asked.reduce([]) { $0.union($1) }) { Console.complain(stray) }
    }

    private func show(isInterrupted: Bool, _ disk: any FileStore) throws -> ExitCode {
        let table = SweepTable(sweep.axes.map(\.name), rows)
        Console.say(showsJSON ? table.json.pretty : table.text)
        if let tablePath {
            try OutputFile.write(table.csv, to: tablePath, disk)
            if !showsJSON { Console.say("\ntable: \(tablePath)") }
        }
        if isInterrupted { return .interrupted }
        return table.failures.isEmpty ? .done : .failed
    }

    private func request(of combination: Sweep.Combination) -> BacktestRequest {
        var request = request
        request.launch.parameters += combination
        request.trades = request.trades.map { Sweep.path($0, of: combination) }
        request.report = request.report.map { Sweep.path($0, of: combination) }
        return request
    }

    private func showProgress(_ seconds: Double) {
        let left = seconds / Double(rows.count) * Double(combinations.count - rows.count)
        let speed = fixed(Double(rows.count) / max(seconds, 1e-9), 1)
        progress.show("\(rows.count) of \(combinations.count) runs  \(speed) a second  \(duration(left)) left")
    }
}
