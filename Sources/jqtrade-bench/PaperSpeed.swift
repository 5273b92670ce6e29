import Gates
import Market
import PaperTrading

/// What the paper exchange costs: a bar that concerns no order, and an order from its ticket to the account it leaves.
enum PaperSpeed {
    static func measure() throws -> [Table.Row] {
        [
            .init(
                what: "paper, a bar of a security without open orders",
                measured: "\(decimal(Samples(9, bar).median)) ns", toReach: "≤ 20 ns"),
            .init(
                what: "paper, an order: submit, fill at the next bar, updates, snapshot",
                measured: "\(decimal(Samples(9, order).median)) ns", toReach: "≤ 1000 ns"),
        ]
    }

    private static let day = Day(number: 18177)  // 2019-10-08
    private static let security = Security("000001.XSHE")

    private static func exchange() -> PaperExchange {
        var setting = PaperSetting()
        setting.initialCash = Money(units: 1_000_000_000 * 10_000)
        setting.tPlus = 0
        return PaperExchange(setting)
    }

    private static let morning = MarketZone.shanghai.instant(day, TimeOfDay(9, 31))

    /// Nanoseconds for a bar.
    private static func bar() -> Double {
        let count = 5_000_000
        let exchange = exchange()
        let number = exchange.number(of: security)
        var bar = MarketBar(
            end: morning, open: Money(units: 100_000), high: Money(units: 101_000), low: Money(units: 99_000),
            close: Money(units: 100_500), volume: 100_000)
        let spent = milliseconds {
            for turn in 0..<count {
                bar.end = bar.end + TimeSpan(nanoseconds: 100)
                bar.close = Money(units: 100_000 + Int64(turn & 255))
                exchange.advance(to: bar.end)
                exchange.take(bar, .minute, of: number)
            }
        }
        return spent * 1e6 / Double(count)
    }

    /// Nanoseconds for an order.
    private static func order() -> Double {
        let count = 200_000
        let exchange = exchange()
        let gate = PaperGate(exchange)
        let number = exchange.number(of: security)
        var now = morning
        var bar = MarketBar(
            end: now, open: Money(units: 100_000), high: Money(units: 101_000), low: Money(units: 99_000),
            close: Money(units: 100_500), volume: 1_000_000)
        exchange.take(bar, .minute, of: number)
        var told = 0
        let spent = milliseconds {
            for turn in 0..<count {
                let ticket = OrderTicket(
                    id: gate.nextID() ?? "", security: security, side: turn % 2 == 0 ? .buy : .sell, position: .long,
                    amount: 1000, pricing: .market, day: day, createdAt: now)
                _ = exchange.submit(ticket, now: now)
                now = now + TimeSpan(nanoseconds: 1000)
                bar.end = now
                exchange.take(bar, .minute, of: number)
                told += gate.updates().count
                if exchange.snapshot(now: now).holdings.isEmpty { told += 1 }
            }
        }
        return told > count ? spent * 1e6 / Double(count) : .nan
    }
}
