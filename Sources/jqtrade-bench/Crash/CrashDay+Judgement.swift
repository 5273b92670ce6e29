import Accounts
import FileOrders
import Gates
import JQTrade
import Market
import Storage

/// What must hold of ledger, order files and journals, seen by somebody who only reads.
extension CrashDay {
    /// All that is wrong. At rest everybody has heard of everything; before that the task may lag behind.
    func judge(atRest: Bool) -> [String] {
        let neighbours = machine.neighbour?.rows ?? [:]
        let taken = machine.ledger.orders.filter { neighbours[$0.id] == nil }
        var problems = ledgerProblems(taken)
        do {
            let histories = try story.days.map {
                try OrderHistory.read($0, taskFolder: CrashMachine.folder, disk: machine.outside)
            }
            let orders = histories.flatMap(\.orders)
            let known = Dictionary(orders.map { ($0.id, $0) }) { first, _ in first }
            if known.count != orders.count { problems.append("the journals have an id twice") }
            problems += taken.flatMap { journalProblems(of: $0, known[$0.id], atRest: atRest) }
            problems += answerProblems(known)
            problems += countProblems(orders, taken)
            if atRest {
                problems += restProblems(orders, histories.flatMap(\.trades), taken)
                for name in Set(story.days.map(story.format.orders.name)) {
                    problems += try fileProblems(name, known)
                }
                problems += try neighbourProblems() + limitProblems(known)
            }
        } catch {
            problems.append("\(error)")
        }
        return problems
    }

    /// The ledger by itself: each order was asked for, once, and not refused.
    private func ledgerProblems(_ taken: [TerminalOrder]) -> [String] {
        var (ids, amounts, causes): (Set<OrderID>, Set<Int64>, Set<String>) = ([], [], [])
        return taken.flatMap { order -> [String] in
            var problems: [String] = []
            let what =
                "the ledger's order \(order.id) (\(order.side) \(order.amount) \(order.security) at \(order.price))"
            if !ids.insert(order.id).inserted { problems.append("\(what) is there twice") }
            if !amounts.insert(order.amount).inserted { problems.append("\(what) was sent again under another id") }
            guard let wish = strategy.wish(order.amount) else { return problems + ["\(what) was never asked for"] }
            if Security(wish.code) != order.security || (wish.amount > 0) != (order.side == .buy)
                || Money(wish.price) != order.price
            {
                problems.append("\(what) was asked for as \(wish)")
            }
            if let cause = wish.cause, !causes.insert(cause).inserted {
                problems.append("\(what) answers the fill \(cause), which was answered before")
            }
            switch wish.answer {
            case .refused: problems.append("\(what) is one that the strategy was told is refused")
            case .given(let id) where id != order.id: problems.append("\(what) was given as \(id)")
            case .given, .none: break
            }
            return problems
        }
    }

    private func journalProblems(of order: TerminalOrder, _ state: OrderState?, atRest: Bool) -> [String] {
        guard let state else { return ["\(order.id) is in the ledger, and the journal does not know it"] }
        let ticket = state.ticket
        let what = "\(order.id) is \(state.status) \(state.filledAmount) in the journal (\(state.message))"
        let truth = "\(order.status) \(order.filled) in the ledger"
        if ticket.amount != order.amount || ticket.security != order.security || ticket.side != order.side {
            return ["\(what), and another order in the ledger"]
        }
        if !state.isSent || state.status == .rejected && order.status != .rejected { return ["\(what), and \(truth)"] }
        if state.filledAmount > order.filled { return ["\(what), and only \(order.filled) filled in the ledger"] }
        guard atRest else {
            // What is said to have ended with its day may have been filled, or may still lie in the folder.
            let hasEnded = state.status.isFinished && ticket.day == machine.day
            return hasEnded && (state.filledAmount != order.filled || !order.isFinished)
                ? ["\(what), and \(truth)"] : []
        }
        // What was open on a day that is over was canceled by nobody, and is canceled nevertheless.
        let isOver = order.day < machine.day
        let agrees = order.isFinished || !isOver ? state.status == order.status : state.status.isFinished
        return agrees && state.filledAmount == order.filled ? [] : ["\(what) at rest, and \(truth)"]
    }

    /// What the strategy was told is what the journal says.
    private func answerProblems(_ known: [OrderID: OrderState]) -> [String] {
        strategy.wishes.compactMap { wish in
            guard case .given(let id) = wish.answer else { return nil }
            guard let state = known[id] else { return "\(id) was given, and the journal does not know it" }
            return state.ticket.amount == abs(Int64(wish.amount)) ? nil : "\(id) is another order in the journal"
        }
    }

    /// In the end an order that the broker does not have is refused or in doubt, or its day is over; none just waits.
    private func restProblems(
        _ orders: [OrderState], _ trades: [Accounts.Trade], _ taken: [TerminalOrder]
    ) -> [String] {
        let ids = Set(taken.map(\.id))
        let lost = orders.filter {
            let isOver = $0.ticket.day < machine.day && $0.status == .canceled
            return $0.isSent && !ids.contains($0.id) && $0.status != .rejected && $0.status != .unknown && !isOver
        }
        var problems = lost.map { "\($0.id) is \($0.status) at rest, and the broker never took it" }
        for order in taken {
            let filled = trades.filter { $0.ticket.id == order.id }.reduce(0) { $0 + $1.amount }
            if filled != order.filled { problems.append("the trades of \(order.id) are \(filled) of \(order.filled)") }
        }
        return problems
    }

    /// The strategy sees what the broker has.
    func judgeAccount() -> [String] {
        guard let run = machine.run, story.format.assets != nil else { return [] }
        let portfolio = Context(run).portfolio
        let truth = machine.terminal.account
        var problems: [String] = []
        for code in CrashStrategy.codes {
            let held = truth.holdings[Security(code)]
            let seen = portfolio.positions[code]
            if Int64(seen.total_amount) != held?.amount {
                problems.append("\(code): \(seen.total_amount) seen, and the broker has \(held?.amount ?? 0)")
            }
            if Int64(seen.available_amount) > held?.available ?? 0 {
                problems.append("\(code): \(seen.available_amount) may be sold, says the task; \(held?.available ?? 0)")
            }
        }
        if portfolio.available_cash > truth.availableCash.yuan + 0.01 {
            problems.append("cash: \(portfolio.available_cash) seen, and \(truth.availableCash) there")
        }
        return problems
    }
}
