import Market

/// A price over time in at most a few thousand points, however long it goes on: of each stretch the lowest and the
/// highest price stay.
///
/// It costs the same for every price: when it is full, each two stretches become one.
public struct PriceCurve: Sendable {
    private struct Stretch {
        var low: RunHistory.PricePoint
        var high: RunHistory.PricePoint
        var count = 1
    }

    private static let most = 2_048
    private var stretches: [Stretch] = []
    private var full = 1
    private var last: RunHistory.PricePoint?

    /// No prices yet.
    public init() {}

    /// Takes the next price.
    public mutating func add(_ time: Instant, _ price: Money) {
        let point = RunHistory.PricePoint(time: time, price: price)
        last = point
        let index = stretches.count - 1
        if index >= 0, stretches[index].count < full {
            stretches[index].count += 1
            if price < stretches[index].low.price { stretches[index].low = point }
            if stretches[index].high.price < price { stretches[index].high = point }
            return
        }
        if stretches.count == Self.most { halve() }
        stretches.append(Stretch(low: point, high: point))
    }

    /// The points that stayed, in order of time; the last price is always one of them.
    public var points: [RunHistory.PricePoint] {
        var points: [RunHistory.PricePoint] = []
        for stretch in stretches {
            let (first, second) =
                stretch.low.time <= stretch.high.time
                ? (stretch.low, stretch.high) : (stretch.high, stretch.low)
            points.append(first)
            if second != first { points.append(second) }
        }
        if let last, points.last != last { points.append(last) }
        return points
    }

    private mutating func halve() {
        for index in 0..<stretches.count / 2 {
            let (a, b) = (stretches[2 * index], stretches[2 * index + 1])
            stretches[index] = Stretch(
                low: b.low.price < a.low.price ? b.low : a.low, high: a.high.price < b.high.price ? b.high : a.high,
                count: a.count + b.count)
        }
        stretches.removeLast(stretches.count - stretches.count / 2)
        full *= 2
    }
}
