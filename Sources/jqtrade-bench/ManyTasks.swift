import Notation

/// What the list of 20 tasks takes, and what one idle task weighs among 20.
enum ManyTasks {
    static let count = 20

    static func measure(in workplace: Workplace) throws -> [Table.Row] {
        let tasks = try start(workplace.strategy, in: workplace)
        let list = try Samples(50) { try milliseconds { try workplace.jqtrade(["get_tasks"]) } }
        let idle = weights(of: tasks, "without an account", original: "8.2 MB")
        let stop = try milliseconds { try workplace.jqtrade(["stop_task", "--all"]) }
        let trading = try start(workplace.trader, in: workplace)
        let withAccount = weights(of: trading, "with an account on paper", toReach: "≤ 8 MB", original: "72 MB")
        try workplace.jqtrade(["stop_task", "--all"])
        return [
            .init(
                what: "get_tasks with \(count) tasks", measured: list.text(withP99: true), toReach: "≤ 15 ms",
                original: "39 ms")
        ] + idle + withAccount + [
            .init(what: "stop_task --all with \(count) tasks", measured: decimal(stop) + " ms")
        ]
    }

    private static func weights(
        of tasks: [(supervisor: Int32, worker: Int32)], _ kind: String, toReach: String = "", original: String
    ) -> [Table.Row] {
        let supervisors = tasks.map { ProcessFigures.proportionalBytes(of: $0.supervisor) }.reduce(0, +)
        let workers = tasks.map { ProcessFigures.proportionalBytes(of: $0.worker) }.reduce(0, +)
        func each(_ bytes: Int) -> String { decimal(Double(bytes) / Double(count) / 1e6) + " MB" }
        return [
            .init(
                what: "memory that one idle task adds (PSS, \(count) running), \(kind)",
                measured: each(supervisors + workers), toReach: toReach, original: original),
            .init(what: "  of that, its supervisor and its worker", measured: "\(each(supervisors)), \(each(workers))"),
        ]
    }

    /// Starts them all and gives their pids.
    static func start(
        _ strategy: String, in workplace: Workplace
    ) throws -> [(supervisor: Int32, worker: Int32)] {
        for number in 1...count {
            try workplace.jqtrade(["start_task", "--detach", "-n", "idle\(number)", "-c", strategy])
        }
        let list = try JSON(parsing: workplace.jqtrade(["get_tasks", "--json"])).list ?? []
        let pids = list.compactMap { task -> (Int32, Int32)? in
            guard let supervisor = task["supervisor_pid"]?.int, let worker = task["pid"]?.int else { return nil }
            return (Int32(truncatingIfNeeded: supervisor), Int32(truncatingIfNeeded: worker))
        }
        guard pids.count == count else { throw BenchError("of \(count) tasks only \(pids.count) run") }
        return pids
    }
}
