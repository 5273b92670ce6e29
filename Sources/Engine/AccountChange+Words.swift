import Accounts
import Gates
import Logs
import Market

extension AccountChange {
    /// How much a change matters.
    var level: LogLevel {
        switch self {
        case .order(let state, _, _): state.status == .unknown || state.status == .rejected ? .warn : .info
        case .trade: .info
        case .snapshot: .debug
        case .cancelRefused, .stale, .notObeyed: .warn
        case .trouble: .error
        }
    }

    /// A change as the log tells it.
    var words: String {
        switch self {
        case .order(let state, let was, _):
            let reason = state.message.isEmpty ? "" : ": \(state.message)"
            let price = state.averagePrice.map { " at \($0)" } ?? ""
            let step = was == state.status ? "\(was)" : "\(was) → \(state.status)"
            return "order \(state.words): \(step), filled \(state.filledAmount)\(price), canceled"
                + " \(state.canceledAmount)\(reason)"
        case .trade(let trade, _):
            return "trade: order \(trade.ticket.words): \(trade.amount) at \(trade.price)"
        case .cancelRefused(let state, let reason, _):
            return "the cancel of order \(state.words) was refused: \(reason)"
        case .snapshot(let snapshot):
            return "account read: total \(snapshot.totalValue), available \(snapshot.availableCash),"
                + " \(snapshot.holdings.count) positions"
        case .stale(let reason): return "the account is stale: \(reason)"
        case .notObeyed(let update, let reason):
            return "what the broker said of order \(update.id) was not obeyed: \(reason) (\(update.place))"
        case .trouble(let sentence): return sentence
        }
    }
}

extension OrderState {
    /// `4711 buy 100 000001.XSHE`.
    var words: String { ticket.words }
}

extension OrderTicket {
    /// `4711 buy 100 000001.XSHE`.
    fileprivate var words: String { "\(id) \(side) \(amount) \(security)" }
}
