import CSupport
import Market
import MarketData
import Storage

/// How fast bars are read from a plain CSV file, the reading of the file included, and what they weigh.
enum CSVSpeed {
    private static let rows = 1_000_000

    static func measure(in workplace: Workplace) throws -> [Table.Row] {
        let path = workplace.folder + "/bars.csv"
        let size = try write(path)
        let before = ProcessFigures.peakBytes
        var check: Int64 = 0
        func read() throws {
            let feed = try CSVFeed(path: path, disk: SystemDisk(), hours: MarketHours(calendar: .everyDay))
            try feed.add(Security("000001.XSHE"), as: 0, now: Instant(nanoseconds: 0))
            check = 0
            while case .bar(_, let bar)? = feed.next(upTo: Instant(nanoseconds: .max)) { check &+= bar.close.units }
        }
        let reading = try Samples(9) {
            try milliseconds {
                _ = try CSVFeed(path: path, disk: SystemDisk(), hours: MarketHours(calendar: .everyDay))
            }
        }
        let peak = ProcessFigures.peakBytes
        let both = try Samples(9) { try milliseconds(read) }
        guard check == closes else { throw BenchError("the closes add up to \(check), not \(closes)") }
        let events = max(both.median - reading.median, 0.001)
        return [
            .init(
                what: "bars from a CSV file (\(rows) rows, \(decimal(Double(size) / 1e6)) MB)",
                measured: "\(decimal(Double(rows) / reading.median / 1e3)) M rows/s", toReach: "≥ 10 M rows/s"),
            .init(what: "  one event after the other", measured: "\(decimal(events * 1e6 / Double(rows))) ns a bar"),
            .init(
                what: "  peak memory of this program, before and after",
                measured: "\(decimal(Double(before) / 1e6)), \(decimal(Double(peak) / 1e6)) MB", toReach: "≤ 120 MB"),
        ]
    }

    private static func price(_ row: Int) -> Int64 { 1000 + Int64(row % 977) }
    private static var closes: Int64 { (0..<rows).reduce(0) { $0 + price($1) * 100 } }

    /// One-minute bars of 240 minutes a day, with two decimals.
    private static func write(_ path: String) throws -> Int {
        let disk = SystemDisk()
        let file = try disk.open(path, .createNew)
        defer { disk.close(file) }
        guard let first = Day(year: 2008, month: 1, day: 2) else { throw BenchError("there is no such day") }
        var text = "datetime,open,high,low,close,volume\n"
        func yuan(_ cents: Int64) -> String { "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)" }
        for row in 0..<rows {
            let minute = row % 240 + 1
            let time =
                TimeOfDay(minute <= 120 ? 9 : 13, minute <= 120 ? 30 : 0) + (minute <= 120 ? minute : minute - 120) * 60
            let close = price(row)
            text += "\(first + row / 240) \(time),\(yuan(close)),\(yuan(close + 2)),\(yuan(close - 3)),\(yuan(close)),"
            text += "\(10_000 + row % 9973 * 100)\n"
            if text.utf8.count > 1 << 20 || row == rows - 1 {
                try disk.appendWhole(Array(text.utf8), to: file)
                text = ""
            }
        }
        return try disk.size(of: file)
    }
}
