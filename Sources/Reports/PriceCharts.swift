import Gates
import Market

/// A chart for each security: its price, and on it what was bought and sold.
struct PriceCharts {
    private static let mostSecurities = 8
    /// Fills of one side that lie closer together than this part of the width are one mark.
    private static let marksAcross = 250.0
    /// More marks than these are small, so that the price stays to be seen.
    private static let mostLargeMarks = 120

    private let history: RunHistory
    private let times: TimeAxis
    private let fills: [Security: [HistoryFill]]

    init(_ history: RunHistory, _ times: TimeAxis) {
        self.history = history
        self.times = times
        fills = Dictionary(grouping: history.fills, by: \.security)
    }

    /// The charts of the securities with the most fills, the first one unfolded; empty if there is none.
    var html: String {
        let all = Set(history.prices.keys).union(fills.keys)
        let shown = all.sorted { (-count($0), $0) < (-count($1), $1) }.prefix(Self.mostSecurities)
        guard !shown.isEmpty else { return "" }
        let charts = shown.enumerated().map { chart(of: $1, isOpen: $0 == 0) }.joined()
        let note =
            all.count > shown.count
            ? "<p class=\"note\">The \(shown.count) securities with the most fills, of \(all.count).</p>\n" : ""
        return "<section><h2>Prices and trades</h2>\n\(charts)\(note)</section>\n"
    }

    private func count(_ security: Security) -> Int { fills[security]?.count ?? 0 }

    private func chart(of security: Security, isOpen: Bool) -> String {
        let fills = fills[security] ?? []
        let prices = history.prices[security] ?? []
        let curve = Curve(prices.map { Curve.Point(x: times.position($0.time), y: $0.price.yuan) })
        let values = [curve.range?.lowerBound, curve.range?.upperBound].compactMap(\.self) + fills.map(\.price.yuan)
        guard let low = values.min(), let high = values.max() else { return "" }
        let axis = ValueAxis(covering: low...high, room: 0.08)
        return """
            <details\(isOpen ? " open=\"\"" : "")><summary><b>\(escaped(security.code))</b> \(Self.counts(fills))</summary>
            \(Chart(name: "Price of \(security.code)", height: 260, values: axis, times: times)
                .svg(paths: "<path class=\"price\" d=\"\(curve.path(on: axis))\"/>", marks: marks(fills, axis)))\
            </details>

            """
    }

    private static func counts(_ fills: [HistoryFill]) -> String {
        guard !fills.isEmpty else { return "<span class=\"note\">not traded</span>" }
        let bought = fills.count { $0.side == .buy }
        return "<span class=\"up\">▲</span> \(grouped(Int64(bought))) bought, "
            + "<span class=\"down\">▼</span> \(grouped(Int64(fills.count - bought))) sold"
    }

    /// Fills of one side at nearly one moment are one mark, at the mean of their prices.
    private func marks(_ fills: [HistoryFill], _ axis: ValueAxis) -> String {
        let groups = [TradeSide.buy, .sell].flatMap { side in
            Dictionary(grouping: fills.filter { $0.side == side }) {
                (times.position($0.time) * Self.marksAcross).rounded(.down)
            }.sorted { $0.key < $1.key }.map(\.value)
        }
        let size = groups.count > Self.mostLargeMarks ? "small-" : ""
        return "<g>\(groups.map { mark($0, size, axis) }.joined())</g>"
    }

    private func mark(_ group: [HistoryFill], _ size: String, _ axis: ValueAxis) -> String {
        guard let first = group.first else { return "" }
        let amount = group.reduce(0.0) { $0 + Double($1.amount) }
        let price = group.reduce(0.0) { $0 + $1.price.yuan * Double($1.amount) } / max(amount, 1)
        let x = place(group.reduce(0.0) { $0 + times.position($1.time) } / Double(group.count))
        let told =
            "\(moment(first.time, history.zone)): \(first.side == .buy ? "bought" : "sold") "
            + "\(decimal(amount, places: 0)) at \(decimal(price, places: 3))"
            + (group.count > 1 ? " in \(group.count) fills" : "")
        return """
            <use href="#\(size)\(first.side)" x="\(x)" y="\(place(axis.position(price)))"><title>\(told)</title></use>
            """
    }
}
