/// A helper module: plain calculations that any strategy may import.

/// What a price gained over the last `n` bars, 0.05 for 5 %; nil while there are not so many.
public func momentum(_ closes: [Double], _ n: Int) -> Double? {
    guard n > 0, closes.count > n, closes[closes.count - 1 - n] > 0 else { return nil }
    return closes[closes.count - 1] / closes[closes.count - 1 - n] - 1
}

/// The codes that gained most, the best first; what fell is left out.
public func strongest(_ gains: [String: Double], _ count: Int) -> [String] {
    let rising = gains.filter { $0.value > 0 }
    // Equal gains in the order of their codes: the same run must come out the same every time.
    return rising.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count).map(\.key)
}
