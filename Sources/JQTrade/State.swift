import Notation

/// `context.state`: values by name that are saved after each job and are there again after a restart.
///
/// `context.state["count"] = 3` sets, `context.state["count"]?.int` or `let n: Int? = context.state["count"]` reads,
/// and nil removes.
public struct StrategyState {
    let runtime: any StrategyRuntime

    /// The value of a name as JSON.
    public subscript(_ name: String) -> JSON? {
        get { runtime.state(name) }
        nonmutating set {
            if let newValue, !newValue.canBeWritten {
                let problem = "infinities and not-a-number cannot be saved; it keeps its old value"
                return runtime.report("context.state[\"\(name)\"]: \(problem)", from: nil)
            }
            runtime.setState(name, newValue)
        }
    }

    /// The value of a name as a plain Swift value; nil also when it is of another type.
    public subscript<Value: StateValue>(_ name: String) -> Value? {
        get { runtime.state(name).flatMap { Value(stateJSON: $0) } }
        nonmutating set { self[name] = newValue?.stateJSON }
    }
}

/// A type that `context.state` can hold: `Int`, `Double`, `Bool`, `String`, and arrays and dictionaries of them.
public protocol StateValue {
    /// The value that this JSON stands for, or nil if it is of another type.
    init?(stateJSON: JSON)
    /// The value as JSON.
    var stateJSON: JSON { get }
}

extension JSON {
    /// JSON has no infinities and no not-a-number.
    var canBeWritten: Bool {
        switch self {
        case .number(let value): value.isFinite
        case .list(let values): values.allSatisfy(\.canBeWritten)
        case .object(let members): members.allSatisfy(\.value.canBeWritten)
        case .null, .bool, .integer, .text: true
        }
    }
}

extension Int: StateValue {
    /// Reads a whole number.
    public init?(stateJSON: JSON) {
        guard let value = stateJSON.int else { return nil }
        self = value
    }
    /// The number as JSON.
    public var stateJSON: JSON { .integer(Int64(self)) }
}

extension Double: StateValue {
    /// Reads a number.
    public init?(stateJSON: JSON) {
        guard let value = stateJSON.double else { return nil }
        self = value
    }
    /// The number as JSON.
    public var stateJSON: JSON { .number(self) }
}

extension Bool: StateValue {
    /// Reads a truth value.
    public init?(stateJSON: JSON) {
        guard let value = stateJSON.bool else { return nil }
        self = value
    }
    /// The truth value as JSON.
    public var stateJSON: JSON { .bool(self) }
}

extension String: StateValue {
    /// Reads a text.
    public init?(stateJSON: JSON) {
        guard let value = stateJSON.string else { return nil }
        self = value
    }
    /// The text as JSON.
    public var stateJSON: JSON { .text(self) }
}

extension Array: StateValue where Element: StateValue {
    /// Reads a list whose elements are all of this type.
    public init?(stateJSON: JSON) {
        guard case .list(let values) = stateJSON else { return nil }
        let elements = values.compactMap { Element(stateJSON: $0) }
        guard elements.count == values.count else { return nil }
        self = elements
    }
    /// The list as JSON.
    public var stateJSON: JSON { .list(map(\.stateJSON)) }
}

extension Dictionary: StateValue where Key == String, Value: StateValue {
    /// Reads an object whose values are all of this type.
    public init?(stateJSON: JSON) {
        guard case .object(let members) = stateJSON else { return nil }
        self.init()
        for member in members {
            guard let value = Value(stateJSON: member.value) else { return nil }
            self[member.name] = value
        }
    }
    /// The dictionary as JSON, its members in order of their names.
    public var stateJSON: JSON {
        .object(sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value.stateJSON) })
    }
}
