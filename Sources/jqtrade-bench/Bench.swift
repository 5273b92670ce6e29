import CSupport

/// The program: one word names a group of measurements, and each is a file of its own.
enum Bench {
    private static let usage = """
        usage: jqtrade-bench tasks|time|orders|paper|csv|engine|backtest
               jqtrade-bench crash [--seeds N] [--first S] [--every-operation] [--verbose]
               jqtrade-bench fuzz [--inputs N] [--seed S]

          tasks   how fast tasks start, answer and leave, and what an idle one weighs
          time    how late slots are, how fast virtual time passes, and what waiting costs
          orders  what an order costs, and what it costs to hear of orders and of the account
          paper   what a bar and an order cost the paper exchange
          csv     how fast bars are read from a file, and what they weigh
          engine  what a bar and an order cost in the engine alone
          backtest
                  how fast a strategy passes over history, what that weighs, and how a sweep scales
          crash   random days on which programs and the machine die: no order lost, doubled or invented
          fuzz    hostile files of a broker's terminal, N of them (1,000,000): no crash, no hang, no wrong number

        Build it as users build jqtrade: swift run -c release jqtrade-bench tasks
        Figures are of this machine as busy as it is now: take them on an idle one.
        """

    static func run(_ words: [String]) -> Int32 {
        do {
            let rest = Array(words.dropFirst())
            if words.first == "fuzz" { return try Fuzz.run(rest) }
            if words.first == "crash" { return try CrashSimulation.run(rest) ? 0 : 1 }
            switch words {
            case ["tasks"]: try tasks().print()
            case ["time"]: try time().print()
            case ["orders"]: try orders().print()
            case ["paper"]: try paper().print()
            case ["csv"]: try csv().print()
            case ["engine"]: try engine().print()
            case ["backtest"]: try backtest().print()
            case ["-h"], ["--help"]: print(usage)
            default:
                print(usage)
                return 2
            }
            return 0
        } catch {
            print("jqtrade-bench: \(error)")
            return 1
        }
    }

    private static func tasks() throws -> Table {
        let workplace = try Workplace()
        defer { workplace.remove() }
        var table = Table()
        table += try CommandTimes.measure(in: workplace)
        table += try StartTimes.measure(in: workplace)
        table += try ManyTasks.measure(in: workplace)
        table += try FlushTime.measure(in: workplace)
        return table
    }

    private static func orders() throws -> Table {
        let workplace = try Workplace()
        defer { workplace.remove() }
        var table = Table()
        table += try OrderCosts.measure(in: workplace)
        table += [try MemoryOrders.measure()]
        table += try SyncTimes.measure(in: workplace)
        return table
    }

    private static func paper() throws -> Table {
        var table = Table()
        table += try PaperSpeed.measure()
        return table
    }

    private static func engine() throws -> Table {
        var table = Table()
        table += try EnginePath.measure()
        return table
    }

    private static func csv() throws -> Table {
        let workplace = try Workplace()
        defer { workplace.remove() }
        var table = Table()
        table += try CSVSpeed.measure(in: workplace)
        return table
    }

    private static func backtest() throws -> Table {
        let workplace = try Workplace()
        defer { workplace.remove() }
        var table = Table()
        table += try BacktestSpeed.measure(in: workplace)
        table += try CSVSpeed.measure(in: workplace)
        return table
    }

    private static func time() throws -> Table {
        let workplace = try Workplace()
        defer { workplace.remove() }
        var table = Table()
        table += try VirtualSpeed.measure()
        table += try SlotLateness.measure(in: workplace)
        table += try IdleWakeUps.measure(in: workplace)
        table += try FlushTime.measure(in: workplace)
        return table
    }
}

/// A measurement that could not be taken.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
