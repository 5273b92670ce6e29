import Accounts
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
        let task = try TaskHistory(arguments, form)
        let (orders, zone, now) = (task.history.orders, task.zone, SystemClock().now)
        if arguments.has("json") {
            Console.say(JSON.list(orders.map { AccountRows.object($0, in: zone, now: now) }).pretty)
        } else if orders.isEmpty {
            Console.say("No order on that day.")
        } else {
            let head = ["TIME", "ID", "CODE", "SIDE", "AMOUNT", "PRICE", "FILLED", "AT", "STATUS", "MESSAGE"]
            Console.say(aligned([head] + orders.map { AccountRows.text($0, in: zone, now: now) }))
        }
        return .done
    }
}
