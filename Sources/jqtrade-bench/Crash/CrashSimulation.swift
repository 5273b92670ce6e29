import CSupport
import FileOrders

/// Days on which programs and machines die while orders go out, by seed: engine, gate and terminal in this process, on a
/// simulated disk and a virtual clock. After each day the terminal's ledger, the order file and the task's journal must
/// tell one story. A failure is told with its seed, and comes again with it.
enum CrashSimulation {
    static let usage = "crash [--seeds N] [--first S] [--every-operation [--step N]] [--verbose]"

    /// True if every story was one.
    static func run(_ words: [String]) throws -> Bool {
        var (seeds, first, step) = (1000, 0, 1)
        var (everyOperation, verbose) = (false, false)
        var words = words[...]
        while let word = words.popFirst() {
            switch word {
            case "--seeds": seeds = try number(after: word, &words)
            case "--first": first = try number(after: word, &words)
            case "--step": step = max(try number(after: word, &words), 1)
            case "--every-operation": everyOperation = true
            case "--verbose": verbose = true
            default: throw BenchError("usage: jqtrade-bench \(usage)")
            }
        }
        return everyOperation ? try everyOperations(step, verbose) : try self.seeds(seeds, from: first, verbose)
    }

    private static func number(after word: String, _ words: inout ArraySlice<String>) throws -> Int {
        guard let number = words.popFirst().flatMap({ Int($0) }), (0...1_000_000_000).contains(number) else {
            throw BenchError("\(word) takes a whole number from 0 on")
        }
        return number
    }

    /// Random days, one a seed.
    private static func seeds(_ count: Int, from first: Int, _ verbose: Bool) throws -> Bool {
        var (deaths, orders, failures) = (0, 0, 0)
        var told = 0.0
        var spent = 0.0
        for done in 0..<count {
            let seed = UInt64(first + done)
            let day = try CrashDay(seed: seed, verbose: verbose)
            spent += milliseconds { day.run() }
            deaths += day.deaths
            orders += day.machine.ledger.orders.count
            for problem in day.problems.prefix(5) { print("seed \(seed) (\(day.story)): \(problem)") }
            if !day.problems.isEmpty { failures += 1 }
            if failures == 10 { break }
            if spent - told > 5000 {
                told = spent
                progress(done + 1, of: count, spent)
            }
        }
        progress(count, of: count, spent)
        print("\(deaths) deaths, \(orders) orders accepted, \(failures) seeds failed")
        return failures == 0
    }

    private static func progress(_ done: Int, of count: Int, _ spent: Double) {
        print("\(done) of \(count) seeds, \(decimal(Double(done) / max(spent, 1) * 1000)) seeds/s")
        fflush(nil)
    }

    /// One short scripted day, once for each operation on the disk that it takes, or for one in `step` of them, dying right before it.
    private static func everyOperations(_ step: Int, _ verbose: Bool) throws -> Bool {
        var failures = 0
        for format in [OrderFileFormat.oneQuant, .cats] {
            let whole = try CrashDay(format, dyingAt: nil, losingPower: false, verbose: verbose)
            whole.run()
            for problem in whole.problems { print("\(format.name), undisturbed: \(problem)") }
            let operations = whole.operations
            let each = step == 1 ? "each of" : "one in \(step) of"
            for operation in stride(from: 0, to: operations, by: step) {
                for losingPower in [false, true] {
                    let day = try CrashDay(format, dyingAt: operation, losingPower: losingPower, verbose: false)
                    day.run()
                    for problem in day.problems.prefix(3) {
                        print("\(format.name), operation \(operation), power lost \(losingPower): \(problem)")
                    }
                    if !day.problems.isEmpty { failures += 1 }
                }
            }
            if !whole.problems.isEmpty { failures += 1 }
            print("\(format.name): died at \(each) \(operations) operations, with and without the power")
        }
        return failures == 0
    }
}
