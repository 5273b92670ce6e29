/// What trading costs: rates in millionths of the value, amounts per lot where an exchange reckons so.
public struct TradeFees: Hashable, Sendable {
    /// The commission of an order that opens a position, or buys.
    public var openCommission: Int64
    /// The commission of an order that closes one, or sells.
    public var closeCommission: Int64
    /// The least commission of an order, however many fills it has.
    public var leastCommission: Money
    /// The commission of a lot, beside the rate.
    public var lotCommission: Money
    /// Stamp duty on what is bought.
    public var buyingDuty: Int64
    /// Stamp duty on what is sold.
    public var sellingDuty: Int64
    /// The transfer fee, both ways.
    public var transfer: Int64

    /// The usual commission of 0.03 %, at least 5 yuan, and nothing else.
    public init(
        openCommission: Int64 = 300, closeCommission: Int64 = 300, leastCommission: Money = Money(units: 50_000),
        lotCommission: Money = .zero, buyingDuty: Int64 = 0, sellingDuty: Int64 = 0, transfer: Int64 = 0
    ) {
        self.openCommission = openCommission
        self.closeCommission = closeCommission
        self.leastCommission = leastCommission
        self.lotCommission = lotCommission
        self.buyingDuty = buyingDuty
        self.sellingDuty = sellingDuty
        self.transfer = transfer
    }

    /// The fees of this kind of security on a day: stamp duty and transfer fee are paid for shares alone.
    public init(of kind: TradingUnits.Kind, on day: Day) {
        self.init()
        guard kind == .share else { return }
        (buyingDuty, sellingDuty) = Self.duties.last { $0.from <= day }.map { ($0.buying, $0.selling) } ?? (0, 0)
        transfer = Self.transfers.last { $0.from <= day }?.rate ?? 0
    }

    /// The stamp duty by the day on which it began to hold; older days are not known for sure and cost nothing.
    private static let duties: [(from: Day, buying: Int64, selling: Int64)] = [
        (Day(number: 13663), 3000, 3000),  // 2007-05-30
        (Day(number: 13993), 1000, 1000),  // 2008-04-24
        (Day(number: 14141), 0, 1000),  // 2008-09-19
        (Day(number: 19597), 0, 500),  // 2023-08-28
    ]

    private static let transfers: [(from: Day, rate: Int64)] = [
        (Day(number: 16648), 20),  // 2015-08-01
        (Day(number: 19111), 10),  // 2022-04-29
    ]
}

extension TradeFees {
    /// What so much trade of one order costs in all, each fee rounded to this unit, half of it upwards. The fees of a
    /// further fill are what the whole costs more than before: so the least commission is paid once.
    public func total(of value: Money, lots: Int64, buys: Bool, opens: Bool, unit: Int64) -> Money {
        guard value > .zero else { return .zero }
        let rate = opens ? openCommission : closeCommission
        let perLot = lotCommission.times(lots) ?? .zero
        let commission = max(Self.part(rate, of: value, unit) + perLot.units, leastCommission.units)
        let duty = Self.part(buys ? buyingDuty : sellingDuty, of: value, unit)
        return Money(units: commission &+ duty &+ Self.part(transfer, of: value, unit))
    }

    /// So many millionths of an amount that is not negative, rounded; rates are below the whole.
    @inline(__always)
    static func part(_ millionths: Int64, of value: Money, _ unit: Int64) -> Int64 {
        if millionths == 0 { return 0 }
        let divisor = 1_000_000 * unit
        let (product, overflow) = value.units.multipliedReportingOverflow(by: millionths)
        if !overflow, product < .max - divisor { return (product + divisor / 2) / divisor * unit }
        let wide = value.units.multipliedFullWidth(by: millionths)
        guard wide.high >= 0, wide.high < divisor / 2 else { return value.units }
        return divisor.dividingFullWidth(wide).quotient * unit
    }
}
