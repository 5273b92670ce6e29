import Market

/// On which terms a security is traded on one day: all that the rules say of it. They are made once and shared by all
/// that happens on that day.
final class TradeTerms {
    /// Lots and largest orders; nil where none are kept.
    var units: TradingUnits?
    /// The distance of one price from the next.
    var tick: Money
    /// How many units of the price one share or contract stands for.
    var multiplier: Int64 = 1
    /// The margin of a contract in thousandths; nil for what is paid in full.
    var margin: Int64?
    /// What it costs.
    var fees: TradeFees
    /// What each fee is rounded to.
    var feeUnit: Int64
    /// True if what was bought today may be sold today.
    var sellsSameDay: Bool
    /// True if it is matched in auctions at open and close, and only within sessions.
    var keepsSessions: Bool
    /// True if a closing auction ends its day.
    var hasClosingAuction: Bool
    /// The highest price of the day; nil where none is known.
    var high: Money?
    /// The lowest price of the day; nil where none is known.
    var low: Money?
    /// True if nobody told these limits: they were reckoned from the close before.
    var guessesLimits = false
    /// How far a limit may be from the market.
    var cage: PriceCage?
    var isPaused = false

    var isFuture: Bool { margin != nil }
    /// The smallest amount that fills grow by.
    var lot: Int64 { units.map(\.step) ?? 1 }

    /// The terms of a security on a day, with these price limits where nobody has told any; throws why it cannot be traded.
    init(
        of security: Security, on day: Day, facts: DayFacts?, fallback: PriceLimits?, _ setting: PaperSetting
    ) throws(PaperError) {
        let isFree = setting.rules == .none
        let facts = facts?.day == day ? facts : nil
        isPaused = facts?.isPaused ?? false
        feeUnit = isFree ? 1 : 100
        keepsSessions = !isFree
        hasClosingAuction = false
        if FuturesProduct.name(of: security) != nil {
            let product = try Self.product(of: security, setting)
            tick = product.tick
            multiplier = product.multiplier
            margin = product.margin
            fees = product.fees
            sellsSameDay = true
        } else if isFree {
            tick = Money(units: 1)
            fees = TradeFees()
            sellsSameDay = setting.tPlus != 1
        } else {
            guard let units = TradingUnits(of: security, on: day) else {
                throw PaperError(
                    "\(security) is no code of a share, fund, convertible bond or future: "
                        + "write six digits and .XSHE, .XSHG or .BJSE, like 000001.XSHE")
            }
            self.units = units
            tick = units.tick
            fees = setting.ruleBook.fees(of: units.kind, on: day)
            sellsSameDay = Self.sellsSameDay(security, units.kind, setting)
            hasClosingAuction = Self.hasClosingAuction(security, on: day)
            cage = PriceCage(of: security, on: day)
        }
        if let costs = setting.costs { fees = costs.fees }
        if isFree { return }
        let told = limits(of: security, on: day, facts, setting.ruleBook)
        high = facts?.highLimit ?? told?.high ?? fallback?.high
        low = facts?.lowLimit ?? told?.low ?? fallback?.low
        guessesLimits = told == nil && facts?.highLimit == nil && facts?.lowLimit == nil && fallback != nil
    }

    private func limits(of security: Security, on day: Day, _ facts: DayFacts?, _ book: RuleBook) -> PriceLimits? {
        guard let preClose = facts?.preClose, preClose > .zero,
            let thousandths = book.thousandths(of: security, on: day)
        else { return nil }
        return PriceLimits(preClose: preClose, thousandths: thousandths, tick: tick)
    }

    private static func product(
        of security: Security, _ setting: PaperSetting
    ) throws(PaperError) -> FuturesProduct {
        if let product = setting.ruleBook.product(of: security) { return product }
        let name = FuturesProduct.name(of: security) ?? security.code
        throw PaperError(
            "\(security) is a contract of \(name), which is not known here: add it to rules.json, like "
                + "{\"futures\": {\"\(name)\": {\"multiplier\": 10, \"tick\": 1, \"margin\": 0.1}}}")
    }

    private static func sellsSameDay(
        _ security: Security, _ kind: TradingUnits.Kind, _ setting: PaperSetting
    ) -> Bool {
        if let days = setting.tPlus { return days == 0 }
        return kind == .convertible || setting.sameDayCodes.contains(security)
            || setting.ruleBook.sameDayCodes.contains(security)
    }

    /// Shenzhen closes by an auction since 2006-07-01, Shanghai since 2018-08-20, Beijing from its first day.
    private static func hasClosingAuction(_ security: Security, on day: Day) -> Bool {
        switch security.exchange {
        case .shenzhen: day.number >= 13330
        case .shanghai: day.number >= 17763
        case .beijing: true
        default: false
        }
    }
}

extension TradeTerms {
    /// What so many shares are worth at a price; nil if that is more than can be held.
    @inline(__always)
    func value(_ price: Money, _ amount: Int64) -> Money? {
        let (shares, overflow) = price.units.multipliedReportingOverflow(by: amount)
        if overflow { return nil }
        if multiplier == 1 { return Money(units: shares) }
        let (value, tooLarge) = shares.multipliedReportingOverflow(by: multiplier)
        return tooLarge ? nil : Money(units: value)
    }

    /// What is kept for contracts of this value.
    func margin(of value: Money) -> Money {
        margin.map(value.thousandths) ?? .zero
    }

    /// A price that is none, moved to the next one up or down.
    func rounded(_ price: Int64, up: Bool) -> Int64 {
        let step = max(tick.units, 1)
        let off = price % step
        return off == 0 ? price : up ? price &- off &+ step : price - off
    }
}
