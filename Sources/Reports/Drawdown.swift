import Market

/// A fall of an account's value below the highest value that it had before.
struct Drawdown: Hashable {
    /// When the highest value was reached.
    let from: Instant
    /// When the value was lowest since.
    let to: Instant
    /// The fall as a part of the highest value.
    let depth: Double

    /// The deepest fall; nil if the value never fell.
    static func deepest(start: Money, _ points: [EquityPoint]) -> Drawdown? {
        guard let first = points.first else { return nil }
        var peak = (value: start, time: first.time)
        var deepest: Drawdown?
        for point in points {
            if point.equity >= peak.value { peak = (point.equity, point.time) }
            let depth = depth(of: point.equity, below: peak.value)
            if depth > deepest?.depth ?? 0 { deepest = Drawdown(from: peak.time, to: point.time, depth: depth) }
        }
        return deepest
    }

    /// How far a value lies below a highest one, as a part of it.
    static func depth(of value: Money, below peak: Money) -> Double {
        peak > .zero && value < peak ? (peak.yuan - value.yuan) / peak.yuan : 0
    }
}
