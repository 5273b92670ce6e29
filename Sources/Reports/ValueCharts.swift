import Market

/// The account's value over time, and how far it was below its highest.
struct ValueCharts {
    private let history: RunHistory
    private let times: TimeAxis

    init(_ history: RunHistory, _ times: TimeAxis) {
        self.history = history
        self.times = times
    }

    /// Both charts, one above the other on the same days.
    var html: String {
        "<section><h2>Value</h2>\n\(value)<h3>Below its highest</h3>\n\(drawdown)</section>\n"
    }

    private var value: String {
        let beginning = [Curve.Point(x: 0, y: history.start.yuan)]
        let curve = Curve(beginning + history.points.map { Curve.Point(x: times.position($0.time), y: $0.equity.yuan) })
        let axis = ValueAxis(covering: curve.range ?? 0...1)
        let base = Int(axis.position(history.start.yuan) * 1_000)
        let line = curve.path(on: axis)
        return Chart(name: "Value of the account over time", height: 280, values: axis, times: times, showsTimes: false)
            .svg(
                paths:
                    "<path class=\"wash\" d=\"\(line)L2000 \(base)L0 \(base)Z\"/><path class=\"base\" d=\"M0 \(base)H2000\"/>"
                    + "<path class=\"value\" d=\"\(line)\"/>",
                marks: strips)
    }

    private var drawdown: String {
        let curve = Curve([Curve.Point(x: 0, y: 0)] + depths.map { Curve.Point(x: $0.x, y: -$0.depth) })
        let deepest = min(curve.range?.lowerBound ?? 0, -0.001)
        let axis = ValueAxis(covering: deepest * 1.05...0, marks: 3, room: 0)
        let line = curve.path(on: axis)
        return Chart(
            name: "Fall below the highest value over time", height: 110, values: axis, times: times,
            label: { percent($0, places: deepest > -0.02 ? 2 : deepest > -0.2 ? 1 : 0) }
        ).svg(paths: "<path class=\"fall\" d=\"\(line)L2000 0L0 0Z\"/><path class=\"fallen\" d=\"\(line)\"/>")
    }

    private var depths: [(x: Double, point: EquityPoint, depth: Double)] {
        var peak = history.start
        return history.points.map { point in
            peak = max(peak, point.equity)
            return (times.position(point.time), point, Drawdown.depth(of: point.equity, below: peak))
        }
    }

    /// Invisible strips that tell under the pointer what the account was worth.
    private var strips: String {
        let columns = 250.0
        var strips = ""
        var left = 0.0
        let all = depths
        for (index, entry) in all.enumerated() {
            let column = (entry.x * columns).rounded(.up)
            if index + 1 < all.count, (all[index + 1].x * columns).rounded(.up) == column { continue }
            let gain = history.start > .zero ? entry.point.equity.yuan / history.start.yuan - 1 : 0
            let told =
                "\(moment(entry.point.time, history.zone)): \(written(entry.point.equity)) "
                + "(\(signed(percent(gain), gain))), \(percent(entry.depth)) below its highest"
            let right = min(entry.x, 1)
            strips +=
                "<rect x=\"\(place(left))\" width=\"\(place(right - left))\" height=\"100%\"><title>\(told)</title></rect>"
            left = right
        }
        return "<g class=\"strips\">\(strips)</g>"
    }
}
