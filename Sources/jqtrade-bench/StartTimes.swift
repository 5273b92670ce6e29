import CSupport

/// From `start_task` to the strategy's first words, to READY, and from SIGTERM to gone.
enum StartTimes {
    static func measure(in workplace: Workplace) throws -> [Table.Row] {
        var number = 0
        let compiled = try Samples(5) {
            number += 1
            let code = "compiled\(number).swift"
            try workplace.write(code, try sourceText(workplace) + "\n// \(number)\n")
            return try start(workplace, code: workplace.folder + "/" + code).first
        }
        _ = try start(workplace, code: workplace.strategy)
        let cached = try (0..<40).map { _ in try start(workplace, code: workplace.strategy) }
        _ = try start(workplace, code: workplace.trader)
        let trading = try (0..<40).map { _ in try start(workplace, code: workplace.trader) }
        return [
            .init(
                what: "start_task → first line of process_initialize, cached",
                measured: Samples(cached.map(\.first)).text(withP99: true), toReach: "≤ 30 ms", original: "43 ms"),
            .init(
                what: "start_task → first line, with the compile", measured: compiled.text(), toReach: "≤ 1000 ms"),
            .init(
                what: "start_task → READY, without an account",
                measured: Samples(cached.map(\.ready)).text(withP99: true)),
            .init(
                what: "start_task → READY, with an account on paper",
                measured: Samples(trading.map(\.ready)).text(withP99: true), toReach: "≤ 60 ms",
                original: "244 ms"),
            .init(
                what: "SIGTERM → gone, idle, without an account",
                measured: Samples(cached.map(\.stop)).text(withP99: true), toReach: "≤ 8 ms", original: "8.8 ms"),
            .init(
                what: "SIGTERM → gone, idle, with an account on paper",
                measured: Samples(trading.map(\.stop)).text(withP99: true), toReach: "≤ 8 ms"),
        ]
    }

    private static func sourceText(_ workplace: Workplace) throws -> String {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let length = cs_read_file(workplace.strategy, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, length)), as: UTF8.self)
    }

    private static func start(_ workplace: Workplace, code: String) throws -> (
        first: Double, ready: Double, stop: Double
    ) {
        let began = stopwatch()
        let task = try workplace.startTask("start", code: code)
        try task.wait(for: "process_initialize run.")
        let first = stopwatch()
        try task.wait(for: "ready; next:")
        let ready = stopwatch()
        // The worker has said that it is ready to the log; a moment later its supervisor knows it, too.
        _ = try workplace.jqtrade(["get_tasks"])
        let stop = milliseconds { task.stop() }
        return (Double(first - began) / 1e6, Double(ready - began) / 1e6, stop)
    }
}
