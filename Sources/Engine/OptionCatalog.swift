import Market
import Notation
import Scheduling

/// An option of `set_options`: its name, what it takes, and what holds when nobody sets it.
struct OptionSpec {
    /// What an option takes.
    enum Kind {
        case flag
        /// Seconds in a range of whole ones.
        case seconds(ClosedRange<Int>)
        /// An amount of money; 0 for any.
        case yuan
        /// An amount of money above 0.
        case cash
        /// A whole number in a range.
        case whole(ClosedRange<Int>)
        /// One of these words.
        case word([String])
        /// Any text.
        case text
        /// A list of pairs of times, like `market_period`.
        case periods
        /// The same, or the word `none`.
        case periodsOrNone
    }

    let name: String
    let kind: Kind
    let standard: JSON
}

/// All options that this version knows. One that is not in this list is an error wherever it stands.
enum OptionCatalog {
    static let options: [OptionSpec] = [
        .init(name: "use_account", kind: .flag, standard: true),
        .init(name: "trade_gate", kind: .text, standard: "paper"),
        .init(name: "sync_balance", kind: .flag, standard: true),
        .init(name: "sync_order", kind: .flag, standard: true),
        .init(name: "sync_internal", kind: .seconds(1...3600), standard: 5),
        .init(name: "sync_period", kind: .periodsOrNone, standard: "none"),
        .init(name: "max_gate_silence", kind: .seconds(0...86_400), standard: 30),
        .init(name: "ack_timeout", kind: .seconds(1...86_400), standard: 15),
        .init(name: "off_session_orders", kind: .flag, standard: false),
        .init(name: "max_order_value", kind: .yuan, standard: 1_000_000),
        .init(name: "max_orders_per_minute", kind: .whole(1...10_000), standard: 240),
        .init(name: "max_orders_per_day", kind: .whole(1...1_000_000), standard: 10_000),
        .init(name: "max_traded_value_per_day", kind: .yuan, standard: 20_000_000),
        .init(name: "market_data", kind: .text, standard: .null),
        .init(name: "initial_cash", kind: .cash, standard: 1_000_000),
        .init(name: "market_rules", kind: .word(["a_share", "none"]), standard: "a_share"),
        .init(name: "t_plus", kind: .whole(0...1), standard: .null),
        .init(name: "fill", kind: .word(["next_open", "this_close"]), standard: "next_open"),
        .init(name: "market_period", kind: .periods, standard: [["09:30:00", "11:30:00"], ["13:00:00", "15:00:00"]]),
        .init(name: "calendar", kind: .word(["trading_days", "every_day"]), standard: "trading_days"),
        .init(name: "timezone", kind: .text, standard: "Asia/Shanghai"),
        .init(name: "misfire_grace", kind: .seconds(0...86_400), standard: 60),
        .init(name: "on_job_error", kind: .word(["continue", "stop"]), standard: "continue"),
        .init(name: "on_job_crash", kind: .word(["suspend", "continue"]), standard: "suspend"),
        .init(name: "runtime_dir", kind: .text, standard: .null),
        .init(name: "keep_slot_days", kind: .whole(1...36_500), standard: 90),
    ]

    static func spec(_ name: String) -> OptionSpec? { options.first { $0.name == name } }
}

extension OptionSpec {
    /// The value as this option keeps it, or what the option asks for instead.
    func checked(_ value: JSON) -> Result<JSON, Complaint> {
        switch kind {
        case .flag:
            if value.bool != nil { return .success(value) }
            return .failure(Complaint("true or false"))
        case .seconds(let range):
            if let seconds = value.double, seconds >= Double(range.lowerBound), seconds <= Double(range.upperBound) {
                return .success(value)
            }
            return .failure(Complaint("seconds from \(range.lowerBound) to \(range.upperBound)"))
        case .yuan:
            if let yuan = value.double, Money(yuan).map({ $0 >= .zero }) == true { return .success(value) }
            return .failure(Complaint("yuan, 0 for any amount"))
        case .cash:
            if let yuan = value.double, Money(yuan).map({ $0 > .zero }) == true { return .success(value) }
            return .failure(Complaint("yuan, more than 0"))
        case .whole(let range):
            if let number = value.int, range.contains(number) { return .success(.integer(Int64(number))) }
            return .failure(Complaint("a whole number from \(range.lowerBound) to \(range.upperBound)"))
        case .word(let words):
            if let word = value.string, words.contains(word) { return .success(value) }
            return .failure(Complaint(words.map { "\"\($0)\"" }.joined(separator: " or ")))
        case .text:
            if let text = value.string, !text.isEmpty { return .success(value) }
            return .failure(Complaint("a text"))
        case .periodsOrNone where value.string == "none": return .success(value)
        case .periods, .periodsOrNone:
            guard let pairs = OptionSpec.pairs(value) else {
                return .failure(Complaint("pairs of times like [(\"09:30:00\", \"11:30:00\")]"))
            }
            do throws(MarketPeriodError) { _ = try MarketPeriods(pairs) } catch {
                return .failure(Complaint("periods in order: \(error)"))
            }
            return .success(value)
        }
    }

    /// What an option asks for.
    struct Complaint: Error {
        let asked: String
        init(_ asked: String) { self.asked = asked }
    }

    /// `[["09:30", "11:30"], …]` as pairs.
    static func pairs(_ value: JSON) -> [(String, String)]? {
        guard let list = value.list else { return nil }
        var pairs: [(String, String)] = []
        for entry in list {
            guard let times = entry.list, times.count == 2, let start = times[0].string, let end = times[1].string
            else { return nil }
            pairs.append((start, end))
        }
        return pairs
    }
}
