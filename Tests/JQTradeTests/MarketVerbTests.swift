import Market
import Notation
import XCTest

@testable import JQTrade

final class MarketVerbTests: XCTestCase {
    private let runtime = ScriptedRuntime()

    override func setUp() { StrategyHost.attach(runtime) }
    override func tearDown() { StrategyHost.attach(nil) }

    private let tenPast = MarketZone.shanghai.instant(Day(year: 2026, month: 11, day: 20)!, TimeOfDay(9, 40))

    private func bar() -> MarketBar {
        MarketBar(
            end: tenPast, open: Money(units: 100_100), high: Money(units: 100_300), low: Money(units: 99_900),
            close: Money(units: 100_200), volume: 1200, amount: Money(units: 120_240_000))
    }

    func testABarIsInMarketTimeAndInYuan() {
        let bar = Bar("000001.XSHE", bar(), offset: 8 * 3600)
        XCTAssertEqual("\(bar.datetime)", "2026-11-20 09:40:00.000")
        XCTAssertEqual(bar.date, Day("2026-11-20"))
        XCTAssertEqual([bar.open, bar.high, bar.low, bar.close], [10.01, 10.03, 9.99, 10.02])
        XCTAssertEqual(bar.volume, 1200)
        XCTAssertEqual(bar.money, 12_024)
        XCTAssertTrue(bar.is_closed)
        XCTAssertNil(bar.tick)
        XCTAssertEqual(
            "\(bar)", "Bar 000001.XSHE 2026-11-20 09:40:00 open 10.01 high 10.03 low 9.99 close 10.02 volume 1200")
        XCTAssertTrue(
            Bar("A", self.bar(), offset: 0, isClosed: false).description.hasSuffix("volume 1200 (still open)"))
    }

    func testATickIsABarWhosePricesAreAllTheLast() throws {
        let tick = MarketTick(
            time: tenPast, last: Money(units: 100_200), volume: 500,
            bids: [.init(price: Money(units: 100_100), volume: 7)])
        let bar = Bar("000001.XSHE", tick, offset: 8 * 3600)
        XCTAssertEqual([bar.open, bar.high, bar.low, bar.close], [10.02, 10.02, 10.02, 10.02])
        let told = try XCTUnwrap(bar.tick)
        XCTAssertEqual(told.current, 10.02)
        XCTAssertEqual(told.bid1, 10.01)
        XCTAssertEqual(told.bid1_volume, 7)
        XCTAssertEqual(told.bids, [Tick.Level(price: 10.01, volume: 7)])
        XCTAssertNil(told.ask1, "what is not known is nil")
        XCTAssertEqual("\(told.datetime.time)", "09:40:00")
    }

    func testTheVerbsReachTheRuntimeWithTheirPlace() throws {
        var seen = 0
        subscribe("000001.XSHE", "5m", partial: true) { _ in seen += 1 }
        subscribe("000002.XSHE", "tick", handler)
        XCTAssertEqual(runtime.subscriptions.map(\.wish.code), ["000001.XSHE", "000002.XSHE"])
        XCTAssertEqual(runtime.subscriptions.map(\.wish.isPartial), [true, false])
        XCTAssertEqual(runtime.subscriptions.map(\.site.file), ["MarketVerbTests.swift", "MarketVerbTests.swift"])
        try runtime.subscriptions[0].wish.handler(Bar("A", bar(), offset: 0))
        XCTAssertEqual(seen, 1)

        runtime.barsToGive = [Bar("A", bar(), offset: 0)]
        XCTAssertEqual(get_bars("A", 3, "1m", include_now: true).count, 1)
        XCTAssertEqual(
            runtime.barsWishes.map(\.wish), [BarsWish(code: "A", count: 3, unit: "1m", includesNow: true)])
        runtime.dataToGive.last_price = 9.5
        XCTAssertEqual(get_current_price("A"), 9.5)
        XCTAssertEqual(get_current_data("A").last_price, 9.5)

        set_order_cost(close_tax: 0.001, open_commission: 0.0003, min_commission: 5)
        set_slippage(FixedSlippage(0.02))
        set_slippage(PriceRelatedSlippage(0.00246))
        set_slippage(StepRelatedSlippage(2))
        XCTAssertEqual(
            runtime.costs.map(\.text).suffix(3),
            ["FixedSlippage(0.02)", "PriceRelatedSlippage(0.00246)", "StepRelatedSlippage(2)"])
        XCTAssertEqual(runtime.costs.count, 4)
    }

    func testAHandlerMayWantItsContextToo() throws {
        var seen: [String] = []
        subscribe("A", "1m") { context, bar in seen.append("\(context.task_name) \(bar.code)") }
        subscribe("A", "1m") { _, _ in seen.append("two") }
        subscribe("A", "1m") { seen.append($0.code) }
        subscribe("A", "1m", partial: true, withContext)
        subscribe("A", "1m", handler)
        XCTAssertEqual(runtime.subscriptions.map(\.wish.isPartial), [false, false, false, true, false])
        for subscription in runtime.subscriptions { try subscription.wish.handler(Bar("A", bar(), offset: 0)) }
        XCTAssertEqual(seen, ["demo A", "two", "A"])
        XCTAssertEqual(runtime.calls.map(\.call), ["current data of A"], "the named function was called")
        XCTAssertEqual(Set(runtime.subscriptions.map(\.site.file)), ["MarketVerbTests.swift"])
    }

    private func withContext(_ context: Context, _ bar: Bar) { _ = get_current_data(bar.code) }

    func testAPositionThatIsNoneIsEmptyAndSaid() {
        var held = Position(code: "000002.XSHE", side: .long)
        held.total_amount = 100
        let positions = Positions(side: .long, held: [held])
        XCTAssertEqual(positions["000001.XSHE"].total_amount, 0)
        XCTAssertEqual(positions["000002.XSHE"].total_amount, 100)
        XCTAssertFalse(positions.contains("000003.XSHE"))
        XCTAssertNil(positions.get("000003.XSHE"))
        XCTAssertEqual(positions.get("000002.XSHE")?.total_amount, 100)
        XCTAssertEqual(runtime.missed, ["000001.XSHE long"])
    }

    func testOutsideARunTheVerbsDoNothing() {
        StrategyHost.attach(nil)
        subscribe("A", "1m") { _ in }
        XCTAssertTrue(get_bars("A", 1, "1m").isEmpty)
        XCTAssertNil(get_current_price("A"))
        XCTAssertEqual(get_current_data("A"), CurrentData())
    }

    private func handler(_ bar: Bar) throws {}
}
