import CSupport
import Market
import Tasks
import Time

/// `stop_task`: asks a task to stop and waits until it is gone, or kills it with all that it started.
enum StopTask {
    static let form = CommandLineForm(
        name: "stop_task", summary: "stop a running task, or clear a failed one",
        options: [
            .init(short: "n", long: "name", value: "NAME", help: "the task's name"),
            .init(short: "p", long: "pid", value: "PID", help: "the pid of its worker or its supervisor"),
            .init(long: "all", help: "all tasks; -n and -p are ignored"),
            .init(
                short: "s", long: "signal", value: "SIGTERM|SIGKILL",
                help: "SIGTERM (default): when the current job is done; SIGKILL: at once"),
            .init(short: "f", long: "force", help: "the same as -s SIGKILL"),
            .init(long: "timeout", value: "SECONDS", help: "how long to wait until it is gone (default 30)"),
        ],
        notes: "At the timeout the stop stays requested: the task leaves when its current job is done.")

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let signal = try arguments.word("signal", of: ["SIGTERM", "SIGKILL"], default: "SIGTERM")
        let kill = signal == "SIGKILL" || arguments.has("force")
        let timeout = TimeSpan(seconds: try arguments.seconds("timeout", default: 30))
        let registry = try Surroundings.find().registry
        let tasks = try selected(arguments, registry)
        guard !tasks.isEmpty else {
            Console.complain("jqtrade stop_task: no task is running.")
            return .failed
        }
        let stop = TaskStop(registry: registry, clock: SystemClock())
        var result = ExitCode.done
        // All are asked first and waited for after, so that many tasks leave together.
        if !kill { for task in tasks { stop.ask(task) } }
        for task in tasks where try !end(task, stop, registry, kill: kill, timeout: timeout) { result = .failed }
        return result
    }

    private static func selected(_ arguments: Arguments, _ registry: TaskRegistry) throws -> [TaskRegistry.Listing] {
        if arguments.has("all") { return registry.tasks().filter(\.isAlive) }
        if let text = arguments.value("name") {
            let name = try TaskName(text)
            guard let task = registry.task(name) else {
                throw Failure(.failed, "no task is named \(name). See: jqtrade get_tasks")
            }
            return [task]
        }
        guard let text = arguments.value("pid") else { throw UsageError("stop_task needs -n NAME, -p PID or --all.") }
        guard let pid = Int32(text), pid > 0 else {
            throw UsageError("--pid asks for a process number, not \"\(text)\".")
        }
        guard let task = registry.tasks().first(where: { $0.worker?.pid == pid || $0.supervisor?.pid == pid }) else {
            throw Failure(.failed, "pid \(pid) is no task of this home, so it is left alone. See: jqtrade get_tasks")
        }
        return [task]
    }

    private static func end(
        _ task: TaskRegistry.Listing, _ stop: TaskStop, _ registry: TaskRegistry, kill: Bool, timeout: TimeSpan
    ) throws -> Bool {
        let name = task.status.name
        guard task.isAlive else {
            try registry.clear(TaskName(name))
            Console.say(
                "cleared \(name), which had failed (\(task.status.lastExit.map(headline) ?? "no reason known"))")
            return true
        }
        switch kill ? stop.forcibly(task, timeout: timeout) : stop.wait(for: task, timeout: timeout) {
        case .stopped(let pid, let span):
            Console.say("\(kill ? "killed" : "stopped") \(name) (pid \(pid)) in \(span)")
            if let open = task.status.openOrders, open > 0 {
                let place = task.status.tradesLive ? "at the broker" : "on paper"
                Console.say(
                    "\(open) \(open == 1 ? "order" : "orders") still open \(place): jqtrade get_orders -n \(name)")
            }
            return true
        case .stillThere(let busy):
            let activity = busy.map {
                "busy with \($0.activity) since \(task.status.marketZone.local($0.since).time)"
            }
            Console.complain(
                "jqtrade stop_task: \(name) is still there after \(timeout): \(activity ?? "it does not answer")."
                    + (kill ? "" : " The stop stays requested; to end it now: jqtrade stop_task -n \(name) -s SIGKILL"))
            return false
        }
    }
}
