import Market

extension PaperExchange {
    /// Between which prices a security may be traded on a day, as far as that is known; nothing is of another day than the
    /// one that the exchange is at.
    public func limits(of number: Int, on day: Day) -> (high: Money?, low: Money?) {
        guard books.indices.contains(number), day == self.day, let terms = try? terms(of: number, on: day) else {
            return (nil, nil)
        }
        return (terms.high, terms.low)
    }
}
