/// The strategy's log: `log.info("bought", amount)`.
public let log = StrategyLog()

/// What `log` is. Each call takes one or more values, as `print` does, and writes one entry.
public struct StrategyLog: Sendable {
    /// An entry that is seen with `--debug` only.
    public func debug(_ items: Any...) { write(.debug, items) }
    /// An entry of what the strategy does.
    public func info(_ items: Any...) { write(.info, items) }
    /// An entry that somebody should look at.
    public func warn(_ items: Any...) { write(.warn, items) }
    /// An entry of something that went wrong.
    public func error(_ items: Any...) { write(.error, items) }

    private func write(_ level: StrategyLogLevel, _ items: [Any]) {
        StrategyHost.runtime?.write(level, text(of: items, separator: " "))
    }
}

/// Swift's `print` as an INFO entry of the strategy's log. An entry is always a line, so `terminator` has no effect.
public func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    let message = text(of: items, separator: separator)
    if let runtime = StrategyHost.runtime { runtime.write(.info, message) } else { Swift.print(message) }
}

private func text(of items: [Any], separator: String) -> String {
    items.map { String(describing: $0) }.joined(separator: separator)
}
