/// The mean of the last `n` values at each place; nil where there are not so many yet.
public func MA(_ values: [Double], _ n: Int) -> [Double?] {
    var average = MovingAverage(n)
    return values.map { average.add($0) }
}

/// The exponential average at each place: it begins with the mean of the first `n` values, and each later value counts
/// 2/(n + 1) of it. Nil where there are not `n` values yet.
public func EMA(_ values: [Double], _ n: Int) -> [Double?] {
    var average = ExponentialAverage(n)
    return values.map { average.add($0) }
}

/// True if `a` crosses above `b` at the last value: it is above, and was not at the value before.
public func CROSS(_ a: [Double?], _ b: [Double?]) -> Bool {
    guard a.count > 1, b.count > 1, let a1 = a[a.count - 1], let b1 = b[b.count - 1], let a0 = a[a.count - 2],
        let b0 = b[b.count - 2]
    else { return false }
    return a1 > b1 && a0 <= b0
}

/// The mean of the last `n` values, value by value: `average.add(bar.close)`.
///
/// It is the sum of these values, added up in their order, divided by `n`, to the last bit: a running sum that values
/// are taken out of again would drift away from it. So `n` sums are under way at once, each begun one value later.
public struct MovingAverage: Sendable {
    /// How many values it is the mean of; a number below 1 counts as 1.
    public let n: Int
    @usableFromInline var mean: Double?
    @usableFromInline var sums: [Double]
    /// The sum that the next value completes.
    @usableFromInline var oldest = 0
    /// How many values are still to come before the first mean.
    @usableFromInline var missing: Int

    /// A mean of `n` values.
    public init(_ n: Int) {
        self.n = max(n, 1)
        sums = [Double](repeating: 0, count: self.n)
        missing = self.n
    }

    /// The mean; nil before there are `n` values.
    @inlinable public var value: Double? { mean }

    /// Takes the next value and tells the mean.
    @discardableResult
    @inlinable public mutating func add(_ x: Double) -> Double? {
        let place = oldest
        // Without checks of bounds the additions are done several at once.
        let whole = sums.withUnsafeMutableBufferPointer { sums in
            for index in sums.indices { sums[index] += x }
            defer { sums[place] = 0 }
            return sums[place]
        }
        oldest = oldest + 1 == n ? 0 : oldest + 1
        if missing > 0 { missing -= 1 }
        if missing == 0 { mean = whole / Double(n) }
        return mean
    }
}

/// The exponential average, value by value: it begins with the mean of the first `n` values.
public struct ExponentialAverage: Sendable {
    /// The number of values that it begins with; a number below 1 counts as 1.
    public let n: Int
    /// The average; nil before there are `n` values.
    public private(set) var value: Double?
    private var first = 0.0
    private var count = 0

    /// An average over `n` values.
    public init(_ n: Int) { self.n = max(n, 1) }

    /// Takes the next value and tells the average.
    @discardableResult
    public mutating func add(_ x: Double) -> Double? {
        if let value {
            self.value = value + (x - value) * 2 / Double(n + 1)
        } else {
            first += x
            count += 1
            if count == n { value = first / Double(n) }
        }
        return value
    }
}
