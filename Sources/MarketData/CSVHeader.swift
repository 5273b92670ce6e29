/// Which column of a CSV file is what, as its first line says: by name, in letters of any size, in any order.
struct CSVHeader: Sendable {
    /// What is read from a column.
    enum Column: Hashable, Sendable {
        case ignored
        /// The date, or date and time in one.
        case stamp
        /// The time of the day, where the date is a column of its own.
        case clock
        case code
        case price(CSVSlot)
        /// A number of shares.
        case count(CSVSlot)
        /// An amount of money.
        case amount(CSVSlot)
        case flag(CSVSlot)
    }

    let columns: [Column]
    /// The names as they stand.
    let names: [String]
    /// True for bars, false for ticks.
    let hasBars: Bool
    /// True if rows say whose they are.
    let hasCode: Bool
    /// True if rows say something of their day: limits, the close before, whether it is paused.
    let hasFacts: Bool
    /// Levels of the book that rows hold.
    let levels: Int
    /// Names that mean nothing here.
    let unknown: [String]

    /// The columns of these names; a sentence if they make neither bars nor ticks.
    init(_ names: [String]) throws(CSVProblem) {
        let words = names.map { $0.lowercased() }
        var columns = words.map { Self.known[$0] ?? Self.level($0) ?? .ignored }
        try Self.placeTimes(&columns, words)
        unknown = zip(names, columns).filter { $1 == .ignored && !$0.isEmpty }.map(\.0)
        let slots = Set(columns.compactMap(\.slot))
        let missing = CSVSlot.ofBars.filter { !slots.contains($0.slot) }.map(\.name)
        hasBars = missing.isEmpty
        if !hasBars, !slots.contains(.last) {
            throw CSVProblem(
                CSVSlot.ofBars.contains { $0.slot != .volume && slots.contains($0.slot) }
                    ? "the header has no column \(missing.joined(separator: ", ")): bars need open, high, low, close and volume"
                    : "the header names no prices: bars need open, high, low, close and volume, ticks need price")
        }
        let isBars = hasBars
        columns = columns.map { column in
            guard let slot = column.slot else { return column }
            return slot.belongs(toBars: isBars) ? column : .ignored
        }
        for (index, column) in columns.enumerated() where column != .ignored {
            if let other = columns[..<index].firstIndex(of: column) {
                throw CSVProblem("the columns \(names[other]) and \(names[index]) mean the same: leave one out")
            }
        }
        self.columns = columns
        self.names = names
        hasCode = columns.contains(.code)
        hasFacts = columns.contains { $0.slot?.isFact == true }
        levels = isBars ? 0 : columns.compactMap { $0.slot?.level }.max() ?? 0
    }

    /// `datetime` wins over `date` and `time`, and these over `timestamp`; each of them may hold both. A table's index has no
    /// name.
    private static func placeTimes(_ columns: inout [Column], _ words: [String]) throws(CSVProblem) {
        func index(_ names: [String]) -> Int? { words.firstIndex(where: names.contains) }
        let date = index(["date", "日期"])
        let time = index(["time", "时间"])
        if let whole = index(["datetime"]) {
            columns[whole] = .stamp
        } else if let date {
            columns[date] = .stamp
            if let time { columns[time] = .clock }
        } else if let time {
            columns[time] = .stamp
        } else if let stamp = index(["timestamp"]) {
            columns[stamp] = .stamp
        } else if words.first == "" {
            columns[0] = .stamp
        } else {
            throw CSVProblem("the header has no column datetime, date or time: its first line must name the columns")
        }
    }

    /// `bid1`, `ask10_volume`, and as JoinQuant writes ticks: `b1_p`, `a5_v`.
    private static func level(_ word: String) -> Column? {
        let isBid = word.hasPrefix("b")
        guard isBid || word.hasPrefix("a") else { return nil }
        let isLong = word.hasPrefix("bid") || word.hasPrefix("ask")
        let rest = word.dropFirst(isLong ? 3 : 1)
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard let level = Int(digits), (1...CSVSlot.levels).contains(level) else { return nil }
        switch (isLong, rest.dropFirst(digits.count)) {
        case (true, ""), (true, "_price"), (false, "_p"): return .price(isBid ? .bid(level) : .ask(level))
        case (true, "_volume"), (false, "_v"): return .count(isBid ? .bidVolume(level) : .askVolume(level))
        default: return nil
        }
    }

    private static let known: [String: Column] = {
        var known: [String: Column] = [:]
        func add(_ column: Column, _ words: String...) { for word in words { known[word] = column } }
        add(.stamp, "datetime")
        // Which of these is read is decided once all names are known.
        add(.clock, "date", "time", "日期", "时间")
        add(.code, "code", "symbol", "代码", "证券代码")
        add(.price(.open), "open", "开盘", "开盘价")
        add(.price(.high), "high", "最高", "最高价")
        add(.price(.low), "low", "最低", "最低价")
        add(.price(.close), "close", "收盘", "收盘价")
        add(.count(.volume), "volume", "成交量")
        add(.amount(.amount), "money", "amount", "turnover", "成交额")
        add(.price(.last), "price", "last", "current", "最新价")
        add(.price(.preClose), "pre_close", "前收盘价", "昨收")
        add(.price(.highLimit), "high_limit", "涨停价")
        add(.price(.lowLimit), "low_limit", "跌停价")
        add(.flag(.paused), "paused", "停牌")
        return known
    }()
}

/// A sentence about one line; the reader knows which.
struct CSVProblem: Error {
    let text: String

    init(_ text: String) { self.text = text }
}

extension CSVHeader.Column {
    /// Where the number of this column is kept.
    var slot: CSVSlot? {
        switch self {
        case .ignored, .stamp, .clock, .code: nil
        case .price(let slot), .count(let slot), .amount(let slot), .flag(let slot): slot
        }
    }
}

/// The place of a number among those of a row.
struct CSVSlot: Hashable, Sendable {
    let index: Int

    static let levels = 10
    static let count = 51

    static let open = CSVSlot(index: 0)
    static let high = CSVSlot(index: 1)
    static let low = CSVSlot(index: 2)
    static let close = CSVSlot(index: 3)
    static let volume = CSVSlot(index: 4)
    static let amount = CSVSlot(index: 5)
    static let last = CSVSlot(index: 6)
    static let preClose = CSVSlot(index: 7)
    static let highLimit = CSVSlot(index: 8)
    static let lowLimit = CSVSlot(index: 9)
    static let paused = CSVSlot(index: 10)
    static func bid(_ level: Int) -> CSVSlot { CSVSlot(index: 10 + level) }
    static func bidVolume(_ level: Int) -> CSVSlot { CSVSlot(index: 20 + level) }
    static func ask(_ level: Int) -> CSVSlot { CSVSlot(index: 30 + level) }
    static func askVolume(_ level: Int) -> CSVSlot { CSVSlot(index: 40 + level) }

    static let ofBars: [(slot: CSVSlot, name: String)] = [
        (.open, "open"), (.high, "high"), (.low, "low"), (.close, "close"), (.volume, "volume"),
    ]

    /// True for what is known of a day before it trades.
    var isFact: Bool { (CSVSlot.preClose.index...CSVSlot.paused.index).contains(index) }
    /// The level of the book that it is of.
    var level: Int? { index > CSVSlot.paused.index ? (index - 11) % CSVSlot.levels + 1 : nil }

    /// True if it says something in a row of bars, or of ticks: a tick file's `high` is the day's so far.
    func belongs(toBars: Bool) -> Bool {
        if isFact || self == .volume || self == .amount { return true }
        return toBars == (index < CSVSlot.volume.index)
    }
}
