/// Sets options by name, in any order: `set_options(trade_gate: "paper", sync_internal: 5)`.
public let set_options = OptionSetter()

/// What `set_options` is: a value that takes names and values as Python's keyword arguments, since the labels of a
/// Swift function would force an order.
@dynamicCallable
public struct OptionSetter: Sendable {
    /// Called by `set_options(name: value, …)`.
    public func dynamicallyCall(withKeywordArguments options: KeyValuePairs<String, Any>) {
        let labels = options.map(\.key)
        // The language gives this call no place of its own, so the place is the one where these names are written.
        let site = StrategyHost.optionSites.first { $0.labels == labels }?.site
        StrategyHost.runtime?.setOptions(options.map { (name: $0.key, value: $0.value) }, from: site)
    }
}

/// A place where the strategy's source calls `set_options`, and the names written there.
public struct OptionSite: Hashable, Sendable {
    /// The names, in order; an argument without a name is "".
    public let labels: [String]
    /// The line of the call.
    public let site: CallSite

    /// A call of `set_options` found in the source.
    public init(labels: [String], site: CallSite) {
        self.labels = labels
        self.site = site
    }
}
