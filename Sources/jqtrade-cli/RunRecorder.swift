import Engine
import Market
import PaperTrading
import Reports

/// Collects what a run leaves for its figures and its page, as the engine tells of it.
final class RunRecorder {
    private(set) var history: RunHistory
    private var curves: [Security: PriceCurve] = [:]

    init(_ history: RunHistory) { self.history = history }

    /// Takes what the account begins with.
    func begin(with value: Money) { history.start = value }

    /// Takes what the run is called by: `paper`, or the account that it trades with.
    func take(mode: String) { history.mode = mode }

    /// Takes the market's zone.
    func take(_ zone: MarketZone) { history.zone = zone }

    /// Takes that nobody tells what the fills cost.
    func hidesFees() { history.feesAreKnown = false }

    /// Takes a fill.
    func take(_ fill: HistoryFill) { history.fills.append(fill) }

    /// Takes a dividend.
    func take(_ dividend: HistoryDividend) { history.dividends.append(dividend) }

    /// Takes a price for the chart.
    func take(_ security: Security, _ time: Instant, _ price: Money) {
        curves[security, default: PriceCurve()].add(time, price)
    }

    /// Takes what the account is worth. A day that is settled has its last word, and of one moment the last counts.
    func take(_ point: EquityPoint) {
        while let last = history.points.last, last.time >= point.time { history.points.removeLast() }
        history.points.append(point)
    }

    /// Takes what the account was worth if it is news: of an instant that is being taken in, not all prices are known yet,
    /// and what is known is of the one before.
    func add(_ point: EquityPoint) {
        if let last = history.points.last, last.time >= point.time { return }
        history.points.append(point)
    }

    /// Takes what the account was worth at moments between those that were taken.
    func insert(_ points: [EquityPoint]) {
        for point in points where !history.points.contains(point) {
            let place = history.points.firstIndex { $0.time >= point.time } ?? history.points.endIndex
            history.points.insert(point, at: place)
        }
    }

    /// Forgets what the account was worth within the days before this one, and keeps their closes.
    func keepMinutes(since day: Day) {
        let old = history.points.prefix { $0.day < day }
        guard let last = old.last, old.count > 1 else { return }
        let closes = old.indices.filter { $0 + 1 == old.endIndex || old[$0].day != old[$0 + 1].day }.map { old[$0] }
        if closes.count < old.count, last.day < day { history.points.replaceSubrange(old.indices, with: closes) }
    }

    /// The history until now.
    func finished(orders: Int, bars: Int, seconds: Double) -> RunHistory {
        var whole = history
        whole.orders = orders
        whole.bars = bars
        whole.seconds = seconds
        whole.prices = curves.mapValues(\.points)
        return whole
    }
}

extension EquityPoint {
    /// What an account on paper was worth.
    init(_ worth: WorthMark, _ hours: MarketHours) {
        self.init(time: worth.time, day: hours.tradingDay(at: worth.time), equity: worth.equity, cash: worth.cash)
    }
}

extension HistoryDividend {
    /// A dividend of a day, which is paid before it trades.
    init(_ security: Security, _ exDate: Day, _ cash: Money, _ zone: MarketZone) {
        self.init(time: zone.instant(exDate, TimeOfDay(0, 0)), security: security, cash: cash)
    }
}

extension HistoryFill {
    /// A fill of the paper exchange.
    init(_ fill: PaperFill) {
        self.init(
            time: fill.time, security: fill.security, side: fill.side, position: fill.position, amount: fill.amount,
            price: fill.price, multiplier: fill.multiplier, fees: fill.fees, held: fill.held)
    }
}
