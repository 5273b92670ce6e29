import Gates

/// The gates that a strategy may name, as the program offers them.
public struct GateRack {
    /// A gate that can be made.
    public struct Kind {
        /// The word of `trade_gate`.
        public let name: String
        /// The options that belong to it.
        public let optionNames: [String]
        /// Makes one; nothing is read or written before its `setup`.
        public let make: () -> any TradeGate

        /// A gate that can be made.
        public init(name: String, optionNames: [String], make: @escaping () -> any TradeGate) {
            self.name = name
            self.optionNames = optionNames
            self.make = make
        }
    }

    /// The gates to a broker.
    public var kinds: [Kind]
    /// False for those who only look: no gate is set up, whatever the strategy names.
    public var mayTrade: Bool

    /// The gates that may be named.
    public init(_ kinds: [Kind] = [], mayTrade: Bool = false) {
        self.kinds = kinds
        self.mayTrade = mayTrade
    }

    /// The word of the gate that needs no broker.
    static let paper = "paper"
    /// What a gate of the strategy's own is called.
    static let own = "own"

    func kind(_ name: String) -> Kind? { kinds.first { $0.name == name } }
    /// The gates that an option belongs to.
    func owners(of option: String) -> [String] {
        kinds.filter { $0.optionNames.contains(option) }.map(\.name)
    }
}
