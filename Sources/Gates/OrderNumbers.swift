/// Order ids of digits alone, all of one length, so that none is the beginning of another: a random prefix, drawn for one
/// run and one day, and a counter.
public struct OrderNumbers {
    /// The digits of an id.
    public let digits: Int
    /// No id is greater.
    public let largest: UInt64
    /// How many ids have one prefix.
    public let idsPerPrefix: UInt64
    /// All prefixes are less, and have as many digits as the greatest number below it.
    public var prefixLimit: UInt64 { Self.power(digits - digits / 2) }
    /// The prefix that the next id has.
    public private(set) var prefix: UInt64

    private var counter: UInt64 = 0
    private var random: any RandomNumberGenerator

    /// Ids of so many digits (4 to 18), none greater than `largest`, which has as many.
    public init(digits: Int, largest: UInt64, random: any RandomNumberGenerator) {
        self.digits = min(max(digits, 4), 18)
        self.largest = min(max(largest, Self.power(self.digits - 1)), Self.power(self.digits) - 1)
        idsPerPrefix = Self.power(self.digits / 2)
        self.random = random
        prefix = 0
        draw()
    }

    /// True if the next id needs another prefix.
    public var isUsedUp: Bool { counter == idsPerPrefix }

    /// Leaves this prefix for another.
    public mutating func draw() {
        let smallest = Self.power(digits - 1 - digits / 2)
        // The last prefix may end at `largest` and lack some ids: it is never drawn, unless it is the only one.
        let end = max((largest + 1) / idsPerPrefix, smallest + 1)
        var drawn = smallest
        repeat { drawn = UInt64.random(in: smallest..<end, using: &random) } while drawn == prefix && end > smallest + 1
        prefix = drawn
        counter = 0
    }

    /// The next id; another prefix is drawn when this one's are used up.
    public mutating func next() -> OrderID {
        if isUsedUp { draw() }
        defer { counter += 1 }
        return String(prefix * idsPerPrefix + counter)
    }

    /// The prefix of a number that may be an id; nil for one of another length.
    public func prefix(of number: UInt64) -> UInt64? {
        let prefix = number / idsPerPrefix
        return prefix >= Self.power(digits - 1 - digits / 2) && number < Self.power(digits) ? prefix : nil
    }

    private static func power(_ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { power, _ in power * 10 } }
}
