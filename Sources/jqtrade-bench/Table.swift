/// What was measured, beside what it must reach and what the original in Python took on the same kind of machine.
struct Table {
    /// One line of it; what does not apply stays empty.
    struct Row {
        let what: String
        let measured: String
        var toReach = ""
        var original = ""
    }

    private var rows: [Row] = []

    static func += (table: inout Table, rows: [Row]) { table.rows += rows }

    func print() {
        let cells =
            [["what", "measured", "to reach", "original"]]
            + rows.map { [$0.what, $0.measured, $0.toReach, $0.original] }
        let widths = (0..<4).map { column in cells.map { $0[column].count }.max() ?? 0 }
        for line in cells {
            let columns = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            Swift.print(columns.joined(separator: "   "))
        }
    }
}
