// A strategy compares and adds days and times of day, and an operator is found only where its module is imported: so
// whoever imports JQTrade has the market's values too, and
// the gates' for those who write their own.
@_exported import Gates
@_exported import Market
import Notation

/// What a strategy's functions are given: the time, the task, its parameters, its lasting state and its account.
public struct Context {
    let runtime: any StrategyRuntime

    /// The context of the strategy that this runtime runs.
    public init(_ runtime: any StrategyRuntime) { self.runtime = runtime }

    /// The wall clock's time, in market time.
    public var current_dt: MarketTime { runtime.zone.local(runtime.now) }
    /// The time of the slot that is being run, however late it runs; outside a slot the current time.
    public var strategy_dt: MarketTime { runtime.zone.local(runtime.slotTime ?? runtime.now) }
    /// The task's name.
    public var task_name: String { runtime.taskName }
    /// `live`, `paper` or `backtest`.
    public var mode: String { runtime.mode }
    /// True when orders go to a broker.
    public var is_live: Bool { runtime.mode == "live" }
    /// True when this start follows a crash.
    public var is_restart: Bool { runtime.isRestart }
    /// Values that survive a restart: `context.state["count"] = 3`.
    public var state: StrategyState { StrategyState(runtime: runtime) }
    /// The account's cash and positions.
    public var portfolio: Portfolio {
        runtime.portfolio(from: AccountCall("context.portfolio", nil))
    }

    /// The value of `--param name=…`, or the second argument where none was given.
    public func param<Value: ParameterValue>(
        _ name: String, _ standard: Value, file: String = #filePath, line: Int = #line
    ) -> Value {
        guard let text = runtime.parameter(name) else { return standard }
        if let value = Value(parameter: text) { return value }
        let problem = "--param \(name)=\(text): not \(Value.parameterKind). Give it a value like \(name)=\(standard)"
        runtime.report(problem, from: CallSite(path: file, line: line))
        return standard
    }
}

/// A type that `context.param` can read.
public protocol ParameterValue {
    /// The value that a parameter's text stands for, or nil.
    init?(parameter text: String)
    /// What such a text is, for messages: `a whole number`.
    static var parameterKind: String { get }
}

extension Int: ParameterValue {
    /// Reads a whole number, which may be written like one that is not: `3.0`.
    public init?(parameter text: String) {
        guard let value = Int(text) ?? Double(text).flatMap(Int.init(exactly:)) else { return nil }
        self = value
    }
    /// What a parameter of this type is called.
    public static var parameterKind: String { "a whole number" }
}

extension Double: ParameterValue {
    /// Reads a number; infinities and not-a-number are none.
    public init?(parameter text: String) {
        guard let value = Double(text), value.isFinite else { return nil }
        self = value
    }
    /// What a parameter of this type is called.
    public static var parameterKind: String { "a number" }
}

extension Bool: ParameterValue {
    /// Reads `true` or `false`, `1` or `0`.
    public init?(parameter text: String) {
        switch text {
        case "true", "1": self = true
        case "false", "0": self = false
        default: return nil
        }
    }
    /// What a parameter of this type is called.
    public static var parameterKind: String { "true or false" }
}

extension String: ParameterValue {
    /// Any text is one.
    public init?(parameter text: String) { self = text }
    /// What a parameter of this type is called.
    public static var parameterKind: String { "a text" }
}

extension MarketTime {
    /// The hour on the market's clock, 0…23.
    public var hour: Int { Int(time.seconds) / 3600 }
    /// The minute of the hour.
    public var minute: Int { Int(time.seconds) / 60 % 60 }
    /// The second of the minute.
    public var second: Int { Int(time.seconds) % 60 }
}
