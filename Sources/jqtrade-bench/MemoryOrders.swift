import Accounts
import CSupport
import Gates
import Market
import Storage

/// What an account itself takes for an order and its fill, as a backtest has them: nothing is written, and the gate fills
/// at once.
enum MemoryOrders {
    private static let count = 40_000

    static func measure() throws -> Table.Row {
        let times = try (0..<5).map { _ in try nanosecondsEach() / 1000 }
        return .init(
            what: "order and fill in memory, \(count) with a snapshot after each",
            measured: "\(decimal(Samples(times).median)) µs each", toReach: "≤ 2 µs")
    }

    private static func nanosecondsEach() throws -> Double {
        let gate = InstantGate()
        var options = AccountOptions()
        options.isLive = false
        options.largestOrderValue = nil
        options.largestValuePerDay = nil
        options.mostPerMinute = .max
        options.mostPerDay = .max
        options.clockTolerance = .zero
        let account = try Account.open(
            Account.Parts(gate: gate, folder: nil, disk: SystemDisk(), boot: BootID(""), options: options),
            now: gate.now)
        _ = account.sync(now: gate.now)
        var changes = 0
        let began = processorTime()
        for _ in 0..<count {
            gate.now = gate.now + .milliseconds(100)
            _ = account.submit([OrderRequest(InstantGate.security, 100, .limit(10.1))], now: gate.now)
            changes += account.sync(now: gate.now).count
        }
        let took = processorTime() - began
        guard changes == 3 * count, account.position(InstantGate.security).amount == Int64(100 * count) else {
            throw BenchError("\(changes) changes of \(count) orders were told")
        }
        return Double(took) / Double(count)
    }

    /// Of this process alone: others may be busy.
    private static func processorTime() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}

/// Fills every order at its limit when it comes.
private final class InstantGate: TradeGate {
    static let security = Security("000001.XSHE")
    private static let day = Day(number: 20_777)  // Friday 2026-11-20

    let optionNames: [String] = []
    var now = MarketZone.shanghai.instant(day, TimeOfDay(10, 0))
    private var amount: Int64 = 0
    private var news: [OrderUpdate] = []

    func setup(_ desk: GateDesk) throws {}

    func submit(_ tickets: [OrderTicket]) -> [Submission] {
        for ticket in tickets {
            amount += ticket.amount
            let value = Money(units: 101_000 * ticket.amount)
            news.append(
                OrderUpdate(id: ticket.id, news: .state(.filled), filledAmount: ticket.amount, filledValue: value))
        }
        return tickets.map { _ in .sent }
    }

    func cancel(_ ids: [OrderID]) -> [Submission] { ids.map { _ in .sent } }

    func account() -> AccountSnapshot? {
        let price = Money(units: 101_000)
        return AccountSnapshot(
            totalValue: .zero, availableCash: Money(units: 1 << 50), lockedCash: .zero,
            holdings: [
                .init(
                    security: Self.security, amount: amount, available: 0, cost: price, lastPrice: price,
                    value: price.times(amount) ?? .zero)
            ], day: Self.day, writtenAt: now, readAt: now)
    }

    func updates() -> [OrderUpdate] {
        defer { news.removeAll(keepingCapacity: true) }
        return news
    }

    func find(_ tickets: [OrderTicket]) -> [Presence] { tickets.map { _ in .absent } }
}
