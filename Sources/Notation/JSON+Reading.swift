// Looking into a value: nil says that it is not there or not of that kind.

extension JSON {
    /// The value of an object's member.
    public subscript(name: String) -> JSON? { members?.first { $0.name == name }?.value }

    /// The text, if this is one.
    public var string: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The whole number; `3.0` is one too.
    public var int: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .number(let value): wholeNumber(value)
        default: nil
        }
    }

    /// The number, whole or not.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// True or false, if this is one of them.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements, if this is a list.
    public var list: [JSON]? {
        if case .list(let elements) = self { elements } else { nil }
    }

    /// The members in their order, if this is an object.
    public var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}

/// `Int(exactly:)`, which would need the C library's mathematics.
private func wholeNumber(_ value: Double) -> Int? {
    guard value >= -0x1p63, value < 0x1p63 else { return nil }
    let whole = Int(value)
    return Double(whole) == value ? whole : nil
}
