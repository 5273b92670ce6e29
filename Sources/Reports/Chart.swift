/// The frame of a chart: a grid, round numbers at its left, dates below, curves in it.
///
/// Positions are percentages and texts have a size of their own, so that it fits any width without becoming
/// illegible; only the curves are stretched.
struct Chart {
    /// What it shows, for those who cannot see it.
    let name: String
    /// Its height in pixels.
    let height: Int
    /// Its upright side.
    let values: ValueAxis
    /// Its lower side.
    let times: TimeAxis
    /// How a round number is written.
    var label: ((Double) -> String)?
    /// Whether dates stand below.
    var showsTimes = true

    /// The chart with paths of the 2,000 by 1,000 field and, over them, what is placed by percentages.
    func svg(paths: String, marks: String = "") -> String {
        var grid = ""
        var dates = ""
        for value in values.ticks {
            let y = place(values.position(value))
            let text = label?(value) ?? values.label(value)
            grid += "<line x2=\"100%\" y1=\"\(y)\" y2=\"\(y)\"/><text x=\"-8\" y=\"\(y)\" dy=\"4\">\(text)</text>"
        }
        for tick in times.ticks() {
            let x = place(tick.position)
            grid += "<line x1=\"\(x)\" x2=\"\(x)\" y2=\"100%\"/>"
            dates += "<text x=\"\(x)\" y=\"100%\" dy=\"18\">\(tick.label)</text>"
        }
        return """
            <svg class="chart\(showsTimes ? "" : " bare")" height="\(height)" role="img" aria-label="\(escaped(name))">
            <g class="grid">\(grid)</g>\(showsTimes ? "<g class=\"dates\">\(dates)</g>" : "")
            <svg width="100%" height="100%" viewBox="0 0 2000 1000" preserveAspectRatio="none">\(paths)</svg>
            \(marks)</svg>

            """
    }
}

/// A position as a percentage with two decimals.
func place(_ position: Double) -> String {
    let hundredths = Int((min(max(position, 0), 1) * 10_000).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100)\(rest == 0 ? "" : rest < 10 ? ".0\(rest)" : ".\(rest)")%"
}
