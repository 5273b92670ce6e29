import FileOrders
import Gates
import Market
import Notation
import Simulation
import Storage
import Time

// What the program makes of an input, held against what the slow readers make of it.

extension FuzzInput {
    private static let day = Day(number: 20_777)
    private static let start = MarketZone.shanghai.instant(day, TimeOfDay(10, 0))

    func check(_ counts: inout FuzzCounts) throws {
        let disk = SimulatedDisk()
        try disk.makeFolder("/o")
        try disk.makeFolder("/t")
        switch kind {
        case .reports, .results: try checkReplies(disk, &counts)
        case .account: try checkAccount(disk, &counts)
        case .orders: try checkOrders(disk, &counts)
        }
    }

    private func append(_ bytes: some Collection<UInt8>, _ stem: String, _ disk: SimulatedDisk) throws {
        let file = try disk.open("/o/\(stem)\(Self.day.compact).csv", .appendOrCreate)
        defer { disk.close(file) }
        try disk.appendWhole(Array(bytes), to: file)
    }

    private func gate(_ disk: SimulatedDisk, log: @escaping (String) -> Void) throws -> FileOrderGate {
        let clock = VirtualClock(start: Self.start)
        let gate = FileOrderGate(format: Self.format, disk: disk, clock: clock, random: SeededRandom(seed: 1))
        let options: [String: JSON] = [
            "account_no": .text(Self.account), "order_dir": "/o",
            "sync_retry_kwargs": .object([.init("max_attempts", .integer(1))]),
        ]
        try gate.setup(
            GateDesk(
                options: options, taskName: "fuzz", folder: "/t", now: { clock.now }, day: { Self.day },
                zone: .shanghai, log: { log($1) }))
        return gate
    }

    // MARK: Answers and reports

    private func checkReplies(_ disk: SimulatedDisk, _ counts: inout FuzzCounts) throws {
        guard let (stem, bytes) = files.first, let layout = Self.layouts(of: kind).first else { return }
        var said: [String] = []
        let gate = try gate(disk) { said.append($0) }
        gate.adopt(
            Self.ours.map {
                OrderTicket(
                    id: $0, security: Security("000001.XSHE"), side: .buy, position: .long, amount: 1000,
                    pricing: .best, day: Self.day, createdAt: Self.start)
            })
        var updates: [OrderUpdate] = []
        var from = 0
        for cut in cuts + [bytes.count] {
            try append(bytes[from..<cut], stem, disk)
            from = cut
            updates += gate.updates()
        }
        if !gate.updates().isEmpty { throw BenchError("rows were taken twice") }
        let table = SlowTable(
            bytes, required: layout.required.compactMap(layout.column),
            columns: layout.columns.map(\.name))
        var taken: Set<Int> = []
        for update in updates {
            guard let offset = update.source.split(separator: ":").last.flatMap({ Int($0) }),
                let index = table.lines.firstIndex(where: { $0.offset == offset })
            else { throw BenchError("no line begins at \(update.source)") }
            if !taken.insert(offset).inserted { throw BenchError("the row at \(offset) was taken twice") }
            try check(update, table, index, layout)
        }
        let reported = said.filter { $0.contains("this row cannot be read") }
        for line in table.lines where !line.isHeader && !taken.contains(line.offset) {
            guard let names = line.names, let id = line.field("custBatchNo", in: names),
                Self.ours.contains(where: { id.elementsEqual($0.utf8) })
            else { continue }
            guard reported.contains(where: { $0.contains("offset \(line.offset):") }) else {
                throw BenchError("the row of ours at \(line.offset) was neither taken nor reported")
            }
        }
        counts.rowsTaken += updates.count
        counts.rowsReported += reported.count
    }

    private func check(_ update: OrderUpdate, _ table: SlowTable, _ index: Int, _ layout: FileLayout) throws {
        let line = table.lines[index]
        if let names = line.names { return try check(update, line, names, layout) }
        // Before the first header a row waits for one, and more than one may have come.
        var problem = BenchError("a row was taken without any header")
        for later in table.lines[index...].filter(\.isHeader) {
            do { return try check(update, line, later.names ?? [], layout) } catch { problem = error }
        }
        throw problem
    }

    private func check(
        _ update: OrderUpdate, _ line: SlowTable.Line, _ names: [String], _ layout: FileLayout
    ) throws(BenchError) {
        func field(_ field: Field) -> [UInt8] {
            guard let name = layout.column(of: field) else { return [] }
            return line.field(name, loose: layout.column(of: .message) ?? "", in: names) ?? []
        }
        let id = field(.id)
        guard SlowNumber(id)?.whole.map(String.init) == update.id else {
            throw BenchError(
                "\"\(String(decoding: id, as: UTF8.self))\" in \(names) was taken for the order of \(update)")
        }
        if kind == .results { return }
        guard case .state(let status) = update.news else { throw BenchError("a report has refused a cancel") }
        let code = String(decoding: field(.status), as: UTF8.self)
        let known: [String: OrderStatus] = [
            "0": .open, "1": .filling, "2": .filled, "3": .partly_canceled, "4": .canceled, "5": .rejected, "7": .new,
            "8": .canceling,
        ]
        guard known[code] == status else { throw BenchError("\"\(code)\" was taken for \(status)") }
        try expect(update.filledAmount, field(.filledAmount), "filledQty", \.whole)
        try expect(update.canceledAmount, field(.canceledAmount), "cancelQty", \.whole)
        try expect(update.averagePrice?.units, field(.averagePrice), "avgPrice", \.nearestMoney)
        try expect(update.filledValue?.units, field(.filledValue), "filledAmt", \.nearestMoney)
    }

    private func expect(
        _ taken: Int64?, _ text: [UInt8], _ name: String, _ value: (SlowNumber) -> Int64?
    ) throws(BenchError) {
        if text.isEmpty, taken == nil { return }
        guard let slow = SlowNumber(text).flatMap(value), slow == taken else {
            throw BenchError(
                "\(name) \"\(String(decoding: text, as: UTF8.self))\" was taken for \(taken.map(String.init) ?? "nothing")"
            )
        }
    }

    // MARK: The account

    private func checkAccount(_ disk: SimulatedDisk, _ counts: inout FuzzCounts) throws {
        var said = 0
        let gate = try gate(disk) { if $0.contains("The account stays") { said += 1 } }
        for (stem, bytes) in files { try append(bytes, stem, disk) }
        guard let snapshot = gate.account() else {
            if said == 0 { throw BenchError("the account was refused without a word") }
            counts.accountsReported += 1
            return
        }
        counts.accountsTaken += 1
        let assets = try rows(0).filter { $0("exchange").isEmpty }
        guard let total = assets.last else { throw BenchError("there is no row of the whole account") }
        try expect(snapshot.totalValue.units, total("totalAsset"), "totalAsset", \.nearestMoney)
        try expect(snapshot.availableCash.units, total("enabledBalance"), "enabledBalance", \.nearestMoney)
        let (cash, overflow) = snapshot.lockedCash.units.addingReportingOverflow(snapshot.availableCash.units)
        if overflow { throw BenchError("the locked cash is not what is left of the cash") }
        try expect(cash, total("currentBalance"), "currentBalance", \.nearestMoney)
        let positions = try rows(1).filter { SlowNumber($0("currentQty"))?.whole != 0 }
        guard positions.count == snapshot.holdings.count else {
            throw BenchError("\(snapshot.holdings.count) of \(positions.count) positions were taken")
        }
        for (row, holding) in zip(positions, snapshot.holdings) {
            try expect(holding.amount, row("currentQty"), "currentQty", \.whole)
            try expect(holding.available, row("enabledQty"), "enabledQty", \.whole)
            for (value, name) in [
                (holding.cost, "costPrice"), (holding.lastPrice, "lastPrice"), (holding.value, "mktValue"),
            ] {
                try expect(row(name).isEmpty && value == .zero ? nil : value.units, row(name), name, \.nearestMoney)
            }
        }
    }

    /// The account's own rows of a file, by the names of the columns.
    private func rows(_ index: Int) throws -> [(String) -> [UInt8]] {
        let layout = Self.layouts(of: kind)[index]
        let table = SlowTable(
            files[index].bytes, required: layout.required.compactMap(layout.column),
            columns: layout.columns.map(\.name))
        guard let names = table.lines.compactMap(\.names).first else {
            throw BenchError("it was taken without a header")
        }
        let ends = table.lines.contains { $0.fields.count > 1 && $0.fields.allSatisfy(\.isEmpty) }
        if !ends, !table.tail.allSatisfy({ [44, 32, 9, 34, 13].contains($0) }) || table.tail.isEmpty && !ends {
            throw BenchError("\(layout.stem) was taken half written")
        }
        return table.lines.filter { $0.names != nil && !$0.isHeader }
            .map { line in { line.field($0, in: names) ?? [] } }
            .filter { $0("acct").elementsEqual(Self.account.utf8) }
    }

    // MARK: Orders as the simulated terminal reads them

    private func checkOrders(_ disk: SimulatedDisk, _ counts: inout FuzzCounts) throws {
        let ledger = TerminalLedger()
        let terminal = BrokerTerminal(
            TerminalSettings(
                format: Self.format, folder: "/o", account: Self.account,
                opening: TerminalAccount(cash: Money(units: 1 << 60))), store: disk, ledger: ledger)
        var now = Self.start
        var from = 0
        for cut in cuts + [files[0].bytes.count] {
            try append(files[0].bytes[from..<cut], files[0].name, disk)
            from = cut
            _ = try terminal.step(now: now)
            now = now + .milliseconds(1)
        }
        try append(files[1].bytes, files[1].name, disk)
        _ = try terminal.step(now: now)
        let layout = Self.format.orders
        let table = SlowTable(
            files[0].bytes, required: layout.required.compactMap(layout.column),
            columns: layout.columns.map(\.name))
        for entry in ledger.entries {
            if case .refused = entry.event { counts.ordersRefused += 1 }
            guard case .accepted(let order) = entry.event else { continue }
            counts.ordersTaken += 1
            guard let row = entry.row,
                let line = table.lines.first(where: { $0.offset == row.offset || $0.offset == row.offset + 3 })
            else {
                throw BenchError("an order was taken from no line: \(order)")
            }
            let names = line.names ?? layout.columns.map(\.name)
            func field(_ name: String) -> [UInt8] { line.field(name, in: names) ?? [] }
            try expect(order.amount, field("targetQty"), "targetQty", \.whole)
            if let limit = SlowNumber(field("highLimitPrice"))?.money, limit != 0 {
                guard order.price.units == limit else { throw BenchError("\(order.price) is not the order's price") }
            }
            guard String(decoding: field("custBatchNo"), as: UTF8.self) == order.id,
                field("acct").elementsEqual(Self.account.utf8),
                field("tradeSide") == [order.side == .buy ? 49 : 50]
            else { throw BenchError("another order was taken: \(order)") }
        }
    }
}
