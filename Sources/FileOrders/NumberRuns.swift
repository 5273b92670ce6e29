import Gates

/// Whole numbers that mostly follow one another, as ids of a run do: 64 of them lie in one word, so that even very many are
/// at hand for each row of a long file.
struct NumberRuns {
    private var words: [(place: UInt64, bits: UInt64)] = []
    private var table = PlaceTable()

    func contains(_ number: UInt64) -> Bool {
        word(of: number).map { words[$0].bits & Self.bit(of: number) != 0 } ?? false
    }

    mutating func insert(_ number: UInt64) {
        if let word = word(of: number) { return words[word].bits |= Self.bit(of: number) }
        table.add(words.count, Self.key(of: number))
        words.append((number / 64, Self.bit(of: number)))
    }

    private func word(of number: UInt64) -> Int? {
        table.place(Self.key(of: number)) { words[$0].place == number / 64 }
    }

    private static func bit(of number: UInt64) -> UInt64 { 1 << (number % 64) }

    private static func key(of number: UInt64) -> UInt64 {
        var key = PlaceKey()
        key.add(number / 64)
        return key.number
    }
}
