import Gates
import Market
import Storage

/// The account's two files, which the terminal empties and writes anew every few seconds: taken only when both were whole.
struct SnapshotReader {
    /// The files as they were when they were last taken.
    private var taken: [String: FileIdentity] = [:]
    /// The files as they were at the last look, if that found them incomplete.
    private var incomplete: [String: FileIdentity] = [:]
    /// The files as they were when looking at them was given up.
    private var givenUp: [String: FileIdentity]?

    /// What one look at the files gave.
    enum Look {
        /// A whole account.
        case snapshot(AccountSnapshot)
        /// The files are as they were when they were taken or given up, or not there.
        case nothing
        /// They are half written, or hold what cannot be read.
        case incomplete(String)
    }

    /// The two files of a day and how they are read.
    struct Source {
        let assets: FileLayout
        let positions: FileLayout
        let assetPath: String
        let positionPath: String
        let day: Day
        let account: String
        let codes: OrderCodes
        let encoding: TextEncoding?
    }

    /// Looks once.
    mutating func look(at source: Source, _ disk: any FileStore, now: Instant) throws(DiskError) -> Look {
        incomplete = [:]
        let paths = [source.assetPath, source.positionPath]
        var before: [String: FileIdentity] = [:]
        for path in paths {
            guard let identity = try disk.identity(of: path) else { return .nothing }
            before[path] = identity
        }
        if before == taken || before == givenUp { return .nothing }
        guard let assets = try disk.readFile(source.assetPath), let positions = try disk.readFile(source.positionPath)
        else { return .nothing }
        for path in paths where try disk.identity(of: path) != before[path] {
            incomplete = before
            return .incomplete("\(path) was written while it was read")
        }
        do throws(RowProblem) {
            let written = before.values.map(\.modified).min() ?? 0
            let snapshot = try Self.snapshot(
                source, assets, positions, writtenAt: Instant(nanoseconds: written), readAt: now)
            (taken, givenUp) = (before, nil)
            return .snapshot(snapshot)
        } catch {
            incomplete = before
            return .incomplete(error.reason)
        }
    }

    /// No more tries for now: what is incomplete is looked at again when it has changed.
    mutating func giveUp() { givenUp = incomplete }

    /// True while the last tries have been given up.
    var isGivenUp: Bool { givenUp != nil }

    private static func snapshot(
        _ source: Source, _ assets: [UInt8], _ positions: [UInt8], writtenAt: Instant, readAt: Instant
    ) throws(RowProblem) -> AccountSnapshot {
        var total: (value: Money, available: Money, cash: Money)?
        try table(assets, source.assets, source.assetPath, source) { row throws(RowProblem) in
            guard row[.exchange].isEmpty else { return }
            total = (
                try row.needed(.totalValue, row.money(.totalValue)),
                try row.needed(.availableCash, row.money(.availableCash)), try row.needed(.cash, row.money(.cash))
            )
        }
        guard let total else {
            throw RowProblem(
                "\(source.assetPath) has no row with the total of the account …\(source.account.suffix(3))")
        }
        var holdings: [AccountSnapshot.Holding] = []
        try table(positions, source.positions, source.positionPath, source) { row throws(RowProblem) in
            let amount = try row.needed(.heldAmount, row.whole(.heldAmount))
            if amount == 0 { return }
            let symbol = row.string(.symbol)
            if symbol.isEmpty { throw RowProblem("\(source.positionPath) has a position without a symbol") }
            holdings.append(
                .init(
                    security: source.codes.security(of: symbol) ?? Security(symbol), amount: amount,
                    available: try row.needed(.availableAmount, row.whole(.availableAmount)),
                    cost: try row.money(.cost) ?? .zero, lastPrice: try row.money(.lastPrice) ?? .zero,
                    value: try row.money(.value) ?? .zero))
        }
        return AccountSnapshot(
            totalValue: total.value, availableCash: total.available, lockedCash: total.cash - total.available,
            holdings: holdings, day: source.day, writtenAt: writtenAt, readAt: readAt)
    }

    /// The account's own rows of a file that must be whole.
    private static func table(
        _ bytes: [UInt8], _ layout: FileLayout, _ path: String, _ source: Source,
        _ take: (Row) throws(RowProblem) -> Void
    ) throws(RowProblem) {
        let text = TextReader(source.encoding)
        text.look(at: bytes)
        text.lookThrough(bytes[...])
        var line = CSVLine()
        line.look(at: bytes)
        var columns: ColumnMap?
        var isWhole = false
        var problem: RowProblem?
        let mark = bytes.starts(with: TextEncoding.mark) ? TextEncoding.mark.count : 0
        let takeLine = { (range: Range<Int>) -> Bool in
            line.split(range)
            if line.fields.count == 1, line.isEmpty { return true }
            do throws(RowProblem) {
                if isWhole { throw RowProblem("\(path) goes on behind its end") }
                if line.isEmpty {
                    isWhole = columns != nil
                } else if let known = columns {
                    guard let row = Row(line, known, text) else {
                        throw RowProblem("a row of \(path) has \(line.fields.count) fields, not \(known.count)")
                    }
                    if row.string(.account) == source.account { try take(row) }
                } else {
                    columns = ColumnMap(header: line, layout)
                    if columns == nil { throw RowProblem("\(path) does not begin with the names of its columns") }
                }
                return true
            } catch {
                problem = error
                return false
            }
        }
        let end = forEachLine(in: bytes, from: mark, takeLine)
        if let problem { throw problem }
        // The row of empty fields says by itself that nothing is missing, with or without a line end.
        if end < bytes.count, !isWhole {
            line.split(end..<bytes.count)
            isWhole = columns != nil && line.isEmpty && line.fields.count == columns?.count
        }
        if layout.endsWithEmptyRow, !isWhole {
            throw RowProblem("\(path) is half written: the empty row at its end is missing")
        }
    }
}

extension FileOrderGate {
    /// The account, if its files are new and whole; half-written ones are read again a few times.
    public func account() -> AccountSnapshot? {
        guard let desk, let options, let assets = format.assets, let positions = format.positions, let files,
            let deadline = files.begin()
        else { return nil }
        defer { _ = files.isLate(deadline) }
        // Looked at with each sync, the terminal's signs of life can be told by our clock too.
        _ = lastSign
        let day = accountDay(desk.day(), assets)
        let source = SnapshotReader.Source(
            assets: assets, positions: positions, assetPath: path(assets, day), positionPath: path(positions, day),
            day: day, account: options.account, codes: format.codes, encoding: options.encoding)
        let wasGivenUp = snapshots.isGivenUp
        var problem = ""
        for attempt in 1...options.attempts {
            do throws(DiskError) {
                switch try snapshots.look(at: source, disk, now: desk.now()) {
                case .snapshot(let snapshot):
                    log.settle("account", "the account can be read again")
                    hasAccount = true
                    let ahead = snapshot.writtenAt - desk.now()
                    if ahead >= .seconds(2) { warn(ofSkew: ahead, by: source.assetPath) }
                    return snapshot
                case .nothing: return nil
                case .incomplete(let reason): problem = reason
                }
            } catch {
                problem = "\(error)"
                // A folder that is away stays away for longer than that.
                if wasGivenUp { break }
            }
            if attempt == options.attempts || !files.pause(for: options.attemptInterval) { break }
        }
        snapshots.giveUp()
        log.change("account", .warn, "\(problem). The account stays as it was last read whole.")
        return nil
    }

    /// Before the terminal has written today's files, an account that was never read is that of the last day.
    private func accountDay(_ today: Day, _ assets: FileLayout) -> Day {
        if hasAccount { return today }
        if let there = try? disk.identity(of: path(assets, today)), there.size > 0 { return today }
        return (try? previousDay(of: assets, before: today)) ?? today
    }
}
