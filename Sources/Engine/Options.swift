import Gates
import Market
import Notation
import Time

/// The options of a run in their layers: the command line wins over the strategy, the strategy over the `--config`
/// file, that over the home's config, and that over what is built in.
public struct Options {
    /// The layers from outside the strategy.
    public struct Outside {
        /// `--set`.
        public var commandLine: [JSON.Member] = []
        /// The `--config` file and its path.
        public var config: [JSON.Member] = []
        /// The path, for messages.
        public var configPath = "--config"
        /// The home's `config.json`.
        public var homeConfig: [JSON.Member] = []
        /// The path, for messages.
        public var homeConfigPath = "config.json"
        /// Names that are no options of a strategy, but of somebody else who reads the same files.
        public var foreignNames: [String] = []

        /// Nothing from outside.
        public init() {}
    }

    /// A gate of the strategy's own, which it handed over in place of a name.
    private(set) var ownGate: (any TradeGate)?
    private var layers: [[String: JSON]]
    private let foreignNames: [String]
    private let gates: GateRack
    private static let commandLineLayer = 0
    private static let strategyLayer = 1
    private static let homeLayer = 3

    /// The layers from outside, checked: an unknown name or a bad value is a problem in words.
    public init(_ outside: Outside, gates: GateRack, problems: inout [String]) {
        foreignNames = outside.foreignNames
        self.gates = gates
        layers = [[:], [:], [:], [:]]
        let sources = [
            (Self.commandLineLayer, outside.commandLine, "--set"), (2, outside.config, outside.configPath),
            (Self.homeLayer, outside.homeConfig, outside.homeConfigPath),
        ]
        for (layer, members, origin) in sources {
            for member in members where !outside.foreignNames.contains(member.name) {
                if let problem = set(member.name, member.value, layer: layer) {
                    problems.append("\(origin): \(problem)")
                }
            }
        }
    }

    /// The strategy's own option; the answer is what is wrong with it. A later value wins.
    mutating func set(_ name: String, _ value: Any) -> String? {
        if foreignNames.contains(name) {
            return "\(name) is an option of the supervisor, which has started already: name it in --config or --set."
        }
        if name == "trade_gate", let gate = value as? any TradeGate {
            ownGate = gate
            layers[Self.strategyLayer][name] = .text(GateRack.own)
            return nil
        }
        guard isKnown(name) else { return unknown(name) }
        guard let json = optionValue(value) else {
            return "\(name) cannot take a value of the type \(type(of: value))."
        }
        return set(name, json, layer: Self.strategyLayer)
    }

    private mutating func set(_ name: String, _ value: JSON, layer: Int) -> String? {
        if name == "trade_gate", let problem = gateProblem(value, layer: layer) { return problem }
        guard let spec = OptionCatalog.spec(name) else {
            guard isKnown(name) else { return unknown(name) }
            // The gate itself checks what belongs to it.
            layers[layer][name] = value
            return nil
        }
        switch spec.checked(value) {
        case .success(let value):
            layers[layer][name] = value
            return nil
        case .failure(let complaint):
            return "\(name) asks for \(complaint.asked), not \(value.compact)."
        }
    }

    private func unknown(_ name: String) -> String {
        let known = OptionCatalog.options.map(\.name) + foreignNames + gates.kinds.flatMap(\.optionNames)
        let hint = nearest(to: name, in: known).map { " Did you mean \($0)?" } ?? ""
        return "there is no option \(name).\(hint)"
    }

    private func isKnown(_ name: String) -> Bool {
        OptionCatalog.spec(name) != nil || name.hasPrefix("x_") || !gates.owners(of: name).isEmpty
            || ownGate?.optionNames.contains(name) == true
    }

    func value(_ name: String) -> JSON {
        for layer in layers { if let value = layer[name] { return value } }
        return OptionCatalog.spec(name)?.standard ?? .null
    }

    /// True if anybody has set the option.
    func isSet(_ name: String) -> Bool { layers.contains { $0[name] != nil } }

    // MARK: Whose an option is

    var gateNames: [String] { gates.kinds.map(\.name) }
    func gateOwners(of option: String) -> [String] { gates.owners(of: option) }
    /// The names that anybody has set.
    var allNames: Set<String> { Set(layers.flatMap(\.keys)) }
    /// The options of gates that were set on purpose for this task: the home's config is for all.
    var setGateOptions: Set<String> {
        Set(layers[..<Self.homeLayer].flatMap(\.keys).filter { !gates.owners(of: $0).isEmpty })
    }
    /// True if the option belongs to the gate in force.
    func belongs(_ option: String) -> Bool {
        gates.owners(of: option).contains(gateName) || ownGate?.optionNames.contains(option) == true
    }
    /// True if the command line has the task trade on paper, whatever else is set.
    var isPaperByCommand: Bool { layers[Self.commandLineLayer]["trade_gate"]?.string == GateRack.paper }

    // MARK: The options by name

    /// False: scheduling only.
    var usesAccount: Bool { value("use_account").bool ?? true }
    /// True for jqtrade's seven-day behaviour.
    var tradesEveryDay: Bool { value("calendar").string == "every_day" }
    /// How late a slot may run when the task was not running at its time.
    var misfireGrace: TimeSpan { TimeSpan(seconds: value("misfire_grace").double ?? 60) }
    /// True when the first error of a job ends the task.
    var stopsOnJobError: Bool { value("on_job_error").string == "stop" }
    /// Where the task's slots and state live instead of the home.
    var runtimeFolder: String? { value("runtime_dir").string }
    /// So many days of slot journals are kept.
    var keptSlotDays: Int { value("keep_slot_days").int ?? 90 }

    /// The market's sessions as they were written.
    var writtenPeriods: JSON { value("market_period") }

    /// The market's sessions.
    func periods() throws(MarketPeriodError) -> MarketPeriods {
        try MarketPeriods(OptionSpec.pairs(writtenPeriods) ?? [])
    }

    /// The market's time zone.
    func zone() throws(ZoneError) -> MarketZone { try MarketZone.named(value("timezone").string ?? "Asia/Shanghai") }
}
