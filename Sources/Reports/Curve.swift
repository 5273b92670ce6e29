/// A line over time, thinned to what a screen can show: of the points in one of a thousand columns the lowest and the
/// highest stay, so that no peak and no hole is lost.
struct Curve {
    /// A point of it: `x` from 0 at the left to 1 at the right.
    struct Point: Hashable {
        let x: Double
        let y: Double
    }

    private static let columns = 1_000.0
    /// What stayed.
    let points: [Point]

    /// The line through these points, which are in order of x.
    init(_ all: some Sequence<Point>) {
        var kept: [Point] = []
        var column: (index: Double, low: Point, high: Point)?
        var last: Point?
        func keep() {
            guard let column else { return }
            let pair = column.low.x <= column.high.x ? [column.low, column.high] : [column.high, column.low]
            kept += pair[0] == pair[1] ? [pair[0]] : pair
        }
        for point in all {
            let index = (point.x * Self.columns).rounded(.down)
            last = point
            if let open = column, open.index == index {
                if point.y < open.low.y { column?.low = point }
                if point.y > open.high.y { column?.high = point }
            } else {
                keep()
                column = (index, point, point)
            }
        }
        keep()
        if let last, kept.last != last { kept.append(last) }
        points = kept
    }

    /// All values of it.
    var range: ClosedRange<Double>? {
        guard let low = points.map(\.y).min(), let high = points.map(\.y).max() else { return nil }
        return low...high
    }

    /// The line as an SVG path in a field of 2,000 by 1,000.
    func path(on axis: ValueAxis) -> String {
        var path = ""
        for (index, point) in points.enumerated() {
            path += "\(index == 0 ? "M" : "L")\(Int(point.x * 2_000)) \(Int(axis.position(point.y) * 1_000))"
        }
        return path
    }
}
