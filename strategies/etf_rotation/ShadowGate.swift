import Foundation
import JQTrade

/// A gate of one's own: a shadow account. Orders are written down in `shadow.csv` in the task's folder and count as filled
/// at their limit; nothing leaves this machine. It shows what a strategy would hold, day after day.
///
/// 影子账户: 只记账, 不下单.
final class ShadowGate: TradeGate {
    let optionNames = ["shadow_cash"]
    private var desk: GateDesk?
    private var file = ""
    private var book: [Entry] = []
    private var startCash = Money.zero
    /// Orders whose fills are still to be told.
    private var news: [OrderID] = []

    struct Problem: Error, CustomStringConvertible { let description: String }

    /// An order as a line of the file: `id,2024-01-02,buy,510300.XSHG,1000,3.5`.
    struct Entry {
        var id, day, side, code: String
        var amount: Int64
        var price: Money

        var line: String { "\(id),\(day),\(side),\(code),\(amount),\(price)\n" }
        var value: Money { price.times(amount) ?? .zero }
    }

    func setup(_ desk: GateDesk) throws {
        guard let cash = desk.options["shadow_cash"]?.double.flatMap(Money.init) else {
            throw Problem(description: "shadow_cash is missing: how much money the shadow account begins with")
        }
        self.desk = desk
        startCash = cash
        file = desk.folder + "/shadow.csv"
        guard FileManager.default.fileExists(atPath: file) else { return }
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
            guard let entry = Entry(line) else { throw Problem(description: "\(file): cannot read \"\(line)\"") }
            book.append(entry)
        }
    }

    /// Orders of an earlier run: what became of them is told once more.
    func adopt(_ tickets: [OrderTicket]) { news += tickets.map(\.id) }

    func submit(_ tickets: [OrderTicket]) -> [Submission] { tickets.map(submit) }

    private func submit(_ ticket: OrderTicket) -> Submission {
        guard case .limit(let price) = ticket.pricing, ticket.position == .long else {
            return .refused("the shadow account takes limit orders of long positions only")
        }
        let entry = Entry(
            id: ticket.id, day: "\(ticket.day)", side: ticket.side.rawValue, code: ticket.security.code,
            amount: ticket.amount, price: price)
        guard let file = fopen(file, "a") else { return .refused("\(file) cannot be opened") }
        let isWritten = fputs(entry.line, file) >= 0 && fflush(file) == 0 && fsync(fileno(file)) == 0
        guard fclose(file) == 0, isWritten else { return .unknown("\(self.file) was perhaps not written") }
        book.append(entry)
        news.append(ticket.id)
        return .sent
    }

    func cancel(_ ids: [OrderID]) -> [Submission] { ids.map { _ in .refused("it is filled already") } }

    func updates() -> [OrderUpdate] {
        defer { news = [] }
        return book.filter { news.contains($0.id) }.map {
            OrderUpdate(
                id: $0.id, news: .state(.filled), filledAmount: $0.amount, averagePrice: $0.price,
                filledValue: $0.value,
                commission: .zero,
                source: "shadow.csv")
        }
    }

    func find(_ tickets: [OrderTicket]) -> [Presence] {
        tickets.map { ticket in book.contains { $0.id == ticket.id } ? .found : .absent }
    }

    /// Cash and positions follow from the book, without the fills that are still to be told: what the account hears of a
    /// fill it adds by itself. A fund is worth what it was last traded at.
    func account() -> AccountSnapshot? {
        guard let desk else { return nil }
        var cash = startCash
        var holdings: [String: AccountSnapshot.Holding] = [:]
        for entry in book where !news.contains(entry.id) {
            let isBuy = entry.side == "buy"
            var holding = holdings[entry.code] ?? .none(of: entry.code)
            cash = isBuy ? cash - entry.value : cash + entry.value
            holding.amount += isBuy ? entry.amount : -entry.amount
            // T+1: 当天买入的不能卖
            if !isBuy || entry.day != "\(desk.day())" { holding.available += isBuy ? entry.amount : -entry.amount }
            holding.cost = isBuy ? entry.price : holding.cost
            holding.lastPrice = entry.price
            holding.value = entry.price.times(holding.amount) ?? .zero
            holdings[entry.code] = holding
        }
        let held = holdings.values.filter { $0.amount > 0 }
        return AccountSnapshot(
            totalValue: held.reduce(cash) { $0 + $1.value }, availableCash: cash, lockedCash: .zero,
            holdings: held.sorted { $0.security < $1.security }, day: desk.day(), writtenAt: desk.now(),
            readAt: desk.now())
    }
}

extension ShadowGate.Entry {
    init?(_ line: Substring) {
        let words = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 6, let amount = Int64(words[4]), let price = Double(words[5]).flatMap(Money.init) else {
            return nil
        }
        self.init(id: words[0], day: words[1], side: words[2], code: words[3], amount: amount, price: price)
    }
}

extension AccountSnapshot.Holding {
    static func none(of code: String) -> Self {
        Self(security: Security(code), amount: 0, available: 0, cost: .zero, lastPrice: .zero, value: .zero)
    }
}
