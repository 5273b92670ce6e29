import Market

/// What each month and each year gained, coloured by how much.
struct MonthTable {
    private static let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private var months: [Int: [Int: Double]] = [:]
    private var years: [Int: Double] = [:]

    /// The gains from one month's last value to the next's.
    init(_ history: RunHistory) {
        let closes = history.dayCloses
        var (monthStart, yearStart) = (history.start, history.start)
        for (index, close) in closes.enumerated() {
            let (year, month, _) = close.day.date
            let next = index + 1 < closes.count ? closes[index + 1].day.date : nil
            guard next?.month != month || next?.year != year else { continue }
            months[year, default: [:]][month] = Self.gain(from: monthStart, to: close.equity)
            years[year] = Self.gain(from: yearStart, to: close.equity)
            monthStart = close.equity
            if next?.year != year { yearStart = close.equity }
        }
    }

    /// The table, a line for each year; empty if there is no day.
    var html: String {
        guard !years.isEmpty else { return "" }
        let head = Self.names.map { "<th>\($0)</th>" }.joined()
        let rows = years.sorted { $0.key < $1.key }.map { year, gain in
            let cells = (1...12).map { Self.cell(months[year]?[$0]) }.joined()
            return "<tr><th>\(year)</th>\(cells)\(Self.cell(gain, "total"))</tr>\n"
        }
        return """
            <section><h2>Months <small>%</small></h2>
            <div class="wide"><table class="months"><thead><tr><th></th>\(head)<th>Year</th></tr></thead>
            <tbody>
            \(rows.joined())</tbody></table></div></section>

            """
    }

    private static func gain(from start: Money, to end: Money) -> Double? {
        start > .zero ? end.yuan / start.yuan - 1 : nil
    }

    /// A month of 8 % has the full colour.
    private static func cell(_ gain: Double?, _ kind: String = "") -> String {
        guard let gain else { return "<td class=\"\(kind)\"></td>" }
        let strength = Int((min(gain.magnitude / 0.08, 1) * 60).rounded())
        let colour = gain == 0 ? "" : " style=\"--heat:var(--\(tone(gain)));--much:\(strength)%\""
        return "<td class=\"heat \(kind)\"\(colour)>\(decimal(gain * 100, places: 1))</td>"
    }
}
