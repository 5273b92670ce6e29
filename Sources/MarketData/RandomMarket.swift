import Market
import Notation

/// Which random market: the same one each time for the same numbers.
public struct RandomMarket: Hashable, Sendable {
    /// What the market follows from.
    public var seed: UInt64 = 7
    /// The price that it strays from; nil for what is usual for a code: 10 yuan, 3500 for futures.
    public var price: Money?
    /// The time from tick to tick; zero for as fast as possible.
    public var interval = TimeSpan.milliseconds(500)
    /// The one day to be replayed; nil to go with the clock.
    public var date: Day?

    /// The market that is random's default.
    public init() {}

    /// Reads `seed=7,price=10,interval=0.5,date=2019-10-08`; what is left out is as usual.
    init(options text: String) throws(FeedError) {
        var seen: Set<Substring> = []
        for option in text.split(separator: ",", omittingEmptySubsequences: true) {
            let name = option.prefix { $0 != "=" }.trimmed
            let value = option.dropFirst(option.prefix { $0 != "=" }.count + 1).trimmed
            guard seen.insert(name).inserted else { throw Self.error(name, "is given twice: leave one out") }
            try set(name, value)
        }
    }

    private mutating func set(_ name: Substring, _ value: Substring) throws(FeedError) {
        switch name {
        case "seed":
            guard let seed = UInt64(value) else { throw Self.error(name, "\"\(value)\" is no whole number, like 7") }
            self.seed = seed
        case "price":
            guard let yuan = Double(value), (0.01...100_000).contains(yuan), let price = Money(yuan) else {
                throw Self.error(name, "\"\(value)\" is no price from 0.01 to 100000, like 10")
            }
            self.price = price
        case "interval":
            guard let seconds = Double(value), seconds == 0 || (0.001...3600).contains(seconds) else {
                throw Self.error(
                    name, "\"\(value)\" is no time from 0.001 to 3600 seconds, like 0.5, and not 0 for at once")
            }
            interval = TimeSpan.milliseconds(Int64(seconds * 1000 + 0.5))
        case "date":
            guard let day = Day(value) else { throw Self.error(name, "\"\(value)\" is no date, like 2019-10-08") }
            date = day
        default:
            let meant = nearest(to: String(name), in: ["seed", "price", "interval", "date"])
            throw Self.error(
                name,
                meant.map { "is not known: did you mean \"\($0)\"?" }
                    ?? "is not known: there are seed, price, interval and date")
        }
    }

    private static func error(_ name: Substring, _ problem: String) -> FeedError {
        FeedError("market_data random: option \"\(name)\": \(problem)")
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}
