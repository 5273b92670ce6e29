import JQTrade
import Market
import TestSupport
import XCTest

@testable import Engine

/// Bars that the feed shows in one piece are told as if they came one by one.
final class BarRunTests: XCTestCase {
    private let code = "000001.XSHE"
    private let other = "600000.XSHG"

    private func at(_ time: String, _ day: String = "2026-11-19") -> Instant { shanghai("\(day) \(time)") }

    /// Two days of minutes, the prices going up and down.
    private var bars: [MarketBar] {
        ["2026-11-19", "2026-11-20"].flatMap { day in
            (0..<240).map { minute in
                let start = minute < 120 ? at("09:31", day) : at("13:01", day) - .seconds(120 * 60)
                let open = 10 + Double(minute * 7 % 13) / 100
                return bar(start + .seconds(Int64(minute) * 60), open + 0.05, open: open)
            }
        }
    }

    /// What a strategy is told that trades and has jobs, and what the run counts in the end.
    private func story(
        _ events: [String: [MarketBar]], showsRuns: Bool, look: @escaping (Context, Bar) -> String = { _, _ in "" }
    ) throws -> (told: [String], passed: Int) {
        let machine = try Machine(at("09:20"))
        let feed = ScriptedFeed(.minute, bars: events)
        feed.showsRuns = showsRuns
        machine.feed = feed
        var told: [String] = []
        let strategy = StrategyEntry(
            initialize: { context in
                set_options(initial_cash: 100_000)
                subscribe(self.code, "1m") { bar in
                    let last = get_bars(self.code, 3, "1m").map(\.close)
                    told.append("\(context.current_dt) \(bar) \(last) \(context.portfolio.total_value)")
                    told.append(look(context, bar))
                    if bar.datetime.minute % 7 == 0 { order(self.code, bar.datetime.minute % 2 == 0 ? 300 : -100) }
                    if bar.datetime.minute == 44 { throw Failure() }
                }
                run_daily({ context in told.append("job \(context.current_dt)") }, "10:00", name: "ten")
                run_daily({ context in told.append("job \(context.current_dt)") }, "14:59:30", name: "late")
            },
            onOrder: { context, order in told.append("\(context.current_dt) \(order.status) \(order.filled_amount)") },
            onTrade: { context, trade in told.append("\(context.current_dt) \(trade.amount) at \(trade.price)") })
        XCTAssertEqual(machine.start(strategy), .ready)
        machine.pass(until: at("18:00", "2026-11-20"))
        told.append("\(machine.counts.jobErrors)")
        return (told, feed.passed)
    }

    private struct Failure: Error {}

    func testARunIsToldBarByBarAmongJobsOrdersAndTheExchangesDay() throws {
        let (one, none) = try story([code: bars], showsRuns: false)
        let (run, passed) = try story([code: bars], showsRuns: true)
        XCTAssertEqual(run, one)
        XCTAssertEqual(none, 0)
        XCTAssertGreaterThan(passed, 400, "nearly all bars went the short way")
        XCTAssertEqual(one.last, "8", "the callback fails eight times")
        XCTAssertGreaterThan(one.filter { $0.contains(" at ") }.count, 10)
    }

    func testWhatTheStrategyAsksForInItsMidstEndsARun() throws {
        let events = [
            code: bars,
            other: bars.map {
                MarketBar(end: $0.end, open: $0.high, high: $0.high, low: $0.high, close: $0.high, volume: 1)
            },
        ]
        func look(_ context: Context, _ bar: Bar) -> String {
            switch (bar.date.number % 2, bar.datetime.hour) {
            case (_, 9): ""
            case (0, 10): "\(get_bars(self.code, 9, "5m", include_now: true).map(\.close))"
            case (0, 13...): "\(get_current_price(self.other) ?? 0)"
            default: "\(get_current_data(self.code).day_open ?? 0)"
            }
        }
        let (one, _) = try story(events, showsRuns: false, look: look)
        let (run, passed) = try story(events, showsRuns: true, look: look)
        XCTAssertEqual(run, one)
        XCTAssertGreaterThan(passed, 20, "until then bars went the short way")
    }

    func testAStopInTheMidstOfARunIsObeyedAtOnce() throws {
        let machine = try Machine(at("09:20"))
        let feed = ScriptedFeed(.minute, bars: [code: bars])
        feed.showsRuns = true
        machine.feed = feed
        var count = 0
        machine.start { _ in
            subscribe(self.code, "1m") { _ in
                count += 1
                if count == 5 { machine.run?.stop() }
            }
        }
        machine.pass(until: at("15:00"))
        XCTAssertEqual(count, 5)
        XCTAssertTrue(feed.isClosed)
    }
}
