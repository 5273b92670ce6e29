import Gates
import Market

extension BrokerTerminal {
    /// What it did and what the account holds, in a few lines for people.
    public var summary: String {
        let orders = books.orders
        let refusals = ledger.entries.filter { if case .refused = $0.event { true } else { false } }.count
        let counts = OrderStatus.allCases.compactMap { status -> String? in
            let count = orders.filter { $0.status == status }.count
            return count == 0 ? nil : "\(count) \(status)"
        }
        let account = account
        let of = counts.isEmpty ? "" : " (\(counts.joined(separator: ", ")))"
        return """
            orders taken: \(orders.count)\(of), refused: \(refusals)
            cash \(account.cash), available \(account.availableCash), positions: \(account.holdings.count), \
            in all \(account.totalValue)
            """
    }
}
