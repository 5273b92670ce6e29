import Engine
import JQTrade
import Logs
import Market
import MarketData
import Simulation
import Time

/// What a bar and an order cost in the engine alone: a strategy in this very process, on bars that lie in memory.
enum EnginePath {
    static func measure() throws -> [Table.Row] {
        let bars = randomBars(1_000_000)
        func best(_ run: () throws -> Outcome) throws -> Outcome {
            let all = try (0..<3).map { _ in try run() }
            return all.min { $0.nanoseconds < $1.nanoseconds } ?? all[0]
        }
        let idle = try best { try run(bars, lengths: nil) }
        let looking = try best { try run(bars, lengths: (10, 30), orders: false) }
        let trading = try best { try run(bars, lengths: (10, 30)) }
        let count = Double(bars.count)
        let perOrder = (trading.nanoseconds - looking.nanoseconds) / Double(max(trading.orders, 1))
        return [
            .init(
                what: "a bar from the feed through exchange and series to the callback",
                measured: "\(decimal(idle.nanoseconds / count)) ns", toReach: "≤ 100 ns"),
            .init(
                what: "the same with two moving averages", measured: "\(decimal(looking.nanoseconds / count)) ns",
                toReach: ""),
            .init(
                what: "an order, from being given to being told of its fill (\(trading.orders) orders)",
                measured: "\(decimal(perOrder)) ns", toReach: "≤ 2500 ns"),
            .init(
                what: "a crossing of two averages over 1,000,000 bars, in the engine alone",
                measured: "\(decimal(count / trading.nanoseconds * 1e3)) M bars/s", toReach: "≥ 5 M bars/s"),
        ]
    }

    private struct Outcome {
        let nanoseconds: Double
        let orders: Int
    }

    private static func run(
        _ bars: [MarketBar], lengths: (fast: Int, slow: Int)?, orders: Bool = true
    ) throws -> Outcome {
        guard let first = bars.first, let last = bars.last else { throw BenchError("there are no bars") }
        let clock = VirtualClock(start: first.end - .seconds(3600))
        let loop = EventLoop(clock: clock)
        var given = 0
        let entry = StrategyEntry(initialize: { _ in
            set_options(market_rules: "none")
            set_order_cost(open_commission: 0.0003, close_commission: 0.0003)
            guard let lengths else { return subscribe("000001.XSHE", "1m") { _ in } }
            var fast = MovingAverage(lengths.fast)
            var slow = MovingAverage(lengths.slow)
            var isLong = false
            subscribe("000001.XSHE", "1m") { bar in
                let a = fast.add(bar.close)
                let b = slow.add(bar.close)
                guard let a, let b, a != b, (a > b) != isLong else { return }
                isLong = a > b
                guard orders else { return }
                given += 1
                order("000001.XSHE", isLong ? 1000 : -1000)
            }
        })
        var setting = RunParts.setting(folder: nil, startedAt: clock.now)
        setting.makeFeed = { _, _ in BarsInMemory(bars) }
        let run = StrategyRun(entry, setting, loop: loop, logger: RunParts.quietLog(clock))
        guard case .ready = run.start() else { throw BenchError("the strategy of the measurement does not start") }
        loop.at(last.end + .seconds(1)) { run.stop() }
        let spent = milliseconds { loop.run() }
        return Outcome(nanoseconds: spent * 1e6, orders: given)
    }

    /// One-minute bars of a random walk, the open of each at the close of the one before.
    private static func randomBars(_ count: Int) -> [MarketBar] {
        var random = SeededRandom(seed: 1)
        var bars: [MarketBar] = []
        bars.reserveCapacity(count)
        let hours = MarketHours()
        var day = hours.calendar.next(after: Day(number: 12_417))
        var price: Int64 = 100_000
        while bars.count < count {
            for session in hours.day(day).sessions {
                for minute in 1...120 where bars.count < count {
                    let next = max(30_000, price + Int64.random(in: -3...3, using: &random) * 100)
                    bars.append(
                        MarketBar(
                            end: session.start + .seconds(Int64(minute) * 60), open: Money(units: price),
                            high: Money(units: max(price, next) + 100), low: Money(units: min(price, next) - 100),
                            close: Money(units: next), volume: 100_000))
                    price = next
                }
            }
            day = hours.calendar.next(after: day)
        }
        return bars
    }
}

/// A feed of bars that lie in memory.
private final class BarsInMemory: MarketFeed {
    let summary = "bars in memory"
    let unit: BarUnit? = .minute
    let span: ClosedRange<Instant>? = nil
    private let bars: UnsafeMutableBufferPointer<MarketBar>
    private var next = 0

    init(_ bars: [MarketBar]) {
        self.bars = .allocate(capacity: bars.count)
        _ = self.bars.initialize(from: bars)
    }

    deinit { bars.deallocate() }

    func add(_ security: Security, as number: Int, now: Instant) {}
    var nextTime: Instant? { next < bars.count ? bars[next].end : nil }
    func next(upTo now: Instant) -> MarketEvent? {
        guard next < bars.count, bars[next].end <= now else { return nil }
        next += 1
        return .bar(0, bars[next - 1])
    }
    var comingBars: BarRun? { BarRun(number: 0, bars: UnsafeBufferPointer(rebasing: bars[next...])) }
    func passBars(_ count: Int) { next += count }
    func history(_ security: Security, _ unit: BarUnit, count: Int, upTo now: Instant) -> [MarketBar] { [] }
    func takeProblems() -> [String] { [] }
    func close() {}
}
