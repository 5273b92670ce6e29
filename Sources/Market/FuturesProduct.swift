/// What is traded on a futures exchange under one name: how much a contract stands for and what it costs to hold.
public struct FuturesProduct: Hashable, Sendable {
    /// How many units of the price a contract stands for.
    public var multiplier: Int64
    /// The distance of one price from the next.
    public var tick: Money
    /// The share of a contract's value that is kept as margin, in thousandths.
    public var margin: Int64
    /// What trading it costs.
    public var fees: TradeFees

    /// A product.
    public init(multiplier: Int64, tick: Money, margin: Int64, fees: TradeFees) {
        self.multiplier = multiplier
        self.tick = tick
        self.margin = margin
        self.fees = fees
    }

    /// The name of the product that a code is a contract of: `RB.XSGE` for `RB2001.XSGE`; nil if it is no future.
    public static func name(of security: Security) -> String? {
        guard let exchange = security.exchange, exchange.tradesFutures else { return nil }
        let letters = security.symbol.prefix { $0.isASCII && $0.isLetter }
        guard !letters.isEmpty, letters.count < security.symbol.count else { return nil }
        return "\(letters.uppercased()).\(exchange.rawValue)"
    }

    /// The product that a security is a contract of, as these changes have it or else as built in; nil for what is none, or
    /// of a product that nobody knows.
    public static func product(of security: Security, changes: [String: FuturesProduct]) -> FuturesProduct? {
        name(of: security).flatMap { changes[$0] ?? known[$0] }
    }

    /// The products that are built in, by name. What an exchange asks for changes often; `rules.json` says it anew.
    public static let known: [String: FuturesProduct] = {
        var all: [String: FuturesProduct] = [:]
        for (exchange, products) in table {
            for (name, multiplier, tick, margin) in products {
                all["\(name).\(exchange.rawValue)"] = FuturesProduct(
                    multiplier: multiplier, tick: Money(units: tick), margin: margin, fees: usualFees)
            }
        }
        return all
    }()

    /// 0.01 % of the value: near what most exchanges take with a broker's share, and no exchange's own figure.
    private static let usualFees = TradeFees(openCommission: 100, closeCommission: 100, leastCommission: .zero)

    /// Name, multiplier, price step in ten-thousandths of a yuan, margin in thousandths.
    private static let table: [(Exchange, [(String, Int64, Int64, Int64)])] = [
        (
            .shanghaiFutures,
            [
                ("RB", 10, 10_000, 100), ("HC", 10, 10_000, 100), ("SS", 5, 50_000, 100), ("CU", 5, 100_000, 100),
                ("AL", 5, 50_000, 100), ("ZN", 5, 50_000, 100), ("PB", 5, 50_000, 100), ("NI", 1, 100_000, 120),
                ("SN", 1, 100_000, 120), ("AU", 1000, 200, 100), ("AG", 15, 10_000, 120), ("RU", 10, 50_000, 100),
                ("FU", 10, 10_000, 120), ("BU", 10, 10_000, 120), ("SP", 10, 20_000, 100), ("AO", 20, 10_000, 100),
                ("BR", 5, 50_000, 120), ("WR", 10, 10_000, 100),
            ]
        ),
        (
            .energy,
            [("SC", 1000, 1000, 120), ("NR", 10, 50_000, 100), ("LU", 10, 10_000, 120), ("BC", 5, 100_000, 100)]
        ),
        (
            .dalian,
            [
                ("A", 10, 10_000, 100), ("B", 10, 10_000, 100), ("M", 10, 10_000, 100), ("Y", 10, 20_000, 100),
                ("P", 10, 20_000, 100), ("C", 10, 10_000, 100), ("CS", 10, 10_000, 100), ("JD", 10, 10_000, 100),
                ("I", 100, 5000, 130), ("J", 100, 5000, 150), ("JM", 60, 5000, 150), ("L", 5, 10_000, 100),
                ("V", 5, 10_000, 100), ("PP", 5, 10_000, 100), ("EG", 10, 10_000, 100), ("EB", 5, 10_000, 100),
                ("PG", 20, 10_000, 100), ("LH", 16, 50_000, 120),
            ]
        ),
        (
            .zhengzhou,
            [
                ("SR", 10, 10_000, 100), ("CF", 5, 50_000, 100), ("TA", 5, 20_000, 100), ("MA", 10, 10_000, 100),
                ("FG", 20, 10_000, 120), ("SA", 20, 10_000, 120), ("RM", 10, 10_000, 100), ("OI", 10, 10_000, 100),
                ("AP", 10, 10_000, 120), ("UR", 20, 10_000, 100), ("SF", 5, 20_000, 120), ("SM", 5, 20_000, 120),
                ("PF", 5, 20_000, 100), ("PK", 5, 20_000, 100), ("CY", 5, 50_000, 100), ("CJ", 5, 50_000, 120),
            ]
        ),
        (
            .financialFutures,
            [
                ("IF", 300, 2000, 120), ("IH", 300, 2000, 120), ("IC", 200, 2000, 120), ("IM", 200, 2000, 120),
                ("T", 10_000, 50, 20), ("TF", 10_000, 50, 15), ("TS", 20_000, 50, 10), ("TL", 10_000, 100, 35),
            ]
        ),
        (.guangzhou, [("SI", 5, 50_000, 120)]),
    ]
}

extension Exchange {
    /// True if it trades futures.
    public var tradesFutures: Bool {
        switch self {
        case .shenzhen, .shanghai, .beijing: false
        case .shanghaiFutures, .dalian, .zhengzhou, .financialFutures, .energy, .guangzhou: true
        }
    }
}
