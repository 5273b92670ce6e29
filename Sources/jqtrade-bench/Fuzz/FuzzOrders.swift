import FileOrders
import Market
import Simulation
import Storage

// Orders and cancels as the simulated terminal reads them.

extension FuzzInput {
    func checkOrders(_ disk: SimulatedDisk) throws -> (taken: Int, refused: Int) {
        let ledger = TerminalLedger()
        let held = Dictionary(
            uniqueKeysWithValues: ["000001.XSHE", "600000.XSHG"].map {
                (Security($0), TerminalAccount.Holding(amount: 1 << 40, costPrice: Money(units: 100_000)))
            })
        let terminal = BrokerTerminal(
            TerminalSettings(
                format: kind.format, folder: "/o", account: Self.account,
                opening: TerminalAccount(cash: Money(units: 1 << 60), holdings: held)), store: disk, ledger: ledger)
        var now = Self.start
        var from = 0
        for cut in cuts + [files[0].bytes.count] {
            try append(files[0].bytes[from..<cut], files[0].name, disk)
            from = cut
            _ = try terminal.step(now: now)
            now = now + .milliseconds(1)
        }
        for (stem, bytes) in files.dropFirst() { try append(bytes, stem, disk) }
        _ = try terminal.step(now: now)

        let layouts = kind.layouts
        let tables = layouts.indices.map { table($0, hasHeaders: layouts[$0].hasHeader) }
        var answered = layouts.map { _ in Set<Int>() }
        var (taken, refused) = (0, 0)
        for entry in ledger.entries {
            guard let row = entry.row else { continue }
            guard let index = layouts.firstIndex(where: { row.file == $0.name(on: Self.day) }),
                let line = tables[index].lines.first(where: { $0.offset == row.offset })
            else { throw BenchError("it was acted on no line: \(entry)") }
            answered[index].insert(line.offset)
            let names = line.names ?? layouts[index].columns.map(\.name)
            func field(_ field: Field) -> [UInt8] {
                layouts[index].column(of: field).flatMap { line.field($0, in: names) } ?? []
            }
            switch entry.event {
            case .accepted(let order):
                taken += 1
                try check(order, field)
            case .refused(let id, _):
                refused += 1
                if unquoted(shown(field(.id))) != unquoted(id) {
                    throw BenchError("another order was refused: \(entry)")
                }
            case .cancelTaken(let number):
                taken += 1
                try check(cancelOf: terminal.books.orders[number - 1], field)
            case .cancelRefused: refused += 1
            case .rejected, .filled, .canceled: break
            }
        }
        try checkThatNoneIsPassedOver(tables[0], layouts[0], answered[0])
        return (taken, refused)
    }

    private func check(_ order: TerminalOrder, _ field: (Field) -> [UInt8]) throws {
        try expect(order.amount, field(.amount), "the amount", \.whole)
        let isLimit = shown(field(.priceType)) == kind.format.codes.limit
        if isLimit, let limit = SlowNumber(field(.price))?.money, limit != 0 {
            guard order.price.units == limit else { throw BenchError("\(order.price) is not the order's price") }
        }
        guard unquoted(shown(field(.id))) == unquoted(order.id), field(.account).elementsEqual(Self.account.utf8),
            field(.side) == [order.side == .buy ? 49 : 50]
        else { throw BenchError("another order was taken: \(order)") }
        if kind == .catsOrders, shown(field(.instruction)) == "C" {
            throw BenchError("a cancel was taken for \(order)")
        }
    }

    /// Quotes in the middle of a field that does not begin with one mean nothing: how many there are is left open.
    private func unquoted(_ text: String) -> [UInt8] { text.utf8.filter { $0 != 34 } }

    private func check(cancelOf order: TerminalOrder, _ field: (Field) -> [UInt8]) throws {
        let isItsNumber = SlowNumber(field(.counterNumber))?.whole == Int64(order.number)
        guard isItsNumber || shown(field(.id)) == order.id else { throw BenchError("another was canceled: \(order)") }
    }

    /// An order of the account with an id is taken or refused, and never passed over in silence.
    private func checkThatNoneIsPassedOver(_ table: SlowTable, _ layout: FileLayout, _ answered: Set<Int>) throws {
        if beginsWithHalfARow(layout) { return }
        for line in table.lines where !line.isHeader && !answered.contains(line.offset) {
            let names = line.names ?? layout.columns.map(\.name)
            func field(_ field: Field) -> [UInt8] {
                layout.column(of: field).flatMap { line.field($0, in: names) } ?? []
            }
            let isOurs = layout.column(of: .account) == nil || field(.account).elementsEqual(Self.account.utf8)
            if isOurs, !field(.id).isEmpty { throw BenchError("the line at \(line.offset) had no answer") }
        }
    }

    /// What stands below a first line that is the end of a row with a header run into it, nobody can tell: which columns it
    /// means is anybody's guess.
    private func beginsWithHalfARow(_ layout: FileLayout) -> Bool {
        let fields = files[0].bytes.prefix { $0 != 10 }.split(separator: 44, omittingEmptySubsequences: false)
        let names = Set(layout.columns.map { Array($0.name.utf8) })
        guard let known = fields.firstIndex(where: { names.contains(Array($0)) }) else { return false }
        return fields[..<known].contains { $0.contains { (48...57).contains($0) } }
    }
}
