import Market

/// When in a trading day a job runs, as `run_daily` is told.
public enum TimeExpression: Hashable, Sendable {
    /// A time on the market's clock.
    case clock(TimeOfDay)
    /// So many seconds after the first period's start; before it if negative.
    case open(Int)
    /// So many seconds after the last period's end; before it if negative.
    case close(Int)
    /// Each whole minute of each period, both ends included.
    case everyMinute
    /// The start of each minute bar of each period.
    case everyBar

    /// Reads `9:30`, `09:30:15`, `open`, `close-30m`, `close+1h30m`, `before_open`, `after_close`, `every_minute`,
    /// `every_bar`.
    public init(_ text: String) throws(TimeExpressionError) {
        switch text {
        case "": throw .empty
        case "before_open": self = .open(-1800)
        case "after_close": self = .close(1800)
        case "every_minute": self = .everyMinute
        case "every_bar": self = .everyBar
        case _ where text.utf8.first.map { (0x30...0x39).contains($0) } ?? false:
            do throws(ClockTimeError) { self = .clock(try TimeOfDay(clock: text)) } catch { throw .badClock(error) }
        case _ where text.hasPrefix("open"): self = .open(try Self.offset(text, after: "open"))
        case _ where text.hasPrefix("close"): self = .close(try Self.offset(text, after: "close"))
        default: throw .unknown(text)
        }
    }

    /// The seconds of `±1h30m15s`; zero for nothing.
    private static func offset(_ text: String, after word: String) throws(TimeExpressionError) -> Int {
        let rest = text.utf8.dropFirst(word.utf8.count)
        guard let sign = rest.first else { return 0 }
        guard sign == 0x2B || sign == 0x2D else { throw .unknown(text) }
        guard rest.count > 1 else { throw .noOffset(text) }
        var units: [(letter: UInt8, seconds: Int)] = [(0x68, 3600), (0x6D, 60), (0x73, 1)]
        var seconds = 0
        var left = rest.dropFirst()
        while !left.isEmpty {
            let digits = left.prefix { (0x30...0x39).contains($0) }
            left = left.dropFirst(digits.count)
            guard (1...6).contains(digits.count), let letter = left.popFirst(),
                let unit = units.firstIndex(where: { $0.letter == letter })
            else { throw .badOffset(text) }
            seconds += digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } * units[unit].seconds
            units.removeSubrange(...unit)
        }
        // Whatever is longer than days is too far from any period, and is refused for that.
        seconds = min(seconds, 1_000_000)
        return sign == 0x2B ? seconds : -seconds
    }

    /// True for the expressions that give many slots a day; they come first among the slots of one instant.
    public var isEachMinute: Bool { self == .everyMinute || self == .everyBar }

    /// Refuses an offset that reaches more than 12 hours before the first or after the last period.
    func check(_ text: String, against periods: ArraySlice<MarketPeriods.Period>) throws(TimeExpressionError) {
        guard let open = periods.first?.start, let close = periods.last?.end else { return }
        let time: TimeOfDay
        switch self {
        case .open(let offset): time = open + offset
        case .close(let offset): time = close + offset
        case .clock, .everyMinute, .everyBar: return
        }
        if time < open + -43_200 { throw .tooEarly(text, open: open) }
        if time > close + 43_200 { throw .tooLate(text, close: close) }
    }
}

/// Why a text is no time for a job.
public enum TimeExpressionError: Error, Hashable, Sendable {
    /// The text is empty.
    case empty
    /// It begins like a time on the clock and is none.
    case badClock(ClockTimeError)
    /// It is none of the known words.
    case unknown(String)
    /// There is a sign and nothing after it.
    case noOffset(String)
    /// What follows the sign is no offset.
    case badOffset(String)
    /// More than 12 hours before the first period.
    case tooEarly(String, open: TimeOfDay)
    /// More than 12 hours after the last period.
    case tooLate(String, close: TimeOfDay)
}

extension TimeExpressionError: CustomStringConvertible {
    /// A sentence for the user.
    public var description: String {
        switch self {
        case .empty:
            "the time is empty: write a time like \"09:30\", or \(Self.words)"
        case .badClock(let error):
            "\(error)"
        case .unknown(let text):
            "\"\(text)\" is no time: write HH:MM, HH:MM:SS, \(Self.words)"
        case .noOffset(let text):
            "\"\(text)\" lacks its offset: write hours, minutes or seconds after the sign, like open-30m"
        case .badOffset(let text):
            "the offset of \"\(text)\" cannot be read: write hours, minutes and seconds in this order, like close+1h30m"
        case .tooEarly(let text, let open):
            "\"\(text)\" is more than 12 hours before the first period, which begins at \(open)"
        case .tooLate(let text, let close):
            "\"\(text)\" is more than 12 hours after the last period, which ends at \(close)"
        }
    }

    private static let words = "open, close, open-30m, close+1h30m, before_open, after_close, every_minute or every_bar"
}
