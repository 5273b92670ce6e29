import Gates
import Market
import Reports

/// One thing that the page of a task is made of, as a line of its memory.
enum PageRecord: Equatable {
    /// What the account began with.
    case start(Money)
    case point(EquityPoint)
    /// A fill, and the name that a broker's fill keeps after every restart; "-" on paper.
    case fill(HistoryFill, id: String)
    case dividend(HistoryDividend)
    case price(Security, Instant, Money)
    /// So many orders were sent on a day.
    case orders(Day, Int)

    /// The words, a code the last of them: nobody knows what stands in one.
    var text: String {
        switch self {
        case .start(let money): "start \(money.units)"
        case .point(let point):
            "point \(point.time.nanoseconds) \(point.day.number) \(point.equity.units) \(point.cash.units)"
        case .fill(let fill, let id):
            "fill \(fill.time.nanoseconds) \(fill.side.rawValue) \(fill.position.rawValue) \(fill.amount)"
                + " \(fill.price.units) \(fill.multiplier) \(fill.fees.units) \(fill.held.map { "\($0)" } ?? "-") \(id)"
                + " \(fill.security.code)"
        case .dividend(let paid): "dividend \(paid.time.nanoseconds) \(paid.cash.units) \(paid.security.code)"
        case .price(let security, let time, let price): "price \(time.nanoseconds) \(price.units) \(security.code)"
        case .orders(let day, let count): "orders \(day.number) \(count)"
        }
    }

    /// The record that `text` wrote; nil for any other.
    init?(_ text: String) {
        let words = text.split(separator: " ", maxSplits: 10, omittingEmptySubsequences: false)
        func money(_ place: Int) -> Money? { Int64(words[place]).map { Money(units: $0) } }
        func time(_ place: Int) -> Instant? { Int64(words[place]).map { Instant(nanoseconds: $0) } }
        func day(_ place: Int) -> Day? { Int32(words[place]).map { Day(number: $0) } }
        func code(from place: Int) -> Security { Security(words[place...].joined(separator: " ")) }
        switch (words[0], words.count) {
        case ("start", 2):
            guard let money = money(1) else { return nil }
            self = .start(money)
        case ("point", 5):
            guard let time = time(1), let day = day(2), let equity = money(3), let cash = money(4) else { return nil }
            self = .point(EquityPoint(time: time, day: day, equity: equity, cash: cash))
        case ("fill", 11):
            guard let time = time(1), let side = TradeSide(rawValue: String(words[2])),
                let position = PositionSide(rawValue: String(words[3])), let amount = Int64(words[4]),
                let price = money(5), let multiplier = Int64(words[6]), let fees = money(7)
            else { return nil }
            let fill = HistoryFill(
                time: time, security: code(from: 10), side: side, position: position, amount: amount, price: price,
                multiplier: multiplier, fees: fees, held: Int64(words[8]))
            self = .fill(fill, id: String(words[9]))
        case ("dividend", 4...):
            guard let time = time(1), let cash = money(2) else { return nil }
            self = .dividend(HistoryDividend(time: time, security: code(from: 3), cash: cash))
        case ("price", 4...):
            guard let time = time(1), let price = money(2) else { return nil }
            self = .price(code(from: 3), time, price)
        case ("orders", 3):
            guard let day = day(1), let count = Int(words[2]) else { return nil }
            self = .orders(day, count)
        default: return nil
        }
    }
}
