/// A security by its code as JoinQuant writes it: `000001.XSHE`, `RB2001.XSGE`.
public struct Security: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The code.
    public let code: String

    /// The security of any code; whether there is such a one is the rules' business.
    public init(_ code: String) { self.code = code }

    /// The part before the dot.
    public var symbol: Substring { code[..<(code.utf8.firstIndex(of: UInt8(ascii: ".")) ?? code.endIndex)] }
    /// The exchange, if the code names one that is known.
    public var exchange: Exchange? {
        // Asked for with each order: so the code is taken apart as bytes.
        var code = code
        return code.withUTF8 { bytes in
            guard bytes.count > 4, bytes[bytes.count - 5] == UInt8(ascii: ".") else { return nil }
            return Exchange.allCases.first { $0.rawValue.utf8.elementsEqual(bytes.suffix(4)) }
        }
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
