import Market

/// How events are written as CSV, so that `CSVFeed` reads the very same events.
struct RecordedRow {
    private let zone: MarketZone
    private let levels: Int

    /// The first line of a file of ticks, or of bars.
    let header: String

    init(bars: Bool, zone: MarketZone) {
        self.zone = zone
        levels = bars ? 0 : CSVSlot.levels
        let prices = bars ? "open,high,low,close" : "price"
        let sides = ["bid", "ask"].flatMap { side in
            (1...CSVSlot.levels).map { "\(side)\($0),\(side)\($0)_volume" }
        }
        let book = bars ? "" : "," + sides.joined(separator: ",")
        header = "datetime,code,\(prices),volume,money,pre_close,high_limit,low_limit,paused\(book)"
    }

    /// The line of a bar.
    func line(_ bar: MarketBar, of security: Security) -> String {
        "\(text(bar.end)),\(security),\(bar.open),\(bar.high),\(bar.low),\(bar.close),\(bar.volume),\(Self.money(bar.amount, of: bar.volume)),,,,"
    }

    /// The line of a tick.
    func line(_ tick: MarketTick, of security: Security) -> String {
        "\(text(tick.time)),\(security),\(tick.last),\(tick.volume),\(Self.money(tick.amount, of: tick.volume)),,,,\(book(tick.bids))\(book(tick.asks))"
    }

    /// The line of a day's facts, which has a date and no prices.
    func line(_ facts: DayFacts, of security: Security) -> String {
        func price(_ money: Money?) -> String { money?.description ?? "" }
        let prices = levels > 0 ? ",,," : ",,,,,,"
        let known = "\(price(facts.preClose)),\(price(facts.highLimit)),\(price(facts.lowLimit))"
        return "\(facts.day),\(security)\(prices),\(known),\(facts.isPaused ? 1 : 0)\(book([]))\(book([]))"
    }

    /// What was traded in money; nothing where a volume without money says that nobody knew.
    static func money(_ amount: Money, of volume: Int64) -> String {
        amount == .zero && volume != 0 ? "" : "\(amount)"
    }

    private func book(_ side: [MarketTick.Level]) -> String {
        var text = ""
        for level in side.prefix(levels) { text += ",\(level.price),\(level.volume)" }
        return text + String(repeating: ",", count: 2 * max(0, levels - side.count))
    }

    /// To the nanosecond where there is a fraction.
    private func text(_ instant: Instant) -> String {
        let time = zone.local(instant)
        guard time.nanosecond != 0 else { return "\(time.day) \(time.time)" }
        let digits = String(time.nanosecond)
        var fraction = String(repeating: "0", count: 9 - digits.utf8.count) + digits
        while fraction.hasSuffix("000") { fraction.removeLast(3) }
        return "\(time.day) \(time.time).\(fraction)"
    }
}
