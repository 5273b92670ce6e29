import Accounts
import Engine
import Market
import Storage
import Tasks
import Time

/// A task's journal of a day, found by the command line's words.
struct TaskHistory {
    static let options: [CommandLineForm.Option] = [
        .init(short: "n", long: "name", value: "NAME", help: "the task's name"),
        .init(long: "date", value: "D", help: "the trading day (default: the last with orders)"),
    ]

    let history: OrderHistory
    let zone: MarketZone
    /// When the account was last read, as far as that can be known: the journal tells when it last held something else,
    /// and of a task that runs, its status tells more.
    let syncedAt: Instant?

    init(_ arguments: Arguments, _ form: CommandLineForm) throws {
        let name = try TaskName(arguments.required("name", form))
        let surroundings = try Surroundings.find()
        guard let schedule = try GetSchedule.found(name, surroundings) else {
            throw Failure(
                .failed,
                "the task \(name) has no orders and no account: it has never been READY. See: jqtrade get_tasks")
        }
        guard let folder = schedule.folder else { throw Failure(.failed, "the task \(name) remembers no orders.") }
        let days = try OrderHistory.days(taskFolder: folder, disk: surroundings.disk)
        zone = schedule.timetable.hours.zone
        let newest = days.last ?? zone.local(SystemClock().now).day
        var day = newest
        if let text = arguments.value("date") {
            guard let asked = Day(text) else {
                throw UsageError("--date asks for a day like 2026-11-20, not \"\(text)\".")
            }
            day = asked
        }
        var options = AccountOptions()
        if try tradesOnPaper(folder, surroundings.disk) { options.reckonAsOnPaper() }
        history = try OrderHistory.read(day, taskFolder: folder, disk: surroundings.disk, options: options)
        let recorded = history.portfolio.syncedAt
        let running =
            day >= newest ? surroundings.registry.task(name).flatMap { $0.isAlive ? $0.status.syncedAt : nil } : nil
        syncedAt = recorded.map { max($0, running ?? $0) }
    }
}
