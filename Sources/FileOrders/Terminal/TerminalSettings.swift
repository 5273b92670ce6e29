import Gates
import Market
import PaperTrading
import Simulation
import Storage

/// What a simulated terminal is told at its start.
public struct TerminalSettings: Sendable {
    /// How the folder's files look.
    public var format: OrderFileFormat
    /// The folder.
    public var folder: String
    /// The account's number; rows of others are not this terminal's.
    public var account: String
    /// What the account holds before the ledger's first entry.
    public var opening: TerminalAccount
    /// How Chinese is written.
    public var encoding = TextEncoding.gb18030
    /// What goes wrong.
    public var faults = TerminalFaults()
    /// Where the random numbers begin.
    public var seed: UInt64 = 1
    /// When the market trades, which tells the trading day.
    public var hours = MarketHours()
    /// What the market behind it goes by: the dated rules with what the user changed.
    public var ruleBook = RuleBook()
    /// The dividends and splits of that market.
    public var actions: [CorporateAction] = []
    /// How often it looks for orders.
    public var pollInterval = TimeSpan.milliseconds(50)
    /// How often it writes cash and positions anew.
    public var snapshotInterval = TimeSpan.seconds(5)
    /// The longest that an answer takes, without faults.
    public var answerWithin = TimeSpan.milliseconds(50)
    /// The longest that a fill takes, without faults.
    public var fillWithin = TimeSpan.seconds(1)
    /// The longest that it is late, silent or down.
    public var longestFault = TimeSpan.seconds(60)

    /// A terminal without faults.
    public init(format: OrderFileFormat, folder: String, account: String, opening: TerminalAccount) {
        self.format = format
        self.folder = folder
        self.account = account
        self.opening = opening
    }

    /// The price at which orders without a limit are filled: the last price of what the account held at first, or else
    /// the standard one.
    public func marketPrice(of security: Security) -> Money {
        opening.holdings[security]?.lastPrice ?? TerminalAccount.standardPrice(of: security)
    }
}

extension SeededRandom {
    /// A span of so many milliseconds.
    mutating func milliseconds(_ range: ClosedRange<Int64>) -> TimeSpan {
        .milliseconds(Int64.random(in: range, using: &self))
    }

    /// A span up to a longest one.
    mutating func span(upTo longest: TimeSpan) -> TimeSpan {
        TimeSpan(nanoseconds: Int64.random(in: 0...max(longest.nanoseconds, 0), using: &self))
    }
}
