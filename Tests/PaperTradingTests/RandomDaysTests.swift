import Gates
import Market
import Simulation
import XCTest

@testable import PaperTrading

/// Random days: after every event, cash, positions and fees add up.
final class RandomDaysTests: XCTestCase {
    func testMoneyAddsUpAfterEveryEvent() {
        for seed in 0..<15 as Range<UInt64> {
            let days = RandomDays(seed: seed)
            days.run()
            XCTAssertGreaterThan(days.trades, 30, "seed \(seed)")
        }
    }

    func testTheSameDaysEndTheSame() {
        let ends = (0..<2).map { _ in
            let days = RandomDays(seed: 7)
            days.run()
            return [days.exchange.cash, days.exchange.equity, days.exchange.fees]
        }
        XCTAssertEqual(ends[0], ends[1])
    }
}

private final class RandomDays {
    let exchange: PaperExchange
    private(set) var trades = 0
    private let seed: UInt64
    private let codes: [(security: Security, price: Int64, tick: Int64)]
    private var random: SeededRandom
    private var prices: [Int64]
    private var given: [OrderID] = []
    private var now = at(9, 0)
    /// All money as the trades tell it: what was paid and taken, and how much of what is held.
    private var paid: [Security: Money] = [:]
    private var amounts: [Security: Int64] = [:]
    private var fees = Money.zero

    init(seed: UInt64) {
        self.seed = seed
        random = SeededRandom(seed: seed)
        codes = [
            (bank, 100_000, 100), (Security("688001.XSHG"), 300_000, 100), (Security("510300.XSHG"), 40_000, 10),
            (Security("113001.XSHG"), 1_100_000, 10), (Security("RB2001.XSGE"), 35_000_000, 10_000),
        ]
        prices = codes.map(\.price)
        var setting = PaperSetting()
        setting.slippage = seed % 3 == 0 ? .fixed(.zero) : .relative(millionths: 2460)
        setting.fill = seed % 2 == 0 ? .nextOpen : .thisClose
        setting.rules = seed % 5 == 4 ? .none : .aShare
        setting.tPlus = seed % 7 == 0 ? 0 : nil
        exchange = PaperExchange(setting)
        exchange.onFill = { [unowned self] in note($0) }
    }

    private func note(_ fill: PaperFill) {
        trades += 1
        let multiplier: Int64 = fill.security.exchange == .shanghaiFutures ? 10 : 1
        let signed = fill.side == .buy ? fill.amount : -fill.amount
        paid[fill.security, default: .zero] =
            paid[fill.security, default: .zero] + (fill.price.times(signed * multiplier) ?? .zero)
        amounts[fill.security, default: 0] += signed
        fees = fees + fill.fees
        XCTAssertGreaterThan(fill.amount, 0, "seed \(seed)")
    }

    func run() {
        for dayNumber in 18177...18179 as ClosedRange<Int32> {
            for minute in stride(from: 1, through: 119, by: 2) {
                now = at(9, 30, day: Day(number: dayNumber)) + .seconds(Int64(minute) * 60)
                for number in codes.indices { event(number) }
                check()
            }
            exchange.advance(to: at(16, 0, day: Day(number: dayNumber)))
            check()
        }
    }

    private func event(_ number: Int) {
        let (security, _, tick) = codes[number]
        if random.oneIn(3) { order(security, tick, prices[number]) }
        if random.oneIn(10), let id = given.randomElement(using: &random) { _ = exchange.cancel(id, now: now) }
        let open = prices[number]
        prices[number] = max(open + tick * Int64.random(in: -20...20, using: &random), tick)
        let close = prices[number]
        let number = exchange.number(of: security)
        if seed % 4 == 1 {
            let ask = MarketTick.Level(price: Money(units: close + tick), volume: .random(in: 1...900, using: &random))
            let bid = MarketTick.Level(price: Money(units: close), volume: .random(in: 1...900, using: &random))
            let isKnown = !random.oneIn(3)
            exchange.take(
                MarketTick(
                    time: now, last: Money(units: close), volume: 1, bids: isKnown ? [bid] : [],
                    asks: isKnown ? [ask] : []), of: number)
        } else {
            let bar = MarketBar(
                end: now, open: Money(units: open), high: Money(units: max(open, close) + tick * 3),
                low: Money(units: max(min(open, close) - tick * 3, tick)), close: Money(units: close),
                volume: .random(in: 0...20_000, using: &random))
            exchange.take(bar, .minute, of: number)
        }
    }

    private func order(_ security: Security, _ tick: Int64, _ price: Int64) {
        let isFuture = security.exchange == .shanghaiFutures
        let amount = isFuture ? Int64.random(in: 1...3, using: &random) : 100 * .random(in: 1...20, using: &random)
        let near = Money(units: max(price + tick * Int64.random(in: -10...10, using: &random), tick))
        let ticket = OrderTicket(
            id: "\(given.count)", security: security, side: Bool.random(using: &random) ? .buy : .sell,
            position: isFuture && random.oneIn(2) ? .short : .long, amount: amount,
            pricing: [.market, .best, .limit(near)].randomElement(using: &random) ?? .market, day: tuesday,
            createdAt: now)
        if exchange.submit(ticket, now: now) == .sent { given.append(ticket.id) } else { given.append("none") }
    }

    private func check() {
        var worth = exchange.setting.initialCash - fees
        for (security, _, _) in codes {
            let book = exchange.books[exchange.number(of: security)]
            let multiplier = book.multiplier ?? 1
            let amount = amounts[security, default: 0]
            XCTAssertEqual(book.long.amount - book.short.amount, amount, "\(security), seed \(seed)")
            worth = worth - paid[security, default: .zero] + (book.last.times(amount * multiplier) ?? .zero)
            for (position, side) in [(book.long, PositionSide.long), (book.short, .short)] {
                let closing = exchange.taken.all.filter {
                    !$0.opens && !$0.status.isFinished && $0.ticket.security == security && $0.ticket.position == side
                }
                XCTAssertEqual(position.frozen, closing.reduce(0) { $0 + $1.rest }, "seed \(seed)")
                XCTAssertLessThanOrEqual(position.frozen, position.amount, "seed \(seed)")
            }
        }
        XCTAssertEqual(exchange.equity, worth, "seed \(seed)")
        XCTAssertEqual(exchange.fees, fees, "seed \(seed)")
        let held = exchange.taken.all.map(\.frozen).reduce(.zero, +)
        XCTAssertEqual(exchange.frozen, held, "seed \(seed)")
        let margins = exchange.books.reduce(Money.zero) { $0 + $1.long.margin + $1.short.margin }
        XCTAssertEqual(exchange.margins, margins, "seed \(seed)")
        let snapshot = exchange.snapshot(now: now)
        let whole = snapshot.holdings.reduce(snapshot.availableCash + snapshot.lockedCash) { $0 + $1.value }
        XCTAssertEqual(whole, snapshot.totalValue, "seed \(seed)")
        _ = exchange.takeUpdates()
    }
}
