import CSupport
import Market

/// One line at the bottom of the terminal that says how far a long command has come; nowhere else.
final class ProgressLine {
    private let isShown = isatty(2) == 1
    private var isThere = false

    /// Shows the words in place of those before.
    func show(_ words: String) {
        guard isShown else { return }
        isThere = true
        Console.write("\r\u{1B}[K" + words, to: 2)
    }

    /// Takes the line away, so that something else can be said.
    func clear() {
        guard isThere else { return }
        isThere = false
        Console.write("\r\u{1B}[K", to: 2)
    }

    /// Says something above the line, on stderr.
    func complain(_ text: String) {
        clear()
        Console.complain(text)
    }
}

extension BacktestProgress {
    /// `2024-05-06  31 of 242 days  5.2 M bars/s  3 s left`.
    var words: String {
        let speed = seconds > 0 ? Double(bars) / seconds : 0
        let left = done > 0 ? seconds / Double(done) * Double(max(0, of - done)) : 0
        return "\(day)  \(done) of \(of) days  \(shortNumber(speed)) bars/s  \(duration(left)) left"
    }
}

/// `870`, `12.3 k`, `5.2 M`: a number of which only the size matters.
func shortNumber(_ value: Double) -> String {
    if value >= 1e6 { return fixed(value / 1e6, 1) + " M" }
    return value >= 1e4 ? fixed(value / 1e3, 1) + " k" : fixed(value, 0)
}

/// `3 s`, `2 min 5 s`, `3 h 10 min`.
func duration(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
    if whole < 60 { return "\(whole) s" }
    return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
}

/// A number with so many decimal places, its thousands set apart: `1,034,221.10`.
func fixed(_ value: Double, _ places: Int) -> String {
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    guard (value.magnitude * scale).isFinite, value.magnitude * scale < 9e18 else { return "\(value)" }
    let whole = UInt64((value.magnitude * scale).rounded())
    var digits = String(whole)
    if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
    var text = places == 0 ? "" : "." + digits.suffix(places)
    for (index, digit) in digits.dropLast(places).reversed().enumerated() {
        if index > 0, index % 3 == 0 { text = "," + text }
        text = String(digit) + text
    }
    return value < 0 && whole > 0 ? "-" + text : text
}
