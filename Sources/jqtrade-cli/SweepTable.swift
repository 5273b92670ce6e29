import Notation

/// The outcome of a sweep: the runs by their return, the best first, and those that failed at the end.
struct SweepTable {
    /// One run.
    struct Row {
        /// Its place in the sweep.
        let index: Int
        let parameters: Sweep.Combination
        let ending: BacktestChild.Ending

        /// The figures by name; nil for a run that failed.
        var figures: JSON? { if case .result(let result) = ending { result.figures } else { nil } }
        /// Why it failed, on one line.
        var reason: String {
            guard case .failed(_, let reason) = ending else { return "" }
            return String(reason.prefix { $0 != "\n" })
        }
        fileprivate var gain: Double { figures?["total_return"]?.double ?? -.infinity }
    }

    /// The runs that came to figures, the best first.
    let results: [Row]
    /// The others, in the order of the sweep.
    let failures: [Row]
    private let names: [String]

    init(_ names: [String], _ rows: [Row]) {
        self.names = names
        results = rows.filter { $0.figures != nil }.sorted { ($1.gain, $0.index) < ($0.gain, $1.index) }
        failures = rows.filter { $0.figures == nil }.sorted { $0.index < $1.index }
    }

    /// The table for a person to read.
    var text: String {
        let head = names + ["return", "annual", "drawdown", "sharpe", "win rate", "fills", "final value"]
        let lines = results.map { row in
            let figures = row.figures ?? .null
            return values(row) + [
                BacktestSummary.percent(figures, "total_return", signed: true),
                BacktestSummary.percent(figures, "annual_return", signed: true),
                BacktestSummary.percent(figures, "max_drawdown"),
                figures["sharpe"]?.double.map { fixed($0, 2) } ?? "-", BacktestSummary.percent(figures, "win_rate"),
                figures["fills"]?.int.map { "\($0)" } ?? "-",
                figures["final_value"]?.double.map { fixed($0, 2) } ?? "-",
            ]
        }
        let failed = failures.map { "\(Sweep.words($0.parameters)): \($0.reason)" }
        return ([aligned([head] + lines)] + (failed.isEmpty ? [] : ["", "failed:"] + failed)).joined(separator: "\n")
    }

    /// All figures of all runs; the last column says why a run failed.
    var csv: String {
        let figureNames = results.first?.figures?.members?.map(\.name) ?? []
        var lines = [names + figureNames + ["error"]]
        for row in results { lines.append(values(row) + figureNames.map { cell(row.figures?[$0]) } + [""]) }
        for row in failures { lines.append(values(row) + figureNames.map { _ in "" } + [row.reason]) }
        return lines.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
    }

    /// An object for each run: `params`, then the figures or `error`.
    var json: JSON {
        .list(
            (results + failures).map { row in
                .object(
                    [
                        .init(
                            "params",
                            .object(ConfigFiles.settings(row.parameters.map { ($0.name, $0.value.string ?? "") })))
                    ]
                        + (row.figures?.members ?? [.init("error", .text(row.reason))]))
            })
    }

    private func values(_ row: Row) -> [String] { row.parameters.map { $0.value.string ?? "" } }

    private func cell(_ value: JSON?) -> String {
        switch value {
        case nil, .null?: ""
        case .text(let text)?: text
        case let value?: value.compact
        }
    }

    private func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"".contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
