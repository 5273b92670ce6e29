import Accounts
import FileOrders
import Gates
import Market
import Storage

/// What must hold of the order files and of the day's limits.
extension CrashDay {
    /// Each whole line of an order file is one order that the journal or the neighbour knows, and all of his are there.
    func fileProblems(_ name: String, _ known: [OrderID: OrderState]) throws -> [String] {
        let layout = story.format.orders
        guard let bytes = try machine.outside.readFile("\(CrashMachine.orders)/\(name)"),
            let place = layout.columns.firstIndex(where: { $0.field == .id })
        else { return [] }
        let isToday = name == layout.name(on: machine.day)
        let answered = answeredIDs
        var seen: Set<String> = []
        var headers = 0
        var problems: [String] = []
        _ = forEachLine(in: bytes) { range in
            let row = String(decoding: bytes[range], as: UTF8.self)
            if layout.hasHeader, row == layout.header {
                headers += 1
                return true
            }
            let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            if fields.count != layout.columns.count { problems.append("\(name) has the torn row \(row)") }
            if fields.first == story.format.codes.cancelInstruction { return true }
            let id = fields.count > place ? fields[place] : ""
            if !seen.insert(id).inserted { problems.append("\(name) has \(id) twice") }
            let isNeighbours = machine.neighbour?.rows[id] == row
            if known[id] == nil, !isNeighbours { problems.append("a row of \(name) is nobody's: \(row)") }
            if isToday, !answered.contains(id), !isNeighbours || story.neighbour == CrashMachine.account {
                problems.append("the terminal has not answered the row \(row)")
            }
            return true
        }
        if story.hasLocks, headers > 1 { problems.append("\(name) has \(headers) headers") }
        return problems
    }

    /// Ids that the terminal took or refused.
    private var answeredIDs: Set<OrderID> {
        let refused = machine.ledger.entries.compactMap {
            if case .refused(let id, _) = $0.event { id } else { nil }
        }
        return Set(machine.ledger.orders.map(\.id) + refused)
    }

    /// The neighbour's rows were flushed: all of them are still there, and the terminal took each once at most.
    func neighbourProblems() throws -> [String] {
        guard let neighbour = machine.neighbour else { return [] }
        var lines: Set<String> = []
        for name in Set(story.days.map(story.format.orders.name)) {
            guard let bytes = try machine.outside.readFile("\(CrashMachine.orders)/\(name)") else { continue }
            _ = forEachLine(in: bytes) { range in
                lines.insert(String(decoding: bytes[range], as: UTF8.self))
                return true
            }
        }
        var problems = neighbour.rows.values.filter { !lines.contains($0) }.map { "the row \($0) is lost" }
        let taken = machine.ledger.orders.filter { neighbour.rows[$0.id] != nil }
        if Set(taken.map(\.id)).count != taken.count { problems.append("a row of the neighbour was taken twice") }
        return problems
    }

    // MARK: Counters

    /// The day's limits hold over every restart, and no restart counts anything twice.
    func countProblems(_ orders: [OrderState], _ taken: [TerminalOrder]) -> [String] {
        var problems: [String] = []
        for day in story.days {
            let sent = orders.filter { $0.ticket.day == day && $0.isSent }
            if sent.count > story.mostOrders {
                problems.append("\(sent.count) orders of \(day) were sent, and \(story.mostOrders) may be")
            }
            let ids = Set(sent.map(\.id))
            let value = taken.filter { ids.contains($0.id) }.reduce(Money.zero) { sum, order in
                sum + order.filledValue + (order.price.times(order.open) ?? .zero)
            }
            if let most = Money(Double(story.largestValue)), value > most {
                problems.append("the orders of \(day) are worth \(value), and \(most) may be")
            }
        }
        return problems + orders.compactMap { $0.isSent ? nil : overcounted($0) }
    }

    /// Every order went out before the day's orders and cancels were as many as may be, told by the times in the files.
    /// A cancel that is not flushed may be forgotten, where the power goes or the disk refuses.
    func limitProblems(_ known: [OrderID: OrderState]) throws -> [String] {
        let format = story.format
        guard !lostPower, !isSpoiled, format.orders.column(of: .time) != nil else { return [] }
        return try story.days.compactMap { day in
            let orders = try times(of: format.orders, on: day, known)
            let cancels = try times(of: format.cancels, on: day, known)
            guard let last = orders.last else { return nil }
            let before = orders.count - 1 + cancels.filter { $0 < last }.count
            if before < story.mostOrders { return nil }
            return "an order went out on \(day) after \(before) orders and cancels, and \(story.mostOrders) may go"
        }
    }

    /// When our rows of a file were written, in order. A row tells only the time of day, and what was begun before
    /// midnight may have been written behind it: such a row begins with 1.
    private func times(
        of layout: FileLayout, on day: Day, _ known: [OrderID: OrderState]
    ) throws -> [String] {
        let path = "\(CrashMachine.orders)/\(layout.name(on: day))"
        let text = String(decoding: try machine.outside.readFile(path) ?? [], as: UTF8.self)
        let start = MarketZone.shanghai.local(story.scenes[0].start)
        let opening = start.day == day ? start.time.description.filter { $0 != ":" } : ""
        return text.split(separator: "\n").compactMap { row in
            let fields = row.split(separator: ",", maxSplits: 2)
            guard fields.count > 1, known[String(fields[1])] != nil else { return nil }
            return (fields[0] < opening ? "1" : "0") + fields[0]
        }.sorted()
    }

    /// An order that was refused for the day's orders and cancels, though fewer were ever asked for.
    private func overcounted(_ order: OrderState) -> String? {
        guard order.message.contains("max_orders_per_day"), let wish = strategy.wish(order.ticket.amount),
            let counted = order.message.split(separator: " ").first.flatMap({ Int($0) })
        else { return nil }
        if counted <= wish.askedBefore { return nil }
        return "\(counted) orders and cancels were counted, and only \(wish.askedBefore) were asked for"
    }
}
