/// Whole numbers, found by one multiplication. A `Set` hashes at length, for it must hold against numbers that somebody
/// picks with care; here only ours are kept, and each row of a long file asks.
public struct NumberSet {
    /// Twice as many places as numbers, or more; where a number's own is taken, it stands at the next that is free.
    @usableFromInline var places: [UInt64]
    @usableFromInline var shift: UInt64
    /// How many there are.
    public private(set) var count = 0
    @usableFromInline var hasNone = false

    /// Stands where there is no number.
    @usableFromInline static var none: UInt64 { .max }

    /// No numbers.
    public init() {
        places = [UInt64](repeating: Self.none, count: 16)
        shift = 60
    }

    /// True if there are none.
    public var isEmpty: Bool { count == 0 }

    /// True if this number is among them.
    @inlinable public func contains(_ number: UInt64) -> Bool {
        if number == Self.none { return hasNone }
        return places[place(of: number)] == number
    }

    /// Adds a number; false if it was there.
    @discardableResult
    public mutating func insert(_ number: UInt64) -> Bool {
        if number == Self.none {
            if hasNone { return false }
            hasNone = true
            count += 1
            return true
        }
        let free = place(of: number)
        if places[free] == number { return false }
        count += 1
        if 2 * count > places.count {
            grow()
            places[place(of: number)] = number
        } else {
            places[free] = number
        }
        return true
    }

    /// Where a number stands, or would.
    @usableFromInline func place(of number: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: (number &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while places[place] != number, places[place] != Self.none { place = (place + 1) & (places.count - 1) }
        return place
    }

    private mutating func grow() {
        let numbers = places.filter { $0 != Self.none }
        places = [UInt64](repeating: Self.none, count: 2 * places.count)
        shift -= 1
        for number in numbers { places[place(of: number)] = number }
    }
}
