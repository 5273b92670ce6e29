// The verbs of market data.

/// Calls the handler for each bar of a security that has ended (`1m 5m 15m 30m 60m 1d`), or for each `tick`. In
/// `process_initialize` only. With `partial` it is called at each update of a bar that is still growing, too.
public func subscribe(
    _ code: String, _ unit: String, partial: Bool = false, file: String = #filePath, line: Int = #line,
    _ handler: @escaping (Bar) throws -> Void
) {
    let wish = SubscriptionWish(code: code, unit: unit, isPartial: partial, handler: handler)
    StrategyHost.runtime?.subscribe(wish, from: CallSite(path: file, line: line))
}

/// Calls a handler that wants its context, too.
public func subscribe(
    _ code: String, _ unit: String, partial: Bool = false, file: String = #filePath, line: Int = #line,
    _ handler: @escaping (Context, Bar) throws -> Void
) {
    guard let context = StrategyHost.runtime.map({ Context($0) }) else { return }
    subscribe(code, unit, partial: partial, file: file, line: line) { bar in try handler(context, bar) }
}

/// The last bars of a security that have ended, the oldest first; fewer where no more are known. With `include_now` the
/// bar that is still growing is the last of them.
public func get_bars(
    _ code: String, _ count: Int, _ unit: String, include_now: Bool = false, file: String = #filePath,
    line: Int = #line
) -> [Bar] {
    let wish = BarsWish(code: code, count: count, unit: unit, includesNow: include_now)
    return StrategyHost.runtime?.bars(wish, from: CallSite(path: file, line: line)) ?? []
}

/// The last price of a security; nil where none is known yet.
public func get_current_price(_ code: String, file: String = #filePath, line: Int = #line) -> Double? {
    StrategyHost.runtime?.lastPrice(code, from: CallSite(path: file, line: line))
}

/// What is known of a security now.
public func get_current_data(_ code: String, file: String = #filePath, line: Int = #line) -> CurrentData {
    StrategyHost.runtime?.currentData(code, from: CallSite(path: file, line: line)) ?? CurrentData()
}

/// A wish for bars or ticks, as a strategy wrote it; nothing of it is checked yet.
public struct SubscriptionWish {
    /// The security's code.
    public let code: String
    /// The length of the bars, or `tick`.
    public let unit: String
    /// True if bars that are still growing are wanted too.
    public let isPartial: Bool
    /// What to call.
    public let handler: (Bar) throws -> Void

    /// A wish for bars or ticks.
    public init(code: String, unit: String, isPartial: Bool = false, handler: @escaping (Bar) throws -> Void) {
        self.code = code
        self.unit = unit
        self.isPartial = isPartial
        self.handler = handler
    }
}

/// A question for the last bars of a security, as a strategy wrote it; nothing of it is checked yet.
public struct BarsWish: Hashable, Sendable {
    /// The security's code.
    public let code: String
    /// So many.
    public let count: Int
    /// Their length.
    public let unit: String
    /// True if the bar that is still growing shall be the last.
    public let includesNow: Bool

    /// A question for bars.
    public init(code: String, count: Int, unit: String, includesNow: Bool = false) {
        self.code = code
        self.count = count
        self.unit = unit
        self.includesNow = includesNow
    }
}
