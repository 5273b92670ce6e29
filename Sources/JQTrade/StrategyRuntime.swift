import Gates
import Market
import Notation

/// What stands behind a strategy's calls: the one seam between this module's words and the engine that runs them.
///
/// A call of this API never throws and never traps: what is wrong with it is told to the runtime by `report`, or found
/// by the runtime itself, and the strategy goes on with nil, empty or zero values.
public protocol StrategyRuntime: AnyObject {
    /// The wall clock's time.
    var now: Instant { get }
    /// The time of the slot that is being run; nil outside a slot.
    var slotTime: Instant? { get }
    /// The market's time zone.
    var zone: MarketZone { get }
    /// The task's name.
    var taskName: String { get }
    /// `live`, `paper` or `backtest`.
    var mode: String { get }
    /// True when this start follows a crash.
    var isRestart: Bool { get }

    /// `set_options(name: value, …)`, in the order written.
    func setOptions(_ pairs: [(name: String, value: Any)], from site: CallSite?)
    /// `run_daily`, `run_weekly` or `run_monthly`.
    func register(_ job: JobRegistration, from site: CallSite)
    /// An entry of the strategy's own log.
    func write(_ level: StrategyLogLevel, _ message: String)
    /// The text of `--param name=…`, nil if it was not given.
    func parameter(_ name: String) -> String?
    /// A value of `context.state`.
    func state(_ name: String) -> JSON?
    /// Sets a value of `context.state`; nil removes it.
    func setState(_ name: String, _ value: JSON?)
    /// A wrong use of this API, as a sentence; `site` is nil where the language gives no place.
    func report(_ problem: String, from site: CallSite?)

    // The account. A task that has none says so, once for each place, and answers nil, false, nothing or zero.

    /// Gives an order: its id, or nil.
    func give(_ wish: OrderWish, from call: AccountCall) -> String?
    /// Gives orders of shares, all in one step; each has its own id or nil.
    func give(_ wishes: [OrderWish], from call: AccountCall) -> [String?]
    /// Asks for orders to be canceled; each answer says whether that was asked.
    func cancel(_ ids: [String], from call: AccountCall) -> [Bool]
    /// Those of today's orders that are wished, in order of time.
    func orders(_ wish: OrdersWish, from call: AccountCall) -> [Order]
    /// Today's fills, in order of time.
    func trades(from call: AccountCall) -> [Trade]
    /// The account's cash and positions.
    func portfolio(from call: AccountCall) -> Portfolio
    /// Reads what the broker says of cash and positions, or of orders, now.
    func sync(balance: Bool, orders: Bool, from call: AccountCall)
    /// The strategy looked at a position that does not exist.
    func missedPosition(_ code: String, _ side: PositionSide)

    // The market.

    /// `subscribe`.
    func subscribe(_ wish: SubscriptionWish, from site: CallSite)
    /// The bars that `get_bars` asks for.
    func bars(_ wish: BarsWish, from site: CallSite) -> [Bar]
    /// The last price of a security.
    func lastPrice(_ code: String, from site: CallSite) -> Double?
    /// What is known of a security now.
    func currentData(_ code: String, from site: CallSite) -> CurrentData
    /// `set_order_cost`.
    func setOrderCost(_ cost: OrderCost, from site: CallSite)
    /// `set_slippage`.
    func setSlippage(_ slippage: SlippageStyle, from site: CallSite)
}

/// A call of the strategy that needs the account.
public struct AccountCall: Hashable, Sendable {
    /// What was called, as it is written: `order()`.
    public let name: String
    /// Where; nil where the language gives no place.
    public let site: CallSite?

    /// A call.
    public init(_ name: String, _ site: CallSite?) {
        self.name = name
        self.site = site
    }
}

/// An order as a strategy wishes it: of how much is not always said in shares.
public struct OrderWish: Hashable, Sendable {
    /// How much.
    public enum Quantity: Hashable, Sendable {
        /// So many shares: more than 0 buys or opens, less sells or closes.
        case amount(Int)
        /// Shares for so many yuan.
        case value(Double)
        /// What brings the position to so many shares.
        case target(Int)
        /// What brings the position to so many yuan.
        case targetValue(Double)
    }

    /// The security.
    public let code: String
    /// How much.
    public let quantity: Quantity
    /// How it is priced.
    public let style: OrderStyle
    /// Long or short.
    public let side: PositionSide

    /// An order as wished.
    public init(code: String, quantity: Quantity, style: OrderStyle, side: PositionSide) {
        self.code = code
        self.quantity = quantity
        self.style = style
        self.side = side
    }
}

/// Which of today's orders a strategy asks for: all that fit each filter that is given.
public struct OrdersWish: Hashable, Sendable {
    /// The one with this id.
    public let id: String?
    /// Those of this security.
    public let code: String?
    /// Those with this status.
    public let status: OrderStatus?
    /// Those that are not finished.
    public let isOpen: Bool

    /// A question for orders.
    public init(id: String? = nil, code: String? = nil, status: OrderStatus? = nil, isOpen: Bool = false) {
        self.id = id
        self.code = code
        self.status = status
        self.isOpen = isOpen
    }
}

/// Where the verbs find their runtime.
public enum StrategyHost {
    // A strategy runs on the worker's one thread, which attaches the runtime before it calls anything of the strategy:
    // nothing is ever shared with another thread, and a lock on each call would only hide a strategy that breaks this.
    @exclusivity(unchecked) nonisolated(unsafe) static var runtime: (any StrategyRuntime)?
    nonisolated(unsafe) static var optionSites: [OptionSite] = []

    /// From now on every verb speaks to this runtime; nil ends that, and verbs then do nothing.
    public static func attach(_ runtime: (any StrategyRuntime)?, optionSites: [OptionSite] = []) {
        self.runtime = runtime
        self.optionSites = optionSites
    }
}

/// A place in the strategy's source.
public struct CallSite: Hashable, Sendable {
    /// The file's path as it was given to the compiler.
    public let path: String
    /// The line, from 1.
    public let line: Int

    /// A place in a file.
    public init(path: String, line: Int) {
        self.path = path
        self.line = line
    }

    /// The file's name without its folder.
    public var file: String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension CallSite: CustomStringConvertible {
    /// `demo.swift:12`.
    public var description: String { "\(file):\(line)" }
}

/// How much an entry of the strategy's log matters.
public enum StrategyLogLevel: Int, Comparable, Sendable {
    /// Seen with `--debug` only.
    case debug
    /// What the strategy does.
    case info
    /// Something to look at.
    case warn
    /// Something went wrong.
    case error

    /// True if `a` matters less.
    public static func < (a: StrategyLogLevel, b: StrategyLogLevel) -> Bool { a.rawValue < b.rawValue }
}
