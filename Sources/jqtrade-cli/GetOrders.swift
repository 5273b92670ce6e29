import Accounts
import Engine
import Market
import Notation
import Tasks
import Time

/// `get_orders`: a day's orders of a task, read from its journal, whether it runs or not.
enum GetOrders {
    static let form = CommandLineForm(
        name: "get_orders", summary: "show a task's orders of a day, whether it runs or not",
        options: TaskHistory.options + [.init(long: "json", help: "print an array of objects")],
        notes: "An order whose state is unknown may or may not be with the broker: ask there before giving it again.")

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let (history, zone) = try TaskHistory.read(arguments, form)
        if arguments.has("json") {
            Console.say(JSON.list(history.orders.map { AccountRows.object($0, in: zone) }).pretty)
        } else if history.orders.isEmpty {
            Console.say("No order on that day.")
        } else {
            let head = ["TIME", "ID", "CODE", "SIDE", "AMOUNT", "PRICE", "FILLED", "AT", "STATUS", "MESSAGE"]
            Console.say(aligned([head] + history.orders.map { AccountRows.text($0, in: zone) }))
        }
        return .done
    }
}

/// `get_account`: cash and positions of a task as it last knew them.
enum GetAccount {
    static let form = CommandLineForm(
        name: "get_account", summary: "show a task's cash and positions, whether it runs or not",
        options: TaskHistory.options + [.init(long: "json", help: "print one object")])

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let (history, zone) = try TaskHistory.read(arguments, form)
        let portfolio = history.portfolio
        if arguments.has("json") {
            Console.say(AccountRows.object(portfolio, in: zone).pretty)
            return .done
        }
        let synced = portfolio.syncedAt.map { "\(zone.local($0))" } ?? "never"
        Console.say(
            "total \(portfolio.totalValue), available \(portfolio.availableCash), locked \(portfolio.lockedCash)")
        Console.say("last read: \(synced)")
        let rows = portfolio.holdings.map { holding in
            [
                holding.security.code, holding.side.rawValue, "\(holding.amount)", "\(holding.available)",
                "\(holding.cost)", "\(holding.lastPrice)", "\(holding.value)",
            ]
        }
        if rows.isEmpty { return .done }
        Console.say(aligned([["CODE", "SIDE", "AMOUNT", "AVAILABLE", "COST", "LAST", "VALUE"]] + rows))
        return .done
    }
}

/// A task's journal of a day, found by the command line's words.
enum TaskHistory {
    static let options: [CommandLineForm.Option] = [
        .init(short: "n", long: "name", value: "NAME", help: "the task's name"),
        .init(long: "date", value: "D", help: "the trading day (default: the last with orders)"),
    ]

    static func read(
        _ arguments: Arguments, _ form: CommandLineForm
    ) throws -> (history: OrderHistory, zone: MarketZone) {
        let name = try TaskName(arguments.required("name", form))
        let surroundings = try Surroundings.find()
        let schedule = try GetSchedule.recorded(name, surroundings)
        guard let folder = schedule.folder else { throw Failure(.failed, "the task \(name) remembers no orders.") }
        let days = try OrderHistory.days(taskFolder: folder, disk: surroundings.disk)
        let zone = schedule.timetable.hours.zone
        var day = days.last ?? zone.local(SystemClock().now).day
        if let text = arguments.value("date") {
            guard let asked = Day(text) else {
                throw UsageError("--date asks for a day like 2026-11-20, not \"\(text)\".")
            }
            day = asked
        }
        var options = AccountOptions()
        if try tradesOnPaper(folder, surroundings.disk) { options.reckonAsOnPaper() }
        return (try OrderHistory.read(day, taskFolder: folder, disk: surroundings.disk, options: options), zone)
    }
}
