import JQTrade
import Market
import Simulation
import TestSupport
import XCTest

@testable import Engine

/// What a strategy sees of its account on paper is what the exchange reckons, at every moment.
final class PortfolioTests: XCTestCase {
    private let codes = ["000001.XSHE", "RB2701.XSGE", "IF2701.CCFX", "NI2701.XSGE"]
    private let prices = [10.0, 3500, 3500, 120_000]
    private let days = ["2026-11-19", "2026-11-20", "2026-11-23"]

    private func at(_ time: String, _ day: String) -> Instant { shanghai("\(day) \(time)") }

    /// Bars of an hour's minutes on each day, each code's price going its own way.
    private func bars(_ random: inout SeededRandom) -> [String: [MarketBar]] {
        var bars: [String: [MarketBar]] = [:]
        for (code, start) in zip(codes, prices) {
            var price = start
            let step = start / 1000
            for day in days {
                for minute in 0..<60 as Range<Int64> {
                    let open = price
                    price += step * Double(Int.random(in: -3...3, using: &random))
                    bars[code, default: []].append(
                        bar(at("09:31", day) + .seconds(minute * 60), price, open: open))
                }
            }
        }
        return bars
    }

    func testTheTotalIsTheExchangesEquityOnRandomDays() throws {
        for seed in 0..<6 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let machine = try Machine(at("09:20", days[0]), listening: seed % 2 == 0)
            machine.feed = ScriptedFeed(.minute, bars: bars(&random))
            machine.mode = seed % 3 == 0 ? "backtest" : "paper"
            var looks = 0
            func look(_ context: Context) {
                looks += 1
                let seen = context.portfolio
                guard let account = machine.run?.exchange?.snapshot(now: machine.clock.now) else {
                    return XCTFail("no account")
                }
                XCTAssertEqual(seen.total_value, account.totalValue.yuan, "seed \(seed)")
                XCTAssertEqual(seen.available_cash, max(account.availableCash.yuan, 0), "seed \(seed)")
                XCTAssertEqual(seen.locked_cash, account.lockedCash.yuan, "seed \(seed)")
                XCTAssertEqual(
                    seen.position_value, account.holdings.reduce(Money.zero) { $0 + $1.value }.yuan, "seed \(seed)")
            }
            func trade(_ bar: Bar) {
                guard Int.random(in: 0..<4, using: &random) == 0 else { return }
                let isShare = bar.code == codes[0]
                let size = (isShare ? 100 : 1) * Int.random(in: 1...3, using: &random)
                let style = Bool.random(using: &random) ? MarketOrderStyle() : LimitOrderStyle(bar.close)
                order(
                    bar.code, Bool.random(using: &random) ? size : -size, style,
                    side: isShare || Bool.random(using: &random) ? .long : .short)
            }
            let strategy = StrategyEntry(
                initialize: { context in
                    set_options(initial_cash: 2_000_000)
                    for code in self.codes {
                        subscribe(code, "1m") { bar in
                            look(context)
                            trade(bar)
                            look(context)
                        }
                    }
                    for time in ["9:25", "9:40:30", "10:15", "close", "close+10m"] {
                        run_daily({ look($0) }, time, name: "look \(time)")
                    }
                }, onOrder: { context, _ in look(context) })
            XCTAssertEqual(machine.start(strategy), .ready)
            machine.pass(until: at("18:00", days[2]))
            XCTAssertEqual(machine.counts.jobErrors, 0)
            XCTAssertGreaterThan(looks, 1000)
            XCTAssertNotEqual(machine.run?.exchange?.fees, .zero)
        }
    }

    func testAContractCountsWithItsMarginAndWhatItHasEarned() throws {
        let machine = try Machine(at("09:20", days[0]))
        let code = "IF2701.CCFX"
        machine.feed = ScriptedFeed(
            .minute,
            bars: [
                code: [3500, 3500, 3400, 3400].enumerated().map {
                    bar(at("09:31", days[0]) + .seconds(Int64($0.offset) * 60), $0.element)
                }
            ])
        var seen: [[Double]] = []
        machine.start { context in
            set_order_cost(open_tax: 0, close_tax: 0, open_commission: 0, close_commission: 0, min_commission: 0)
            subscribe(code, "1m") { bar in
                let portfolio = context.portfolio
                let position = portfolio.long_positions[code]
                seen.append([
                    portfolio.total_value, portfolio.available_cash, portfolio.position_value, position.position_value,
                ])
                if bar.datetime.minute == 31 { order(code, 1) }
            }
        }
        machine.pass(until: at("09:34", days[0]))
        // 300 × 3500 with 12 % of margin; a fall of 100 takes 30,000.
        XCTAssertEqual(
            seen,
            [
                [1_000_000, 1_000_000, 0, 0], [1_000_000, 874_000, 126_000, 126_000],
                [970_000, 874_000, 96_000, 96_000], [970_000, 874_000, 96_000, 96_000],
            ])
    }

    func testATradeTellsThePriceOfAContractAndNotItsValue() throws {
        let machine = try Machine(at("09:20", days[0]))
        let code = "RB2701.XSGE"
        machine.feed = ScriptedFeed(
            .minute,
            bars: [
                code: [3800, 3800, 3801].enumerated().map {
                    bar(
                        at("09:31", days[0]) + .seconds(Int64($0.offset) * 60), $0.element,
                        volume: $0.offset == 1 ? 12 : 100)
                }
            ])
        var told: [String] = []
        let strategy = StrategyEntry(
            initialize: { context in
                subscribe(code, "1m") { bar in if bar.datetime.minute == 31 { order(code, 10) } }
                run_daily({ _ in told += get_trades().map { "\($0.amount) at \($0.price)" } }, "9:40", name: "look")
            },
            onOrder: { _, order in
                if order.filled_amount > 0 { told.append("\(order.avg_price) \(order.deal_balance)") }
            },
            onTrade: { _, trade in told.append("\(trade.amount) at \(trade.price)") })
        XCTAssertEqual(machine.start(strategy), .ready)
        machine.pass(until: at("09:45", days[0]))
        // A quarter of 12 are 3, and what is left follows a minute later.
        XCTAssertEqual(
            told,
            [
                "3800.0 114000.0", "3 at 3800.0", "3800.7 380070.0", "7 at 3801.0", "3 at 3800.0", "7 at 3801.0",
            ])
        XCTAssertTrue(machine.log.contains { $0.hasSuffix("3 at 3800") }, "\(machine.log)")
    }

    func testAValueOfFuturesIsTheirMargin() throws {
        let machine = try Machine(at("09:20", days[0]))
        let (steel, own) = ("RB2701.XSGE", "ZZ2701.XSGE")
        try machine.put(
            #"{"futures": {"ZZ.XSGE": {"multiplier": 5, "tick": 1, "margin": 0.2}}}"#, "/home/rules.json")
        machine.feed = ScriptedFeed(
            .minute,
            bars: [steel, own].reduce(into: [:]) { bars, code in
                bars[code] = (31...35).map { bar(at("09:\($0)", days[0]), 4000) }
            })
        var held: [Int] = []
        machine.start { context in
            subscribe(steel, "1m") { bar in
                switch bar.datetime.minute {
                case 31:
                    order_value(steel, 99_999)  // 4000 × 10 × 10 % = 4000 a contract
                    order_value(own, 99_999, side: .short)  // 4000 × 5 × 20 %
                case 32: order_target_value(steel, 50_000)
                case 33: order_value(steel, -8000)
                default: held.append(context.portfolio.long_positions[steel].total_amount)
                }
                held.append(context.portfolio.long_positions[steel].total_amount)
            }
        }
        machine.pass(until: at("09:36", days[0]))
        XCTAssertEqual(held, [0, 24, 12, 10, 10, 10, 10])
        XCTAssertEqual(machine.run?.account?.position(Security(own), .short).amount, 24)
    }
}
