import Market

/// A decimal number as it stands in somebody else's file, kept exactly: `10`, `10.0`, `10.000`, `1e1`, `-0`.
public struct DecimalNumber: Hashable, Sendable {
    /// The digits as a whole number, without zeros at its end.
    public private(set) var digits: Int64
    /// The power of ten that they are multiplied by.
    public private(set) var exponent: Int
    /// False if digits were dropped that could not be kept: then it is only near what stands there.
    private let isExact: Bool

    /// Reads a number that fills these bytes; nil for anything else, and for more digits than can be kept.
    public init?(_ bytes: ArraySlice<UInt8>) {
        guard let number = bytes.withUnsafeBufferPointer({ Self($0) }) else { return nil }
        self = number
    }

    /// The same of bytes where they lie.
    public init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        var number = DigitReader()
        for byte in bytes { if !number.take(byte) { return nil } }
        guard number.isWhole, abs(number.power) <= 999 else { return nil }
        digits = number.isNegative ? -number.digits : number.digits
        exponent = digits == 0 ? 0 : number.exponent - number.decimals + number.signedPower
        isExact = number.isExact
        while isExact, digits != 0, digits % 10 == 0 {
            digits /= 10
            exponent += 1
        }
    }

    /// The whole number that it is; nil if it has a fraction or is too large.
    public var whole: Int64? { exponent < 0 || !isExact ? nil : scaled(by: exponent) }

    /// The amount of money that it is, exactly; nil if money cannot hold it.
    public var money: Money? { exponent < -4 || !isExact ? nil : scaled(by: exponent + 4).map(Money.init(units:)) }

    /// The nearest amount of money, for means and sums that their writer did not round.
    public var nearestMoney: Money? { exponent >= -4 ? money : Money(units: rounded(to: -4)) }

    /// The nearest whole number, for shares that their writer has adjusted; nil if it is too large.
    public var nearestWhole: Int64? { exponent >= 0 ? whole : rounded(to: 0) }

    /// The digits without those behind a power of ten.
    private func rounded(to power: Int) -> Int64 {
        var rest = digits
        var dropped: Int64 = 0
        for _ in 0..<min(power - exponent, 20) {
            dropped = rest % 10
            rest /= 10
        }
        return dropped >= 5 ? rest + 1 : dropped <= -5 ? rest - 1 : rest
    }

    private func scaled(by power: Int) -> Int64? {
        if digits == 0 { return 0 }
        guard power <= 18 else { return nil }
        var value = digits
        for _ in 0..<power {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = product
        }
        return value
    }
}

/// Reads a number byte by byte: sign, digits, fraction, power.
private struct DigitReader {
    private enum Part {
        case sign
        case whole
        case fraction
        case powerSign
        case power
    }

    private(set) var digits: Int64 = 0
    private(set) var decimals = 0
    /// The power that whole digits beyond those kept stand for.
    private(set) var exponent = 0
    private(set) var power = 0
    private(set) var isNegative = false
    /// False if a digit other than 0 was dropped.
    private(set) var isExact = true

    private var part = Part.sign
    private var count = 0
    private var powerCount = 0
    private var isPowerNegative = false

    /// More digits than this do not fit; behind the point they are too small to matter to money.
    private static let mostKept: Int64 = 99_999_999_999_999_999

    var signedPower: Int { isPowerNegative ? -power : power }
    var isWhole: Bool { count > 0 && (part != .power && part != .powerSign || powerCount > 0) }

    mutating func take(_ byte: UInt8) -> Bool {
        switch (byte, part) {
        case (0x30...0x39, .sign), (0x30...0x39, .whole), (0x30...0x39, .fraction): return take(digit: byte - 0x30)
        case (0x30...0x39, .powerSign), (0x30...0x39, .power):
            part = .power
            powerCount += 1
            power = min(power * 10 + Int(byte - 0x30), 100_000)
        case (0x2B, .sign) where count == 0: part = .whole
        case (0x2D, .sign) where count == 0:
            part = .whole
            isNegative = true
        case (0x2E, .sign), (0x2E, .whole): part = .fraction
        case (0x65, .whole), (0x65, .fraction), (0x45, .whole), (0x45, .fraction): part = .powerSign
        case (0x2B, .powerSign): part = .power
        case (0x2D, .powerSign):
            part = .power
            isPowerNegative = true
        default: return false
        }
        return true
    }

    private mutating func take(digit: UInt8) -> Bool {
        if part == .sign { part = .whole }
        count += 1
        if digits > Self.mostKept {
            // A digit of a fraction this far behind is dropped; a whole number this long is kept only if it ends in zeros.
            if part == .fraction {
                if digit != 0 { isExact = false }
                return true
            }
            exponent += 1
            return digit == 0
        }
        digits = digits * 10 + Int64(digit)
        if part == .fraction { decimals += 1 }
        return true
    }
}

/// The digits that fill these bytes as a number; nil for none, for anything else and for more than 18 of them.
@inlinable public func digitsOnly(_ bytes: some Collection<UInt8>) -> UInt64? {
    guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
    var value: UInt64 = 0
    for byte in bytes {
        guard byte >= 0x30, byte <= 0x39 else { return nil }
        value = value * 10 + UInt64(byte - 0x30)
    }
    return value
}
