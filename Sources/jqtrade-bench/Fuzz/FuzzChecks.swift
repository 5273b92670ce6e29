import FileOrders
import Gates
import Market
import Notation
import Simulation
import Storage
import Time

// What the program makes of an input, held against what the slow readers make of it.

extension FuzzInput {
    static let day = Day(number: 20_777)
    static let start = MarketZone.shanghai.instant(day, TimeOfDay(10, 0))

    func check(_ coverage: inout FuzzCoverage) throws {
        let disk = SimulatedDisk()
        try disk.makeFolder("/o")
        try disk.makeFolder("/t")
        let (taken, refused) =
            switch kind {
            case .reports, .results, .trades, .catsReports: try checkReplies(disk)
            case .account: try checkAccount(disk)
            case .orders, .catsOrders: try checkOrders(disk)
            }
        coverage.add(kind, taken: taken, refused: refused)
    }

    func append(_ bytes: some Collection<UInt8>, _ stem: String, _ disk: SimulatedDisk) throws {
        let name = kind.format.reports.isDaily ? "\(stem)\(Self.day.compact)" : stem
        let file = try disk.open("/o/\(name).csv", .appendOrCreate)
        defer { disk.close(file) }
        try disk.appendWhole(Array(bytes), to: file)
    }

    /// The file of a layout as the slow reader sees it.
    func table(_ index: Int, hasHeaders: Bool) -> SlowTable {
        let layout = kind.layouts[index]
        return SlowTable(
            files[index].bytes, required: layout.required.compactMap(layout.column),
            columns: layout.columns.map(\.name), id: layout.column(of: .id) ?? "",
            begins: layout.hasHeader ? nil : layout.columns.map(\.name), hasHeaders: hasHeaders)
    }

    private func gate(_ disk: SimulatedDisk, log: @escaping (String) -> Void) throws -> FileOrderGate {
        let clock = VirtualClock(start: Self.start)
        let gate = FileOrderGate(format: kind.format, disk: disk, clock: clock, random: SeededRandom(seed: 1))
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

    private func checkReplies(_ disk: SimulatedDisk) throws -> (taken: Int, refused: Int) {
        let (layout, bytes) = (kind.layouts[0], files[0].bytes)
        for (stem, others) in files.dropFirst() { try append(others, stem, disk) }
        let before = disk.operations
        var said: [String] = []
        let gate = try gate(disk) { said.append($0) }
        gate.adopt(
            kind.ours.map {
                OrderTicket(
                    id: $0, security: Security("000001.XSHE"), side: .buy, position: .long, amount: 1000,
                    pricing: .best, day: Self.day, createdAt: Self.start)
            })
        var updates: [OrderUpdate] = []
        var from = 0
        for cut in cuts + [bytes.count] {
            try append(bytes[from..<cut], layout.stem, disk)
            from = cut
            updates += gate.updates()
        }
        if !gate.updates().isEmpty { throw BenchError("rows were taken twice") }
        if disk.log[before...].contains(where: { $0.path.contains("tradeUpdate") }) {
            throw BenchError("tradeUpdate was looked at, and nobody knows its columns")
        }
        let table = table(0, hasHeaders: true)
        let texts = SlowTexts(bytes, layout)
        var taken: Set<Int> = []
        for update in updates {
            guard let offset = update.offset, update.source.hasPrefix(layout.stem),
                let index = table.lines.firstIndex(where: { $0.offset == offset })
            else { throw BenchError("no line begins at \(update.place)") }
            if !taken.insert(offset).inserted { throw BenchError("the row at \(offset) was taken twice") }
            try check(update, table, index, layout, texts)
        }
        let kept = said.filter { $0.contains("this row cannot be read") || $0.contains(": the verdict \"") }
        for line in table.lines where !line.isHeader && !taken.contains(line.offset) {
            guard let names = line.names, let id = line.field(layout.column(of: .id) ?? "", in: names),
                kind.ours.contains(where: { id.elementsEqual($0.utf8) })
            else { continue }
            let places = ["offset \(line.offset):", ".csv:\(line.offset): the verdict"]
            guard kept.contains(where: { said in places.contains { said.contains($0) } }) else {
                throw BenchError("the row of ours at \(line.offset) was neither taken nor reported")
            }
        }
        return (updates.count, kept.count)
    }

    private func check(
        _ update: OrderUpdate, _ table: SlowTable, _ index: Int, _ layout: FileLayout, _ texts: SlowTexts
    ) throws {
        let line = table.lines[index]
        if let names = line.names { return try check(update, line, names, layout, texts) }
        // Before the first header a row waits for one, and more than one may have come.
        var problem = BenchError("a row was taken without any header")
        for later in table.lines[index...].filter(\.isHeader) {
            do { return try check(update, line, later.names ?? [], layout, texts) } catch { problem = error }
        }
        throw problem
    }

    private func check(
        _ update: OrderUpdate, _ line: SlowTable.Line, _ names: [String], _ layout: FileLayout, _ texts: SlowTexts
    ) throws(BenchError) {
        func field(_ field: Field) -> [UInt8] {
            guard let name = layout.column(of: field) else { return [] }
            return line.field(name, loose: layout.column(of: .message) ?? "", in: names) ?? []
        }
        let id = field(.id)
        guard SlowNumber(id)?.whole.map(String.init) == update.id else {
            throw BenchError("\"\(shown(id))\" in \(names) was taken for the order of \(update)")
        }
        let words = texts.message(of: line, names, code: field(.errorCode))
        if kind == .results {
            let verdict = (shown(field(.answered)), shown(field(.verdict)))
            guard SlowAnswer.isRight(update, verdict, words) else {
                throw BenchError("the answer \(verdict) \"\(words ?? "?")\" was taken for \(update)")
            }
            return
        }
        guard case .state(let status) = update.news else { throw BenchError("a report has refused a cancel") }
        let code = shown(field(.status))
        guard SlowAnswer.statuses(kind)[code] == status else { throw BenchError("\"\(code)\" was taken for \(status)") }
        if let words, words != update.message { throw BenchError("\"\(words)\" was taken for \"\(update.message)\"") }
        try expect(update.filledAmount, field(.filledAmount), "filledQty", \.whole)
        try expect(update.canceledAmount, field(.canceledAmount), "cancelQty", \.whole)
        try expect(update.averagePrice?.units, field(.averagePrice), "avgPrice", \.nearestMoney)
        try expect(update.filledValue?.units, field(.filledValue), "filledAmt", \.nearestMoney)
    }

    func shown(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    func expect(
        _ taken: Int64?, _ text: [UInt8], _ name: String, _ value: (SlowNumber) -> Int64?
    ) throws(BenchError) {
        if text.isEmpty, taken == nil { return }
        guard let slow = SlowNumber(text).flatMap(value), slow == taken else {
            throw BenchError("\(name) \"\(shown(text))\" was taken for \(taken.map(String.init) ?? "nothing")")
        }
    }

    // MARK: The account

    private func checkAccount(_ disk: SimulatedDisk) throws -> (taken: Int, refused: Int) {
        var said = 0
        let gate = try gate(disk) { if $0.contains("The account stays") { said += 1 } }
        for (stem, bytes) in files { try append(bytes, stem, disk) }
        guard let snapshot = gate.account() else {
            if said == 0 { throw BenchError("the account was refused without a word") }
            return (0, 1)
        }
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
        return (1, 0)
    }

    /// The account's own rows of a file, by the names of the columns.
    private func rows(_ index: Int) throws -> [(String) -> [UInt8]] {
        let table = table(index, hasHeaders: true)
        guard let names = table.lines.compactMap(\.names).first else {
            throw BenchError("it was taken without a header")
        }
        let ends = table.lines.contains { $0.fields.count > 1 && $0.fields.allSatisfy(\.isEmpty) }
        if !ends, !table.tail.allSatisfy({ [44, 32, 9, 34, 13].contains($0) }) || table.tail.isEmpty && !ends {
            throw BenchError("\(files[index].name) was taken half written")
        }
        return table.lines.filter { $0.names != nil && !$0.isHeader }
            .map { line in { line.field($0, in: names) ?? [] } }
            .filter { $0("acct").elementsEqual(Self.account.utf8) }
    }
}
