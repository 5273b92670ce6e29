import CSupport
import Processes

/// What it costs to hear of orders and of the account.
enum SyncTimes {
    private static let rows = 100_000
    /// Each order has so many rows, as one that is filled part by part has.
    private static let rowsOfAnOrder = 10

    static func measure(in workplace: Workplace) throws -> [Table.Row] {
        try [ofOthers(in: workplace)] + ours(in: workplace) + [balance(in: workplace), memory(in: workplace)]
    }

    private static func ofOthers(in workplace: Workplace) throws -> Table.Row {
        let others = (0..<rows).map { String(3_000_000_000 + $0) }
        let times = try (0..<5).map { attempt in
            let desk = try OrderDesk("others\(attempt)", in: workplace)
            try desk.give(10)
            try desk.writeReports(others, rowsEach: 1)
            return milliseconds { _ = desk.account.sync(balance: false, now: desk.now) }
        }
        return .init(
            what: "first sync of an orderUpdate of 100,000 rows of others", measured: Samples(times).text(),
            toReach: "≤ 100 ms", original: "191 ms, every time")
    }

    private static func ours(in workplace: Workplace) throws -> [Table.Row] {
        var first: [Double] = []
        var again: [Double] = []
        for attempt in 0..<5 {
            let desk = try OrderDesk("ours\(attempt)", in: workplace)
            let ids = try (0..<rows / rowsOfAnOrder / 1000).flatMap { _ in try desk.give(1000) }
            try desk.writeReports(ids, rowsEach: rowsOfAnOrder)
            var changes = 0
            first.append(milliseconds { changes = desk.account.sync(balance: false, now: desk.now).count })
            guard changes == 2 * rows else { throw BenchError("of \(2 * rows) changes \(changes) were told") }
            for _ in 0..<50 {
                again.append(milliseconds { _ = desk.account.sync(now: desk.now) })
            }
        }
        return [
            .init(
                what: "first sync of 100,000 rows, all ours (10,000 orders, each row a fill)",
                measured: Samples(first).text(), toReach: "≤ 150 ms", original: "1.3 s"),
            .init(
                what: "sync with nothing new", measured: Samples(again).text(withP99: true), toReach: "≤ 0.1 ms",
                original: "3 ms; 149 with 5,000 own orders"),
        ]
    }

    private static func balance(in workplace: Workplace) throws -> Table.Row {
        let desk = try OrderDesk("balance", in: workplace, positions: 1000)
        let times = try Samples(50) {
            try desk.writeAccount(positions: 1000)
            return milliseconds { _ = desk.account.sync(orders: false, now: desk.now) }
        }
        return .init(
            what: "sync_balance with 1,000 positions", measured: times.text(), toReach: "≤ 3 ms", original: "8–11 ms")
    }

    /// Two of the same: what the first leaves behind is the reader's own buffer, whatever the file's length.
    private static func memory(in workplace: Workplace) throws -> Table.Row {
        let desk = try OrderDesk("memory", in: workplace)
        var grown: [String] = []
        for rowsEach in [1, 10, 100] {
            try desk.writeReports((0..<10_000).map { String(3_000_000_000 + $0) }, rowsEach: rowsEach)
            let before = residentBytes(of: getpid()) ?? 0
            _ = desk.account.sync(balance: false, now: desk.now)
            grown.append(decimal(max(0, Double((residentBytes(of: getpid()) ?? 0) - before)) / 1e6))
        }
        return .init(
            what: "memory that 10,000, 100,000, 1,000,000 rows of others add",
            measured: grown.joined(separator: ", ") + " MB", toReach: "flat")
    }
}
