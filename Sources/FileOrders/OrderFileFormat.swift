import Gates
import Market

/// What a broker's terminal and its clients agreed on: which files lie in the folder, their columns and their codes. The
/// gate and the simulated terminal, the two sides of the folder, both read it; neither knows a broker.
public struct OrderFileFormat: Sendable {
    /// The name of the gate in `trade_gate`.
    public var name: String
    /// What people call it.
    public var title: String

    /// The file of our orders.
    public var orders: FileLayout
    /// The file of our cancels; it may be that of the orders.
    public var cancels: FileLayout
    /// The terminal's answers to what we sent, if it has a file for them; it only grows.
    public var results: FileLayout?
    /// The terminal's reports on orders; it only grows.
    public var reports: FileLayout
    /// The account's cash, rewritten again and again, if it is known.
    public var assets: FileLayout?
    /// The account's positions, rewritten likewise.
    public var positions: FileLayout?

    /// The codes that stand in the columns.
    public var codes: OrderCodes
    /// The ids that come back unchanged.
    public var ids: IDWidth
    /// What ends the lines that we write; both kinds are read.
    public var lineEnd: String
    /// The account types that the terminal trades, the first one if none is named.
    public var accountTypes: [String]
    /// The counters that it speaks to (option `counter_type`), the first one if none is named.
    public var counterTypes: [String]
    /// The algorithm if none is named (option `algo_type`); nil if it has no such column.
    public var algorithm: String?
}

/// Ids of digits: so many, and none greater.
public struct IDWidth: Sendable, Hashable {
    /// How many digits.
    public var digits: Int
    /// The greatest.
    public var largest: UInt64
}

/// A file of the folder.
public struct FileLayout: Sendable {
    /// The name before the day.
    public var stem: String
    /// Whether the day stands in the name, `stem` + `YYYYMMDD.csv`; else `stem.csv` goes on from day to day.
    public var isDaily: Bool
    /// Whether it begins with the columns' names.
    public var hasHeader: Bool
    /// Whether a row of empty fields at the end says that it is whole.
    public var endsWithEmptyRow: Bool
    /// The columns in the order in which they are written; they are read by name.
    public var columns: [Column]
    /// The columns that a reader cannot do without.
    public var required: [Field]

    /// A column's name, and what stands in it, if it is known.
    public struct Column: Sendable, Hashable {
        /// The name in the header.
        public var name: String
        /// What stands in it.
        public var field: Field?

        /// A column.
        public init(_ name: String, _ field: Field?) {
            self.name = name
            self.field = field
        }
    }

    /// A file; `required` is all that is known, unless told otherwise.
    public init(
        stem: String, isDaily: Bool = true, hasHeader: Bool = true, endsWithEmptyRow: Bool = false,
        columns: [Column], required: [Field]? = nil
    ) {
        self.stem = stem
        self.isDaily = isDaily
        self.hasHeader = hasHeader
        self.endsWithEmptyRow = endsWithEmptyRow
        self.columns = columns
        self.required = required ?? columns.compactMap(\.field)
    }

    /// The file's name on a day.
    public func name(on day: Day) -> String { isDaily ? "\(stem)\(day.compact).csv" : "\(stem).csv" }

    /// The name of the column that holds this.
    public func column(of field: Field) -> String? { columns.first { $0.field == field }?.name }

    /// The first line of the file, without its end.
    public var header: String { columns.map(\.name).joined(separator: ",") }
}

/// What can stand in a column.
public enum Field: Int, Sendable, Hashable, CaseIterable {
    // Of an order, on its way out and in reports.
    /// When the row was written: `HHMMSS.ffffff`.
    case time
    /// Whether the row is an order or a cancel, where one file holds both.
    case instruction
    /// Our id.
    case id
    /// The counter.
    case counterType
    /// The account's number.
    case account
    /// The security as this terminal writes it.
    case symbol
    /// Buys or sells.
    case side
    /// Shares.
    case amount
    /// The algorithm.
    case algorithm
    /// How it is priced.
    case priceType
    /// The limit price; 0 where the price type has none.
    case price
    /// The limit price once more, where an order has a range of prices.
    case secondPrice
    /// A number that is always 0.
    case zero
    /// The counter's number.
    case counterNumber

    // Of an answer.
    /// What is answered: an order or a cancel.
    case answered
    /// The verdict.
    case verdict
    /// The number of an error.
    case errorCode
    /// Words.
    case message

    // Of a report.
    /// Where the order stands.
    case status
    /// The day on which the counter took it, `YYYYMMDD`.
    case orderDate
    /// When the counter took it, `HHMMSS`, or date and time together where there is no date.
    case orderTime
    /// Shares filled so far.
    case filledAmount
    /// Their mean price.
    case averagePrice
    /// What they cost or brought.
    case filledValue
    /// Shares canceled so far.
    case canceledAmount

    // Of the account.
    /// The exchange of a part of the cash; empty for the whole.
    case exchange
    /// Cash and positions together.
    case totalValue
    /// Cash that may be spent.
    case availableCash
    /// All cash, that held by open orders included.
    case cash
    /// Shares held.
    case heldAmount
    /// Shares that may be sold.
    case availableAmount
    /// What a share cost.
    case cost
    /// The last price.
    case lastPrice
    /// What the shares are worth.
    case value
}
