import Gates
import Market

/// What the account owns of one security.
public struct Position: Hashable, Sendable {
    /// The security.
    public var code: String
    /// Long or short.
    public var side: PositionSide
    /// Shares in all.
    public var total_amount = 0
    /// Shares that may be sold now.
    public var available_amount = 0
    /// Shares held by open orders.
    public var locked_amount = 0
    /// Shares bought today.
    public var today_amount = 0
    /// What a share cost on average.
    public var avg_cost = 0.0
    /// The last price.
    public var last_price = 0.0
    /// What the shares are worth.
    public var position_value = 0.0

    /// A position of nothing.
    public init(code: String, side: PositionSide) {
        self.code = code
        self.side = side
    }

    /// The security, as JoinQuant calls it.
    public var security: String { code }
    /// Shares that may be sold now, as JoinQuant calls them.
    public var closeable_amount: Int { available_amount }
    /// What a share cost on average, as JoinQuant calls it.
    public var acc_avg_cost: Double { avg_cost }
    /// The last price, as JoinQuant calls it.
    public var price: Double { last_price }
    /// What the shares are worth, as JoinQuant calls it.
    public var value: Double { position_value }
}

extension Position: CustomStringConvertible {
    /// One line with what matters.
    public var description: String { "\(code) \(side) \(available_amount)/\(total_amount) at \(avg_cost)" }
}

/// Positions by code, in order of code.
public struct Positions: Sequence, Sendable {
    let side: PositionSide
    let held: [Position]

    /// Positions, in order of code.
    public init(side: PositionSide, held: [Position] = []) {
        self.side = side
        self.held = held
    }

    /// How many there are.
    public var count: Int { held.count }
    /// True if there is none.
    public var isEmpty: Bool { held.isEmpty }
    /// The codes.
    public var keys: [String] { held.map(\.code) }
    /// The position of a code; an empty one where there is none, which is warned of once a day: the code may be misspelt.
    /// `get` and `contains` ask without a warning.
    public subscript(_ code: String) -> Position {
        if let position = get(code) { return position }
        StrategyHost.runtime?.missedPosition(code, side)
        return Position(code: code, side: side)
    }
    /// The position of a code; nil where there is none, of which nothing is said.
    public func get(_ code: String) -> Position? { held.first { $0.code == code } }
    /// True if there is a position of a code.
    public func contains(_ code: String) -> Bool { held.contains { $0.code == code } }
    /// Each code and its position.
    public func makeIterator() -> AnyIterator<(code: String, position: Position)> {
        var positions = held.makeIterator()
        return AnyIterator { positions.next().map { (code: $0.code, position: $0) } }
    }
}

extension Positions: CustomStringConvertible {
    /// The positions as a list.
    public var description: String { held.description }
}

/// The account's cash and positions, as they were when asked for.
public struct Portfolio: Sendable {
    /// Cash and positions together.
    public var total_value = 0.0
    /// Cash that may be spent.
    public var available_cash = 0.0
    /// Cash held by open orders.
    public var locked_cash = 0.0
    /// What the positions are worth.
    public var position_value = 0.0
    /// What is owned.
    public var long_positions = Positions(side: .long)
    /// What is owed.
    public var short_positions = Positions(side: .short)
    /// When the account was last read; nil before the first time.
    public var synced_at: MarketTime?
    /// True when it is older than it should be.
    public var is_stale = true

    /// An account of nothing.
    public init() {}

    /// Cash and positions together, as the old manual spells it.
    public var total_assert: Double { total_value }
    /// What is owned, as JoinQuant calls it.
    public var positions: Positions { long_positions }
}

extension Portfolio: CustomStringConvertible {
    /// One line with what matters.
    public var description: String {
        "total \(total_value), available \(available_cash), locked \(locked_cash), positions \(long_positions)"
    }
}
