import Market
import Notation
import Storage
import Tasks
import Time

/// A sweep: every combination of the parameters, each in a process of its own.
final class SweepRun {
    private let sweep: Sweep
    private let combinations: [Sweep.Combination]
    private let request: BacktestRequest
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
        let pool = try BacktestPool(surroundings, keepsUnfinished: false)
        pool.run(combinations.count, atOnce: jobs) { index, loop in
            let combination = self.combinations[index]
            return try BacktestChild(
                self.request(of: combination), environment: surroundings.environment, loop: loop,
                show: { self.progress.complain("[\(Sweep.words(combination))] \($0)") }, progress: { _ in })
        } ended: { index, ending in
            self.rows.append(SweepTable.Row(index: index, parameters: self.combinations[index], ending: ending))
            self.showProgress((clock.elapsed - start).seconds)
        }
        progress.clear()
        if pool.isInterrupted {
            Console.complain("ended early: \(rows.count) of \(combinations.count) runs are done")
        }
        return try show(isInterrupted: pool.isInterrupted, surroundings.disk)
    }

    private func show(isInterrupted: Bool, _ disk: any FileStore) throws -> ExitCode {
        let table = SweepTable(sweep.axes.map(\.name), rows)
        Console.say(showsJSON ? table.json.pretty : table.text)
        if let tablePath {
            try disk.replaceFile(tablePath, with: Array(table.csv.utf8), durable: false)
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
