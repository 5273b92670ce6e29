import Market

// How numbers and texts stand on the page.

/// Text as it may stand in HTML, in an attribute's quotes too; control characters, which HTML has no place for, go.
func escaped(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": safe += "&amp;"
        case "<": safe += "&lt;"
        case ">": safe += "&gt;"
        case "\"": safe += "&quot;"
        case "'": safe += "&#39;"
        case "\t", "\n": safe += " "
        case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): break
        default: safe.unicodeScalars.append(scalar)
        }
    }
    return safe
}

/// A number with so many decimals, its thousands apart: `-1,234.50`.
func decimal(_ value: Double, places: Int) -> String {
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e18 else { return "\(value)" }
    let whole = Int64(scaled) / Int64(scale)
    let digits = "\(Int64(scaled) % Int64(scale))"
    let fraction = places == 0 ? "" : "." + String(repeating: "0", count: places - digits.utf8.count) + digits
    return (value < 0 && scaled > 0 ? "−" : "") + grouped(whole) + fraction
}

/// A whole number with its thousands apart: `1,234,567`.
func grouped(_ value: Int64) -> String {
    let digits = Array("\(value.magnitude)".utf8)
    var text = value < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text += "," }
        text.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return text
}

/// Money to the fen: `1,234.50`.
func written(_ money: Money) -> String { decimal(money.yuan, places: 2) }

/// A part as percent, `12.34%`; a dash for what is not known.
func percent(_ part: Double?, places: Int = 2) -> String {
    part.map { decimal($0 * 100, places: places) + "%" } ?? "–"
}

/// The same with its sign, for gains and losses: `+12.34%`.
func signed(_ text: String, _ value: Double) -> String { value > 0 ? "+" + text : text }

/// The class that colours a gain or a loss.
func tone(_ value: Double?) -> String {
    guard let value, value != 0 else { return "" }
    return value > 0 ? "up" : "down"
}

/// A moment on the market's clock: `2024-01-02 09:31:00`.
func moment(_ instant: Instant, _ zone: MarketZone) -> String {
    let local = zone.local(instant)
    return "\(local.day) \(local.time)"
}
