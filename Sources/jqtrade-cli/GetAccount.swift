import Accounts
import Market
import Notation
import Tasks

/// `get_account`: cash and positions of a task as it last knew them.
enum GetAccount {
    static let form = CommandLineForm(
        name: "get_account", summary: "show a task's cash and positions, whether it runs or not",
        options: TaskHistory.options + [.init(long: "json", help: "print one object")],
        notes: "What was never read, or is of a gate that tells nothing of it, is not known: null with --json.")

    static func run(_ arguments: Arguments) throws -> ExitCode {
        let task = try TaskHistory(arguments, form)
        let portfolio = task.history.portfolio
        if arguments.has("json") {
            Console.say(AccountRows.object(portfolio, syncedAt: task.syncedAt, in: task.zone).pretty)
            return .done
        }
        guard let changed = portfolio.syncedAt, let synced = task.syncedAt else {
            Console.say(
                "cash and positions are not known: the account was never read, or its gate tells nothing of them")
            return .done
        }
        Console.say(
            "total \(portfolio.totalValue), available \(portfolio.availableCash), locked \(portfolio.lockedCash)")
        let since = synced == changed ? "" : ", unchanged since \(task.zone.local(changed))"
        Console.say("last read: \(task.zone.local(synced))\(since)")
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
