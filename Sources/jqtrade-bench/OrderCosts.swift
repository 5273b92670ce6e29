import Storage

/// What one order costs: intent, journal, order file, each flushed; and what many at once do.
enum OrderCosts {
    private static let count = 10_000

    static func measure(in workplace: Workplace) throws -> [Table.Row] {
        let desk = try OrderDesk("single", in: workplace)
        let flushes = try TwoFlushes(in: desk.folder)
        var orders: [Double] = []
        var pairs: [Double] = []
        for _ in 0..<count {
            orders.append(try milliseconds { try desk.give(1) })
            pairs.append(try milliseconds { try flushes.run() })
        }
        let all = Samples(orders)
        let both = Samples(pairs)
        let tenth = count / 10
        // Beside the flushes of the same moments: the disk itself has better and worse ones.
        let first = Samples(Array(orders.prefix(tenth)))
        let last = Samples(Array(orders.suffix(tenth)))
        let diskGrowth = Samples(Array(pairs.suffix(tenth))).median / Samples(Array(pairs.prefix(tenth))).median
        return [
            .init(
                what: "one order(), \(count) of a day", measured: all.text(withP99: true),
                toReach: "≤ \(decimal(both.median + 0.1)) ms (2 flushes + 0.1)",
                original: "0.86 ms as 50th, 9.7 as 900th, 51 as 4,900th, unsynced"),
            .init(what: "  two appends + flushes, after each order", measured: both.text(withP99: true)),
            .init(
                what: "  the last tenth of them against the first", measured: "\(decimal(last.median / first.median)) ×",
                toReach: "≤ 1.2 ×", original: "60 ×"),
            .init(what: "    the two flushes' own last tenth against the first", measured: "\(decimal(diskGrowth)) ×"),
            try batches(in: workplace),
        ]
    }

    private static func batches(in workplace: Workplace) throws -> Table.Row {
        let desk = try OrderDesk("batches", in: workplace)
        let times = try Samples(20) { try milliseconds { try desk.give(1000) } }
        return .init(
            what: "batch_submit_orders, 20 batches of 1,000", measured: "\(decimal(1e6 / times.median)) orders/s",
            toReach: "≥ 50000 orders/s", original: "35 orders/s (5,000 take 141 s)")
    }
}

/// The least that an order could cost: as many bytes to two files, flushed.
private final class TwoFlushes {
    private let disk = SystemDisk()
    private let files: [OpenFile]
    private static let bytes = [UInt8](repeating: 0x2E, count: 100)

    init(in folder: String) throws {
        files = [try disk.open(folder + "/flushed1", .createNew), try disk.open(folder + "/flushed2", .createNew)]
    }

    deinit { for file in files { disk.close(file) } }

    func run() throws {
        for file in files {
            _ = try disk.append(Self.bytes, to: file)
            try disk.flush(file)
        }
    }
}
