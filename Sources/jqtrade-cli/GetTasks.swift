import CSupport
import Market
import Notation
import Processes
import Tasks
import Time

/// `get_tasks`: what runs, and what has failed.
enum GetTasks {
    static let form = CommandLineForm(
        name: "get_tasks", summary: "list the tasks that run, and those that have failed",
        options: [.init(long: "json", help: "print an array of objects")],
        notes: "States: starting, running, busy, stopping, backoff (waits to be restarted), failed.")

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let tasks = try Surroundings.find().registry.tasks()
        if arguments.has("json") {
            Console.say(JSON.list(tasks.map(object)).pretty)
        } else if tasks.isEmpty {
            Console.say("No task is running. Start one with: jqtrade start_task -c CODE -n NAME")
        } else {
            Console.say(table(tasks, now: SystemClock().now))
        }
        return .done
    }

    private static func object(_ task: TaskRegistry.Listing) -> JSON {
        let status = task.status
        let zone = status.marketZone
        func instant(_ instant: Instant) -> JSON { .text(zone.local(instant).iso8601) }
        func pid(_ identity: ProcessIdentity?) -> JSON { identity.map { .integer(Int64($0.pid)) } ?? .null }
        let busy = status.busy.map { busy in
            JSON.object([.init("activity", .text(busy.activity)), .init("since", instant(busy.since))])
        }
        let next = status.nextSlot.map { slot in
            JSON.object([
                .init("job", .text(slot.job)), .init("at", instant(slot.at)), .init("overdue", .bool(status.isOverdue)),
            ])
        }
        return .object([
            .init("name", .text(status.name)), .init("pid", pid(task.worker)),
            .init("supervisor_pid", pid(task.supervisor)), .init("state", .text(status.state.rawValue)),
            .init("mode", .text(status.mode)), .init("code", .text(status.code)),
            .init("out", status.out.map(JSON.text) ?? .null), .init("env", .object(status.environment)),
            .init("params", .object(status.parameters)), .init("debug", .bool(status.debug)),
            .init("started_at", instant(status.startedAt)), .init("restarts", .integer(Int64(status.restarts))),
            .init("last_exit", status.lastExit.map(JSON.text) ?? .null), .init("busy", busy ?? .null),
            .init("next_slot", next ?? .null), .init("job_errors", .integer(Int64(status.jobErrors))),
            .init("missed_slots", .integer(Int64(status.missed))),
            .init("open_orders", status.openOrders.map { .integer(Int64($0)) } ?? .null),
            .init("account_synced_at", status.syncedAt.map(instant) ?? .null),
            .init("rss_bytes", task.worker.flatMap { residentBytes(of: $0.pid) }.map { .integer(Int64($0)) } ?? .null),
        ])
    }

    private static func table(_ tasks: [TaskRegistry.Listing], now: Instant) -> String {
        var rows = [["NAME", "MODE", "PID", "STATE", "UPTIME", "RESTARTS", "NEXT SLOT", "STRATEGY"]]
        for task in tasks {
            let status = task.status
            rows.append([
                status.name, status.mode, task.worker.map { String($0.pid) } ?? "-", stateText(status, now),
                task.isAlive ? duration(now - status.startedAt) : "-", String(status.restarts), nextText(status, now),
                status.code,
            ])
        }
        return ([aligned(rows)] + tasks.compactMap(longReason)).joined(separator: "\n")
    }

    /// A reason has so many columns in the table; a longer one stands below it, too.
    private static let reasonWidth = 40

    private static func reason(_ status: TaskStatus) -> String? {
        status.state == .failed || status.state == .backoff ? status.lastExit : nil
    }

    private static func longReason(_ task: TaskRegistry.Listing) -> String? {
        guard let reason = reason(task.status), reason.count > reasonWidth || reason.contains("\n") else { return nil }
        let lines = reason.split(separator: "\n").joined(separator: "\n    ")
        return "\n\(task.status.name) \(task.status.state.rawValue):\n    \(lines)"
    }

    private static func shortened(_ reason: String) -> String {
        let line = headline(reason)
        return line.count <= reasonWidth ? line : line.prefix(reasonWidth - 1) + "…"
    }

    private static func stateText(_ status: TaskStatus, _ now: Instant) -> String {
        var text = status.state.rawValue
        switch status.state {
        case .failed, .backoff: text += reason(status).map { " (\(shortened($0)))" } ?? ""
        case .busy, .stopping, .starting:
            text += status.busy.map { " (\($0.activity), \(now - $0.since))" } ?? ""
        case .running: break
        }
        if status.jobErrors > 0 { text += ", \(status.jobErrors) error\(status.jobErrors == 1 ? "" : "s")" }
        if status.missed > 0 { text += ", \(status.missed) missed" }
        // An account on paper is always as old as what last happened in it.
        let isLive = status.tradesLive
        if let open = status.openOrders, isLive || open > 0 {
            text += ", \(open) open \(open == 1 ? "order" : "orders")"
        }
        if isLive, let synced = status.syncedAt { text += ", account \(now - synced) old" }
        return text
    }

    private static func nextText(_ status: TaskStatus, _ now: Instant) -> String {
        guard let slot = status.nextSlot else { return "-" }
        let zone = status.marketZone
        let at = zone.local(slot.at)
        let today = zone.local(now).day
        let day = at.day == today ? "" : "\(at.day) "
        return "\(day)\(at.time) \(slot.job)\(status.isOverdue ? " (overdue)" : "")"
    }

    private static func duration(_ span: TimeSpan) -> String {
        let seconds = max(0, span.nanoseconds / 1_000_000_000)
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3600: return "\(seconds / 60)m\(seconds % 60)s"
        case ..<86_400: return "\(seconds / 3600)h\(seconds / 60 % 60)m"
        default: return "\(seconds / 86_400)d\(seconds / 3600 % 24)h"
        }
    }
}
