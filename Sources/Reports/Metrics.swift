import CSupport
import Market
import Notation

/// The figures of a run. What is not defined for it (the Sharpe ratio of a single day) is nil, never a number that
/// is none.
public struct Metrics: Hashable, Sendable {
    /// Trading days in a year: China's exchanges open on about 244.
    public static let daysPerYear = 244.0

    /// What the account began with.
    public let startValue: Money
    /// What it was worth in the end.
    public let finalValue: Money
    /// Its cash in the end.
    public let finalCash: Money
    /// What was gained, as a part of the start: 0.12 is 12 %.
    public let totalReturn: Double?
    /// The gain of a year of 244 trading days, had every year gone so (compounded).
    public let annualReturn: Double?
    /// The deepest fall below the highest value until then, as a part of that value: 0.2 is 20 % down.
    public let maxDrawdown: Double
    /// When that highest value was reached; nil if the value never fell below an earlier one.
    public let maxDrawdownFrom: Instant?
    /// When the fall was deepest.
    public let maxDrawdownTo: Instant?
    /// Mean of the daily returns by their deviation, for a year (× √244), above an interest of 0.
    public let sharpe: Double?
    /// Standard deviation of the daily returns (of a sample: n - 1), for a year (× √244).
    public let volatility: Double?
    /// Which part of the closed trades gained, after fees; see `TradeBook.closedTrades`.
    public let winRate: Double?
    /// What the closed trades gained by what they lost, after fees; nil if none lost.
    public let profitFactor: Double?
    /// The value of all that was bought and all that was sold, by the mean of the values at the days' ends.
    public let turnover: Double?
    /// How many orders were given.
    public let orders: Int
    /// In how many parts they were filled.
    public let fills: Int
    /// Commissions, taxes and transfer fees together.
    public let fees: Money
    /// Trading days.
    public let days: Int
    /// Bars and ticks that the market sent.
    public let bars: Int
    /// How long the run took.
    public let seconds: Double
    private let zone: MarketZone

    /// The figures of a run.
    public init(_ history: RunHistory) {
        let closes = history.dayCloses
        let last = history.points.last
        let fall = Drawdown.deepest(start: history.start, history.points)
        let returns = Self.returns(from: history.start, closes)
        let deviation = Self.deviation(returns)
        let trades = Self.closedTrades(history)
        startValue = history.start
        finalValue = last?.equity ?? history.start
        finalCash = last?.cash ?? history.start
        totalReturn = Self.ratio(finalValue.yuan - startValue.yuan, startValue.yuan)
        annualReturn = Self.annual(from: startValue, to: finalValue, days: closes.count)
        maxDrawdown = fall?.depth ?? 0
        maxDrawdownFrom = fall?.from
        maxDrawdownTo = fall?.to
        volatility = deviation.map { $0 * Self.daysPerYear.squareRoot() }
        sharpe = deviation.flatMap { Self.ratio(Self.mean(returns) * Self.daysPerYear.squareRoot(), $0) }
        winRate = Self.ratio(Double(trades.count { $0 > .zero }), Double(trades.count))
        let lost = trades.filter { $0 < .zero }.reduce(0) { $0 - $1.yuan }
        profitFactor = Self.ratio(trades.filter { $0 > .zero }.reduce(0) { $0 + $1.yuan }, lost)
        turnover = Self.ratio(history.fills.reduce(0) { $0 + $1.value.yuan }, Self.mean(closes.map(\.equity.yuan)))
        orders = history.orders
        fills = history.fills.count
        fees = history.fills.reduce(.zero) { $0 + $1.fees }
        days = closes.count
        bars = history.bars
        seconds = history.seconds
        zone = history.zone
    }

    /// How many bars the run took a second.
    public var barsPerSecond: Double? { Self.ratio(Double(bars), seconds) }

    /// The figures as `run_backtest --json` prints them; money in yuan, moments on the market's clock.
    public var json: JSON {
        [
            "start_value": .number(startValue.yuan), "final_value": .number(finalValue.yuan),
            "final_cash": .number(finalCash.yuan), "total_return": .of(totalReturn), "annual_return": .of(annualReturn),
            "max_drawdown": .number(maxDrawdown), "max_drawdown_from": moment(maxDrawdownFrom),
            "max_drawdown_to": moment(maxDrawdownTo), "sharpe": .of(sharpe), "volatility": .of(volatility),
            "win_rate": .of(winRate), "profit_factor": .of(profitFactor), "turnover": .of(turnover),
            "orders": .integer(Int64(orders)), "fills": .integer(Int64(fills)), "fees": .number(fees.yuan),
            "days": .integer(Int64(days)), "bars": .integer(Int64(bars)), "seconds": .number(seconds),
            "bars_per_second": .of(barsPerSecond),
        ]
    }

    private func moment(_ instant: Instant?) -> JSON {
        guard let local = instant.map(zone.local) else { return .null }
        return .text("\(local.day) \(local.time)")
    }
}

extension Metrics {
    /// One number by another; nil where that is no number.
    private static func ratio(_ a: Double, _ b: Double) -> Double? {
        let ratio = a / b
        return b > 0 && ratio.isFinite ? ratio : nil
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private static func deviation(_ values: [Double]) -> Double? {
        guard values.count > 1 else { return nil }
        let mean = mean(values)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    /// What each day gained as a part of what the day began with; a day that began with nothing has no return.
    private static func returns(from start: Money, _ closes: [EquityPoint]) -> [Double] {
        zip([start] + closes.map(\.equity), closes.map(\.equity)).compactMap { ratio($1.yuan - $0.yuan, $0.yuan) }
    }

    private static func annual(from start: Money, to end: Money, days: Int) -> Double? {
        guard days > 0, start > .zero, end >= .zero else { return nil }
        let yearly = pow(end.yuan / start.yuan, daysPerYear / Double(days)) - 1
        return yearly.isFinite ? yearly : nil
    }

    private static func closedTrades(_ history: RunHistory) -> [Money] {
        var book = TradeBook(dividends: history.dividends)
        for fill in history.fills { _ = book.take(fill) }
        return book.closedTrades
    }
}

extension JSON {
    fileprivate static func of(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
}
