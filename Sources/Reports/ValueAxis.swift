/// The upright side of a chart: it covers all values and is marked at round numbers.
struct ValueAxis {
    /// The value at the lower end.
    let low: Double
    /// The value at the upper end.
    let high: Double
    /// The round numbers between them.
    let ticks: [Double]
    private let places: Int

    /// An axis over these values, with some room at its ends unless they are fixed.
    init(covering values: ClosedRange<Double>, marks: Double = 5, room: Double = 0.04) {
        let size = values.upperBound - values.lowerBound
        // A flat line lies in the middle, on a scale that its own size suggests.
        let least = max(values.upperBound.magnitude, values.lowerBound.magnitude) * 0.002
        let extra = size > least ? size * room : max(least, 0.001)
        let low = values.lowerBound - (room == 0 ? 0 : extra)
        let high = values.upperBound + (room == 0 && size > 0 ? 0 : extra)
        let step = Self.step(near: (high - low) / marks)
        self.low = low
        self.high = high
        // An end that is a round number but for the last bit is marked too.
        let first = (low / step.size - 1e-6).rounded(.up)
        let last = (high / step.size + 1e-6).rounded(.down)
        places = step.places
        ticks = last - first < 20 ? stride(from: first, through: last, by: 1).map { $0 * step.size } : []
    }

    /// Where a value lies: 0 at the top, 1 at the bottom.
    func position(_ value: Double) -> Double { min(max((high - value) / (high - low), 0), 1) }

    /// A round number as short as it can be written: `1,250`, `0.05`, `12.5M`.
    func label(_ value: Double) -> String {
        for (unit, letter) in [(1e9, "B"), (1e6, "M")] where max(low.magnitude, high.magnitude) >= unit * 10 {
            return decimal(value / unit, places: step(in: unit)) + letter
        }
        return decimal(value, places: places)
    }

    /// Decimals that keep the marks apart in a larger unit.
    private func step(in unit: Double) -> Int {
        guard ticks.count > 1 else { return 1 }
        var (distance, places) = ((ticks[1] - ticks[0]) / unit, 0)
        while places < 6, (distance - distance.rounded()).magnitude > 1e-6 {
            (distance, places) = (distance * 10, places + 1)
        }
        return places
    }

    /// The round step next above a distance: 1, 2, 2.5 or 5 times a power of ten, and the decimals that it needs.
    private static func step(near distance: Double) -> (size: Double, places: Int) {
        guard distance.isFinite, distance > 1e-9 else { return (1e-9, 9) }
        var (power, places) = (1.0, 0)
        while power > distance { (power, places) = (power / 10, places + 1) }
        while power * 10 <= distance { (power, places) = (power * 10, places - 1) }
        for (factor, more) in [(1.0, 0), (2.0, 0), (2.5, 1), (5.0, 0)] where power * factor >= distance {
            return (power * factor, max(places + more, 0))
        }
        return (power * 10, max(places - 1, 0))
    }
}
