import Gates
import Market
import XCTest

@testable import PaperTrading

let bank = Security("000001.XSHE")
let steel = Security("600019.XSHG")
let tuesday = Day(number: 18177)  // 2019-10-08

func at(_ hour: Int, _ minute: Int, _ second: Int = 0, day: Day = tuesday) -> Instant {
    MarketZone.shanghai.instant(day, TimeOfDay(hour, minute, second))
}

func yuan(_ amount: Double) -> Money { Money(amount) ?? .zero }

/// An exchange, and short words for what happens on it.
final class Floor {
    let exchange: PaperExchange
    private(set) var fills: [PaperFill] = []
    private var lastID = 0

    init(_ change: (inout PaperSetting) -> Void = { _ in }) {
        var setting = PaperSetting()
        setting.initialCash = yuan(100_000)
        change(&setting)
        exchange = PaperExchange(setting)
        exchange.onFill = { [unowned self] in fills.append($0) }
    }

    func bar(
        _ end: Instant, _ open: Double, _ high: Double, _ low: Double, _ close: Double, volume: Int64 = 1_000_000,
        of security: Security = bank, unit: BarUnit = .minute
    ) {
        let bar = MarketBar(
            end: end, open: yuan(open), high: yuan(high), low: yuan(low), close: yuan(close), volume: volume)
        exchange.take(bar, unit, of: exchange.number(of: security))
    }

    /// A bar at one price.
    func flat(_ end: Instant, _ price: Double, volume: Int64 = 1_000_000, of security: Security = bank) {
        bar(end, price, price, price, price, volume: volume, of: security)
    }

    func tick(
        _ time: Instant, _ last: Double, volume: Int64 = 1000, bids: [(Double, Int64)] = [],
        asks: [(Double, Int64)] = [], of security: Security = bank
    ) {
        let level = { (level: (Double, Int64)) in MarketTick.Level(price: yuan(level.0), volume: level.1) }
        let tick = MarketTick(
            time: time, last: yuan(last), volume: volume, bids: bids.map(level), asks: asks.map(level))
        exchange.take(tick, of: exchange.number(of: security))
    }

    func facts(preClose: Double, isPaused: Bool = false, of security: Security = bank) {
        let facts = DayFacts(day: tuesday, preClose: yuan(preClose), isPaused: isPaused)
        exchange.take(facts, of: exchange.number(of: security))
    }

    /// Gives an order and returns its id; a negative amount closes.
    @discardableResult
    func order(
        _ amount: Int64, _ now: Instant, _ pricing: Pricing = .market, side: PositionSide = .long,
        of security: Security = bank, file: StaticString = #filePath, line: UInt = #line
    ) -> OrderID {
        let ticket = ticket(security, amount, pricing, side: side, now)
        XCTAssertEqual(exchange.submit(ticket, now: now), .sent, file: file, line: line)
        return ticket.id
    }

    /// Why an order is refused; nil if it is not.
    func refusal(
        _ amount: Int64, _ now: Instant, _ pricing: Pricing = .market, side: PositionSide = .long,
        of security: Security = bank
    ) -> String? {
        switch exchange.submit(ticket(security, amount, pricing, side: side, now), now: now) {
        case .refused(let reason): reason
        case .sent, .unknown: nil
        }
    }

    func ticket(
        _ security: Security, _ amount: Int64, _ pricing: Pricing, side: PositionSide, _ now: Instant
    ) -> OrderTicket {
        lastID += 1
        return OrderTicket(
            id: "\(lastID)", security: security, side: (amount > 0) == (side == .long) ? .buy : .sell, position: side,
            amount: abs(amount), pricing: pricing, day: MarketHours().tradingDay(at: now), createdAt: now)
    }

    /// The last update of each order since the last call.
    func updates() -> [OrderID: OrderUpdate] {
        Dictionary(exchange.takeUpdates().map { ($0.id, $0) }) { _, last in last }
    }

    func status(_ id: OrderID) -> OrderStatus? {
        guard case .state(let status) = updates()[id]?.news else { return nil }
        return status
    }

    /// The trades so far: `100 @ 10.5`.
    var trades: [String] { fills.map { "\($0.side == .buy ? "" : "-")\($0.amount) @ \($0.price)" } }

    func holding(_ now: Instant, of security: Security = bank) -> AccountSnapshot.Holding? {
        exchange.snapshot(now: now).holdings.first { $0.security == security }
    }
}

extension Pricing {
    static func at(_ price: Double) -> Pricing { .limit(yuan(price)) }
}
