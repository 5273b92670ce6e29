import CSupport
import Time

/// How often a task that waits for its next slot is given the processor, supervisor and worker together.
enum IdleWakeUps {
    private static let seconds = 10.0

    static func measure(in workplace: Workplace) throws -> [Table.Row] {
        let pids = try ManyTasks.start(workplace.strategy, in: workplace).flatMap { [$0.supervisor, $0.worker] }
        pause(0.5)
        let before = pids.map(ProcessFigures.wakeUps).reduce(0, +)
        pause(seconds)
        let after = pids.map(ProcessFigures.wakeUps).reduce(0, +)
        let rate = Double(after - before) / Double(ManyTasks.count) / seconds
        return [
            .init(
                what:
                    "wake-ups of an idle task, \(ManyTasks.count) tasks over \(decimal(seconds)) s (a ping each 20 s has 3)",
                measured: "\(decimal(rate)) /s", toReach: "0 /s")
        ]
    }

    private static func pause(_ seconds: Double) {
        _ = cs_sleep_until(SystemClock().now.nanoseconds + Int64(seconds * 1e9))
    }
}
