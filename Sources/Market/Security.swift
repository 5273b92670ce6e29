/// A security by its code as JoinQuant writes it: `000001.XSHE`, `RB2001.XSGE`.
public struct Security: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The code.
    public let code: String

    /// The security of any code; whether there is such a one is the rules' business.
    public init(_ code: String) { self.code = code }

    /// The part before the dot.
    public var symbol: Substring { code.prefix { $0 != "." } }
    /// The exchange, if the code names one that is known.
    public var exchange: Exchange? {
        guard let dot = code.lastIndex(of: ".") else { return nil }
        return Exchange(rawValue: String(code[code.index(after: dot)...]))
    }

    /// In order of code.
    public static func < (a: Security, b: Security) -> Bool { a.code < b.code }
    /// The code.
    public var description: String { code }
}

/// An exchange by JoinQuant's suffix.
public enum Exchange: String, Sendable, CaseIterable {
    /// Shenzhen.
    case shenzhen = "XSHE"
    /// Shanghai.
    case shanghai = "XSHG"
    /// Beijing.
    case beijing = "BJSE"
    /// Shanghai Futures Exchange.
    case shanghaiFutures = "XSGE"
    /// Dalian Commodity Exchange.
    case dalian = "XDCE"
    /// Zhengzhou Commodity Exchange.
    case zhengzhou = "XZCE"
    /// China Financial Futures Exchange.
    case financialFutures = "CCFX"
    /// Shanghai International Energy Exchange.
    case energy = "XINE"
    /// Guangzhou Futures Exchange.
    case guangzhou = "GFEX"
}
