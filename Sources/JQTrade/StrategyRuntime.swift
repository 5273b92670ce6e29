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
    /// A call that needs an account, which this task has not. Said once for each place.
    func refuseAccountCall(_ call: String, from site: CallSite?)
}

/// Where the verbs find their runtime.
public enum StrategyHost {
    // A strategy runs on the worker's one thread, which attaches the runtime before it calls anything of the strategy:
    // nothing is ever shared with another thread, and a lock on each call would only hide a strategy that breaks this.
    nonisolated(unsafe) static var runtime: (any StrategyRuntime)?
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
