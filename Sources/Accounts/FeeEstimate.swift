import Gates
import Market

/// What a trade is taken to cost until the broker tells; rates in millionths of the value.
public struct FeeEstimate: Hashable, Sendable {
    /// Of every trade; 0.03 % unless told otherwise.
    public var commission: Int64 = 300
    /// The least commission of an order.
    public var leastCommission = Money(units: 50_000)
    /// Of shares that are sold.
    public var stampDuty: Int64 = 500
    /// Of shares, both sides.
    public var transferFee: Int64 = 10

    /// The usual fees.
    public init() {}

    /// No fees at all.
    public static var none: FeeEstimate {
        var fees = FeeEstimate()
        fees.commission = 0
        fees.leastCommission = .zero
        fees.stampDuty = 0
        fees.transferFee = 0
        return fees
    }

    /// The fees of trading so much, rounded up.
    public func fees(of value: Money, _ side: TradeSide, kind: TradingUnits.Kind?) -> Money {
        guard value > .zero else { return .zero }
        var fees = max(part(commission, of: value), leastCommission)
        if kind == .share || kind == nil {
            fees = fees + part(transferFee, of: value)
            if side == .sell { fees = fees + part(stampDuty, of: value) }
        }
        return fees
    }

    private func part(_ millionths: Int64, of value: Money) -> Money {
        let whole = (value.units / 1_000_000).multipliedReportingOverflow(by: millionths)
        let rest = (value.units % 1_000_000).multipliedReportingOverflow(by: millionths)
        guard !whole.overflow, !rest.overflow else { return value }
        return Money(units: whole.partialValue &+ (rest.partialValue &+ 999_999) / 1_000_000)
    }
}
