import Market
import Notation

extension RuleBook {
    /// The built-in rules with what `rules.json` changes:
    ///
    ///     {"same_day": ["518880.XSHG"],
    ///      "limits": [{"code": "600000.XSHG", "from": "2024-05-06", "to": "2025-05-06", "percent": 5}],
    ///      "fees": {"commission": 0.00025, "min_commission": 0, "stamp_duty": 0.0005, "transfer_fee": 0.00001},
    ///      "futures": {"RB.XSGE": {"multiplier": 10, "tick": 1, "margin": 0.1, "commission_per_lot": 3}}}
    ///
    /// `percent: null` is a time without limits. Throws the sentence to be shown, which names the place in the file.
    public init(json bytes: [UInt8], name: String) throws(PaperError) {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: bytes)
        } catch {
            throw PaperError("\(name): \(error)")
        }
        let top = try Place(json, name).members(["same_day", "limits", "fees", "futures"])
        for (key, place) in top {
            switch key {
            case "same_day":
                sameDayCodes = Set(try place.elements().map { (code) throws(PaperError) in try code.code() })
            case "limits": for limit in try place.elements() { limits.append(try LimitRule(limit)) }
            case "fees": fees = try FeeChanges(place)
            default: for (product, place) in try place.members(nil) { try addFuture(product, place) }
            }
        }
    }

    private mutating func addFuture(_ product: String, _ place: Place) throws(PaperError) {
        let name = product.uppercased()
        let contract = name.split(separator: ".", maxSplits: 1).joined(separator: "1.")
        guard FuturesProduct.name(of: Security(contract)) == name else {
            throw place.error("is no product: write its letters and the exchange, like RB.XSGE")
        }
        let known = FuturesProduct.known[name]
        var parts = try place.members(["multiplier", "tick", "margin", "commission", "commission_per_lot"])
        func part(_ key: String) -> Place? { parts.removeValue(forKey: key) }
        func needed<Value>(
            _ key: String, _ standard: Value?, _ read: (Place) throws(PaperError) -> Value
        ) throws(PaperError) -> Value {
            if let place = part(key) { return try read(place) }
            if let standard { return standard }
            throw place.error("needs a \(key): nothing is known of \(name) here")
        }
        let multiplier = try needed("multiplier", known?.multiplier) { (place) throws(PaperError) in
            try place.whole(1...1_000_000)
        }
        let tick = try needed("tick", known?.tick) { (place) throws(PaperError) in try place.money(above: .zero) }
        let margin = try needed("margin", known?.margin) { (place) throws(PaperError) in
            try place.rate(in: 1000)
        }
        var fees = known?.fees ?? TradeFees(openCommission: 0, closeCommission: 0, leastCommission: .zero)
        let rate = part("commission")
        let perLot = part("commission_per_lot")
        // Who tells one of the two means that there is no other.
        if rate != nil || perLot != nil {
            let millionths = try rate?.rate(in: 1_000_000) ?? 0
            (fees.openCommission, fees.closeCommission) = (millionths, millionths)
            fees.lotCommission = try perLot?.money(above: nil) ?? .zero
        }
        futures[name] = FuturesProduct(multiplier: multiplier, tick: tick, margin: margin, fees: fees)
    }
}

extension RuleBook.LimitRule {
    fileprivate init(_ place: Place) throws(PaperError) {
        let parts = try place.members(["code", "from", "to", "percent"])
        guard let code = parts["code"], let percent = parts["percent"] else {
            throw place.error("needs a code and a percent, like {\"code\": \"600000.XSHG\", \"percent\": 5}")
        }
        security = try code.code()
        let first = try parts["from"]?.day() ?? Day(number: .min)
        let last = try parts["to"]?.day() ?? Day(number: .max)
        if first > last { throw place.error("ends on \(last), before it begins on \(first)") }
        days = first...last
        thousandths = percent.json == .null ? nil : try percent.rate(in: 10, below: 100)
    }
}

extension RuleBook.FeeChanges {
    fileprivate init(_ place: Place) throws(PaperError) {
        let parts = try place.members(["commission", "min_commission", "stamp_duty", "transfer_fee"])
        commission = try parts["commission"]?.rate(in: 1_000_000)
        leastCommission = try parts["min_commission"]?.money(above: nil)
        sellingDuty = try parts["stamp_duty"]?.rate(in: 1_000_000)
        transfer = try parts["transfer_fee"]?.rate(in: 1_000_000)
    }
}

/// A value in a file, and the words that lead to it.
private struct Place {
    let json: JSON
    let path: String

    init(_ json: JSON, _ path: String) {
        self.json = json
        self.path = path
    }

    func error(_ words: String) -> PaperError { PaperError("\(path) \(words)") }

    /// The members of an object; a name that is not known is an error, for it would do nothing.
    func members(_ known: [String]?) throws(PaperError) -> [String: Place] {
        guard let members = json.members else { throw error("must be an object: {…}") }
        var places: [String: Place] = [:]
        for member in members {
            let place = Place(member.value, path + (path.contains(": ") ? "." : ": ") + member.name)
            if let known, !known.contains(member.name) {
                let meant = nearest(to: member.name, in: known).map { "did you mean \($0)?" }
                throw place.error("is not known: \(meant ?? "there are \(known.joined(separator: ", "))")")
            }
            places[member.name] = place
        }
        return places
    }

    func elements() throws(PaperError) -> [Place] {
        guard let elements = json.list else { throw error("must be a list: […]") }
        return elements.enumerated().map { Place($1, "\(path)[\($0)]") }
    }

    func code() throws(PaperError) -> Security {
        guard let code = json.string, Security(code).exchange != nil else {
            throw error("must be a code, like \"000001.XSHE\"")
        }
        return Security(code)
    }

    func day() throws(PaperError) -> Day {
        guard let day = json.string.flatMap({ Day($0) }) else { throw error("must be a day, like \"2024-05-06\"") }
        return day
    }

    func whole(_ range: ClosedRange<Int64>) throws(PaperError) -> Int64 {
        guard let value = json.int.map(Int64.init), range.contains(value) else {
            throw error("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func money(above least: Money?) throws(PaperError) -> Money {
        guard let money = json.double.flatMap({ Money($0) }), money >= .zero, money > least ?? Money(units: -1) else {
            throw error("must be an amount in yuan, like 0.5")
        }
        return money
    }

    /// A number below `limit`, not negative, in so many parts of one, rounded.
    func rate(in parts: Double, below limit: Double = 1) throws(PaperError) -> Int64 {
        guard let value = json.double, value >= 0, value < limit else {
            throw error("must be a number from 0 to below \(Int(limit))")
        }
        return Int64(value * parts + 0.5)
    }
}
