import CSupport

/// Times that were measured, in milliseconds.
struct Samples {
    private var values: [Double] = []

    init(_ values: [Double] = []) { self.values = values.sorted() }

    /// Does something so many times; each takes what it answers, in milliseconds.
    init(_ count: Int, _ measure: () throws -> Double) rethrows {
        var values: [Double] = []
        for _ in 0..<count { values.append(try measure()) }
        self.init(values)
    }

    var median: Double { percentile(0.5) }
    var p99: Double { percentile(0.99) }

    private func percentile(_ part: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        return values[min(values.count - 1, Int(Double(values.count) * part))]
    }

    /// `2.7 ms`, `2.7 ms (p99 3.1)`.
    func text(withP99: Bool = false) -> String {
        guard !values.isEmpty else { return "none" }
        return decimal(median) + " ms" + (withP99 ? " (p99 \(decimal(p99)))" : "")
    }
}

/// Now, on a clock that nobody sets, in nanoseconds.
func stopwatch() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

/// How long something takes, in milliseconds.
func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let began = stopwatch()
    try body()
    return Double(stopwatch() - began) / 1e6
}

/// Three significant digits or so: `0.052`, `2.7`, `412`.
func decimal(_ value: Double) -> String {
    let places = value < 1 ? 1000.0 : value < 100 ? 10.0 : 1.0
    let scaled = Int(value * places + 0.5)
    if places == 1 { return "\(scaled)" }
    let fraction = String(scaled % Int(places))
    let digits = places == 1000 ? 3 : 1
    return "\(scaled / Int(places))." + String(repeating: "0", count: digits - fraction.count) + fraction
}
