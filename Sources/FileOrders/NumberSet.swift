/// Whole numbers, found by one multiplication. A `Set` hashes at length, for it must hold against numbers that somebody
/// picks with care; here only ours are kept, and each row of a long file asks.
struct NumberSet {
    /// Twice as many places as numbers, or more; where a number's own is taken, it stands at the next that is free.
    private var places: [UInt64]
    private var shift: UInt64
    private(set) var count = 0
    private var hasNone = false

    /// Stands where there is no number.
    private static let none = UInt64.max

    init() {
        places = [UInt64](repeating: Self.none, count: 16)
        shift = 60
    }

    var isEmpty: Bool { count == 0 }

    func contains(_ number: UInt64) -> Bool {
        if number == Self.none { return hasNone }
        return places[place(of: number)] == number
    }

    mutating func insert(_ number: UInt64) {
        if contains(number) { return }
        count += 1
        if number == Self.none { return hasNone = true }
        if 2 * count > places.count { grow() }
        places[place(of: number)] = number
    }

    /// Where a number stands, or would.
    private func place(of number: UInt64) -> Int {
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
