import Market
import MarketData

/// A feed whose every word is written down before. It keeps to its contract: nothing is told before its time.
final class ScriptedFeed: MarketFeed {
    struct NoSuchCode: Error, CustomStringConvertible { let description: String }

    let unit: BarUnit?
    var summary = "the scripted feed"
    let span: ClosedRange<Instant>?
    /// What it has, by code.
    private var events: [String: [MarketEvent]] = [:]
    private var numbers: [String: Int] = [:]
    private var waiting: [MarketEvent] = []
    private var next = 0
    var problems: [String] = []
    private(set) var isClosed = false
    private(set) var asked: [(code: String, unit: BarUnit, count: Int, upTo: Instant)] = []
    /// Bars of other lengths than its own, for `history`.
    var older: [BarUnit: [MarketBar]] = [:]

    /// True for a feed that shows the bars that come next in one piece.
    var showsRuns = false
    /// How many bars have been told in such pieces.
    private(set) var passed = 0
    private var shown = UnsafeMutableBufferPointer<MarketBar>(start: nil, count: 0)

    init(_ unit: BarUnit?, _ events: [String: [MarketEvent]] = [:]) {
        self.unit = unit
        self.events = events
        span = nil
    }

    /// Bars of some codes.
    convenience init(_ unit: BarUnit, bars: [String: [MarketBar]]) {
        self.init(unit, bars.mapValues { $0.map { .bar(0, $0) } })
    }

    /// Ticks of some codes.
    convenience init(ticks: [String: [MarketTick]]) {
        self.init(nil, ticks.mapValues { $0.map { .tick(0, $0) } })
    }

    func add(_ security: Security, as number: Int, now: Instant) throws {
        guard let own = events[security.code] else {
            throw NoSuchCode(description: "the scripted feed has no \(security.code)")
        }
        numbers[security.code] = number
        let rest = Array(waiting[next...]) + own.filter { $0.at > now }.map { $0.numbered(number) }
        next = 0
        waiting = rest.enumerated().sorted {
            ($0.element.at, $0.element.number, $0.offset) < ($1.element.at, $1.element.number, $1.offset)
        }.map(\.element)
    }

    var nextTime: Instant? { next < waiting.count ? waiting[next].at : nil }

    func next(upTo now: Instant) -> MarketEvent? {
        guard next < waiting.count, waiting[next].at <= now else { return nil }
        next += 1
        return waiting[next - 1]
    }

    var comingBars: BarRun? {
        guard showsRuns, next < waiting.count else { return nil }
        let number = waiting[next].number
        var bars: [MarketBar] = []
        for event in waiting[next...] {
            guard case .bar(number, let bar) = event else {
                if event.at == bars.last?.end { bars.removeLast() }
                break
            }
            bars.append(bar)
        }
        guard bars.count > 1 else { return nil }
        shown = .allocate(capacity: bars.count)
        _ = shown.initialize(from: bars)
        return BarRun(number: number, bars: UnsafeBufferPointer(shown))
    }

    /// What was shown is overwritten and gone: whoever looks at it once more sees nonsense.
    func passBars(_ count: Int) {
        passed += count
        next += count
        shown.update(
            repeating: MarketBar(
                end: Instant(nanoseconds: 0), open: .zero, high: .zero, low: .zero, close: .zero, volume: -1))
        shown.deallocate()
    }

    func history(_ security: Security, _ unit: BarUnit, count: Int, upTo now: Instant) -> [MarketBar] {
        asked.append((security.code, unit, count, now))
        let own = (events[security.code] ?? []).compactMap { event -> MarketBar? in
            if case .bar(_, let bar) = event { bar } else { nil }
        }
        let bars = unit == self.unit ? own : older[unit] ?? []
        return Array(bars.filter { $0.end <= now }.suffix(count))
    }

    func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }

    func close() { isClosed = true }
}

extension MarketEvent {
    /// Facts are told when their day begins.
    fileprivate var at: Instant {
        switch self {
        case .facts(_, let facts): MarketZone.shanghai.instant(facts.day, TimeOfDay(9, 0))
        case .tick(_, let tick): tick.time
        case .bar(_, let bar): bar.end
        }
    }

    fileprivate var number: Int {
        switch self {
        case .facts(let number, _), .tick(let number, _), .bar(let number, _): number
        }
    }

    fileprivate func numbered(_ number: Int) -> MarketEvent {
        switch self {
        case .facts(_, let facts): .facts(number, facts)
        case .tick(_, let tick): .tick(number, tick)
        case .bar(_, let bar): .bar(number, bar)
        }
    }
}

/// A bar with one price but for its open, in yuan.
func bar(_ end: Instant, _ close: Double, open: Double? = nil, volume: Int64 = 1_000_000) -> MarketBar {
    let close = Money(close) ?? .zero
    let open = open.flatMap(Money.init) ?? close
    return MarketBar(
        end: end, open: open, high: max(open, close), low: min(open, close), close: close, volume: volume)
}

func tick(_ time: Instant, _ last: Double, volume: Int64 = 0) -> MarketTick {
    MarketTick(time: time, last: Money(last) ?? .zero, volume: volume)
}
