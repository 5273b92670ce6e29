import Market
import Notation
import Storage

/// The parameters that a sweep tries: `--sweep fast=5..20 --sweep slow=20..60:5`.
struct Sweep {
    /// One parameter and the values that it takes, in order.
    struct Axis: Equatable {
        let name: String
        let values: [String]

        /// Reads `fast=5..20` or `fast=0.5..2:0.25`, both ends included; the step is 1 unless it is given.
        init(_ text: String) throws(UsageError) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { throw Self.unreadable(text) }
            let halves = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let dots = halves[0].firstRange(of: ".."), let first = Self.number(halves[0][..<dots.lowerBound]),
                let last = Self.number(halves[0][dots.upperBound...]),
                let step = halves.count == 2 ? Self.number(halves[1]) : Money(units: 10_000)
            else { throw Self.unreadable(text) }
            guard step > .zero, first <= last else {
                throw UsageError("--sweep \"\(text)\" never ends: write the smaller number first, and a step above 0.")
            }
            guard (last.units - first.units) / step.units < Sweep.mostRuns else { throw Sweep.tooMany }
            name = String(parts[0])
            values = stride(from: first.units, through: last.units, by: Int64.Stride(step.units)).map {
                Money(units: $0).description
            }
        }

        /// A decimal of up to four places, which is what `Money` holds exactly.
        private static func number(_ text: Substring) -> Money? {
            guard let money = DecimalNumber(Array(text.utf8)[...])?.money, money.units.magnitude < 1 << 60 else {
                return nil
            }
            return money
        }

        private static func unreadable(_ text: String) -> UsageError {
            UsageError(
                "--sweep \"\(text)\" is not NAME=A..B or NAME=A..B:STEP, with numbers of up to four decimal places.")
        }
    }

    /// One run of a sweep: a value for each parameter.
    typealias Combination = [JSON.Member]

    static let mostRuns = 100_000
    private static let tooMany = UsageError("--sweep asks for more than \(mostRuns) runs: take larger steps.")

    let axes: [Axis]

    /// Reads the `--sweep`s; each parameter is named once, and is not fixed by `--param` besides.
    init(_ texts: [String], fixed: [String]) throws(UsageError) {
        var axes: [Axis] = []
        var runs = 1
        for text in texts {
            let axis = try Axis(text)
            if fixed.contains(axis.name) || axes.contains(where: { $0.name == axis.name }) {
                throw UsageError("--sweep \(axis.name): this parameter is given twice; give it once.")
            }
            runs *= axis.values.count
            if runs > Self.mostRuns { throw Self.tooMany }
            axes.append(axis)
        }
        self.axes = axes
    }

    /// Every combination; the last parameter changes fastest.
    var combinations: [Combination] {
        axes.reduce([[]]) { combinations, axis in
            combinations.flatMap { begun in axis.values.map { begun + [.init(axis.name, .text($0))] } }
        }
    }

    /// `fast=5 slow=20`.
    static func words(_ combination: Combination) -> String {
        combination.map { "\($0.name)=\($0.value.string ?? "")" }.joined(separator: " ")
    }

    /// The file of one run where the command names one for all: `trades.csv` → `trades.fast=5.slow=20.csv`.
    static func path(_ path: String, of combination: Combination) -> String {
        let insertion = combination.map { ".\($0.name)=\($0.value.string ?? "")" }.joined()
            .map { $0 == "/" ? "_" : $0 }
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return path + insertion }
        return path.dropLast(name[dot...].count) + String(insertion) + name[dot...]
    }
}
