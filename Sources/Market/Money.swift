/// An amount of money, or a price, in whole ten-thousandths of a yuan, so that sums are exact.
public struct Money: Hashable, Comparable, Sendable {
    /// Ten-thousandths of a yuan.
    public var units: Int64

    /// So many ten-thousandths of a yuan.
    @inlinable public init(units: Int64) { self.units = units }

    /// The nearest ten-thousandth to a number; nil for what is no number or too large to be money.
    public init?(_ yuan: Double) {
        guard yuan.magnitude < 9e14 else { return nil }
        let scaled = yuan * 10_000
        self.units = Int64(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }

    /// No money.
    @inlinable public static var zero: Money { Money(units: 0) }

    /// The amount in yuan, for those who show it or calculate roughly.
    @inlinable public var yuan: Double { Double(units) / 10_000 }

    /// True if `a` is less.
    @inlinable public static func < (a: Money, b: Money) -> Bool { a.units < b.units }
    /// Both together.
    @inlinable public static func + (a: Money, b: Money) -> Money { Money(units: a.units &+ b.units) }
    /// What is left of `a`.
    @inlinable public static func - (a: Money, b: Money) -> Money { Money(units: a.units &- b.units) }
    /// So many shares at this price; nil if that is more than can be held.
    @inlinable public func times(_ count: Int64) -> Money? {
        let (product, overflow) = units.multipliedReportingOverflow(by: count)
        return overflow ? nil : Money(units: product)
    }
    /// So many thousandths of it, cut to what money can be.
    @inlinable public func thousandths(_ share: Int64) -> Money {
        Money(units: units / 1000 &* share &+ units % 1000 &* share / 1000)
    }
}

extension Money: CustomStringConvertible {
    /// `10.5`, `-0.0001`, `12`: as many decimals as needed.
    public var description: String {
        let size = units.magnitude
        var text = "\(units < 0 ? "-" : "")\(size / 10_000)"
        var fraction = size % 10_000
        guard fraction > 0 else { return text }
        var digits = 4
        while fraction % 10 == 0 {
            fraction /= 10
            digits -= 1
        }
        let written = "\(fraction)"
        text += "." + String(repeating: "0", count: digits - written.utf8.count) + written
        return text
    }
}
