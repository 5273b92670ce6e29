import Notation

/// A value that a strategy handed to `set_options`, as JSON; nil for what no option can take.
func optionValue(_ value: Any) -> JSON? {
    switch value {
    case let value as Bool: return .bool(value)
    case let value as any BinaryInteger: return Int64(exactly: value).map(JSON.integer)
    case let value as Double: return value.isFinite ? .number(value) : nil
    case let value as Float: return value.isFinite ? .number(Double(value)) : nil
    case let value as String: return .text(value)
    case let pairs as [(String, String)]: return .list(pairs.map { .list([.text($0.0), .text($0.1)]) })
    case let list as [Any]:
        let values = list.map(optionValue)
        return values.contains(nil) ? nil : .list(values.compactMap { $0 })
    case let table as [String: Any]:
        var members: [JSON.Member] = []
        for (name, value) in table.sorted(by: { $0.key < $1.key }) {
            guard let value = optionValue(value) else { return nil }
            members.append(.init(name, value))
        }
        return .object(members)
    default: return nil
    }
}
