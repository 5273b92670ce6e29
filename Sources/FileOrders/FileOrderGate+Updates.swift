import Gates
import Market
import Storage

// What the terminal says of our orders.

extension FileOrderGate {
    /// All that is new in the terminal's growing files, of today and of the last trading day that we have orders of.
    public func updates() -> [OrderUpdate] { listOfUpdates() }

    /// The same, row by row as it is read.
    public func tellUpdates(to hear: (OrderUpdate) -> Void) {
        waiting.forEach(hear)
        waiting = []
        guard let desk, let options, let files, var deadline = files.begin() else { return }
        let today = desk.day()
        let days = replyDays(today)
        for (layout, day) in days.flatMap({ day in replyLayouts.map { ($0, day) } }) {
            if files.isLate(deadline) {
                log.change("slow", .warn, "the folder answers slowly: what is left is read at the next sync")
                return
            }
            let isAnswer = layout.column(of: .verdict) != nil
            let file = replyFile(layout, day, options)
            let worked = withoutActuallyEscaping(hear) { read(file, isAnswer: isAnswer, $0) }
            // What is done with its rows takes time that is not the folder's.
            deadline = deadline + worked
        }
        log.settle("slow")
        lookForTerminal(today)
    }

    private var replyLayouts: [FileLayout] { [format.results, format.reports].compactMap { $0 } }

    private func replyDays(_ today: Day) -> [Day] {
        if let last = replyDay, last != today {
            ownDays.insert(last)
            let kept = replyLayouts.flatMap { [$0.name(on: last), $0.name(on: today)] }
            replies = replies.filter { kept.contains($0.key) }
        }
        replyDay = today
        // Yesterday's last rows still come, and what lies further back is settled.
        let past = ownDays.filter { $0 < today && $0 >= today - 12 }.max()
        ownDays = Set([past].compactMap { $0 })
        return [past, today].compactMap { $0 }
    }

    private func replyFile(_ layout: FileLayout, _ day: Day, _ options: FileOrderOptions) -> ReplyFile {
        let name = layout.name(on: day)
        if let file = replies[name] { return file }
        let file = ReplyFile(layout, folder: options.folder, day: day, encoding: options.encoding)
        replies[name] = file
        return file
    }

    /// Reads what is new in a file; answers how long was worked on it, the reading itself apart.
    private func read(_ file: ReplyFile, isAnswer: Bool, _ hear: @escaping (OrderUpdate) -> Void) -> TimeSpan {
        var worked = TimeSpan.zero
        let name = file.name
        let taker = ReplyFile.Taker(
            recognize: { [own] in own.recognize($0) },
            take: { [self] (row, number, offset) throws(RowProblem) in
                if var update = try isAnswer ? answer(row, number, name, offset) : report(row, number) {
                    (update.source, update.offset) = (name, offset)
                    hear(update)
                }
            },
            complain: { [self] in complain(file, $0, $1) },
            work: { [clock] work in
                let began = clock.elapsed
                defer { worked = worked + (clock.elapsed - began) }
                return work()
            })
        do {
            let found = try file.read(disk, taker)
            if found == .again { log.say(.warn, "\(file.path) was written anew: it is read again from its start") }
            log.settle("read \(file.name)", "\(file.path) can be read again")
        } catch {
            log.change("read \(file.name)", .warn, "\(error). It is tried again at the next sync.")
        }
        return worked
    }

    private func complain(_ file: ReplyFile, _ offset: Int, _ row: ReplyFile.Unread) {
        log.say(
            .error,
            "\(file.path), offset \(offset): this row cannot be read, for \(row.reason). It is kept, and tried "
                + "again when the file changes: \(shown(row.bytes))")
    }

    /// Why no order may leave: a row that cannot be read and must not be passed over, whichever file it stands in. What
    /// follows it is read all the same, for it may be a refusal.
    var blockade: String? {
        guard let options, !options.ignoresBadRows else { return nil }
        return replies.values.filter(\.hasUnread).map(\.path).min().map { "a row of \($0) cannot be read" }
    }

    /// Before the terminal logs in, at night and on closed days it has no files: normal, and said once. One that writes
    /// nothing but reports may have none all day.
    private func lookForTerminal(_ day: Day) {
        guard let desk, let options else { return }
        let isThere = terminalLayouts.contains { (try? disk.identity(of: path($0, day))) != FileIdentity?.none }
        if isThere { return log.settle("terminal", "the terminal has begun its files of \(day)") }
        let now = desk.zone.local(desk.now())
        if hasAccountSide, now.day == day, now.time >= TimeOfDay(9, 15) {
            log.change(
                "terminal", .error,
                "there is no file of the terminal for \(day) in \(options.folder): start the terminal and log in")
        } else {
            log.change("terminal", .info, "there is no file of the terminal for \(day) in \(options.folder) yet")
        }
    }

    // MARK: Rows

    /// A row of the terminal's answers to orders and cancels; nil if its verdict is none that is known. Then the order
    /// stands as it did, and its reports tell what becomes of it.
    private func answer(
        _ row: Row, _ number: UInt64, _ name: String, _ offset: Int
    ) throws(RowProblem) -> OrderUpdate? {
        let codes = format.codes
        let verdict = row.string(.verdict)
        guard verdict == codes.accepted || verdict == codes.refused else {
            let text =
                "\(name):\(offset): the verdict \"\(verdict)\" is neither the acceptance \"\(codes.accepted)\" nor the refusal "
                + "\"\(codes.refused)\": what is answered like this stands as it did until a report tells more: \(shown(row.bytes))"
            if !log.once("verdict \(verdict)", .warn, text) { log.say(.debug, text) }
            return nil
        }
        let isRefused = verdict == codes.refused
        let message = words(row)
        let id = String(number)
        switch row.string(.answered) {
        case codes.orderAnswer:
            return OrderUpdate(
                id: id, news: .state(isRefused ? .rejected : .new), message: isRefused ? message : "")
        case codes.cancelAnswer:
            return OrderUpdate(id: id, news: isRefused ? .cancelRefused(message) : .state(.canceling))
        case let other: throw RowProblem("it answers \"\(other)\", neither an order nor a cancel")
        }
    }

    /// A row that reports how an order stands.
    private func report(_ row: Row, _ number: UInt64) throws(RowProblem) -> OrderUpdate {
        guard let status = statusCodes.status(row) else {
            throw RowProblem("its status \"\(row.string(.status))\" is not known")
        }
        let counterNumber = row.string(.counterNumber)
        let update = OrderUpdate(
            id: text(of: number), news: .state(status), filledAmount: try row.whole(.filledAmount),
            canceledAmount: try row.whole(.canceledAmount), averagePrice: try row.money(.averagePrice),
            filledValue: try row.money(.filledValue), message: words(row), counterNumber: counterNumber,
            entrustedAt: entrusted(row))
        if !counterNumber.isEmpty, cancelsNameCounter { own.counterNumbers[number] = counterNumber }
        return update
    }

    private func words(_ row: Row) -> String {
        let message = row.string(.message)
        let code = row.string(.errorCode)
        if code.isEmpty || code == "0" { return message }
        return message.isEmpty ? "error \(code)" : "\(message) (\(code))"
    }

    /// `20261120` and `093015`, or `2026-11-20 09:30:15` in one; nil for anything else: it only informs.
    private func entrusted(_ row: Row) -> Instant? {
        guard let zone = desk?.zone else { return nil }
        let (front, back) = (row.digitsWithin(.orderDate), row.digitsWithin(.orderTime))
        // Whoever wrote the time as a number has lost its first 0.
        let isCut = front.count == 8 && back.count == 5
        guard front.count + back.count == (isCut ? 13 : 14) else { return nil }
        let value = (0..<(isCut ? 6 : back.count)).reduce(front.value) { value, _ in value &* 10 } &+ back.value
        let (date, time) = (Int(value / 1_000_000), Int(value % 1_000_000))
        guard let day = Day(year: date / 10000, month: date / 100 % 100, day: date % 100) else { return nil }
        guard time / 10000 < 24, time / 100 % 100 < 60, time % 100 < 60 else { return nil }
        return zone.instant(day, TimeOfDay(time / 10000, time / 100 % 100, time % 100))
    }
}

/// A number's digits, made in one step: there are some for each row of a file.
private func text(of number: UInt64) -> String {
    var (count, limit) = (1, UInt64(10))
    while count < 20, number >= limit { (count, limit) = (count + 1, limit &* 10) }
    return String(unsafeUninitializedCapacity: count) { bytes in
        var rest = number
        for place in stride(from: count - 1, through: 0, by: -1) {
            bytes.initializeElement(at: place, to: UInt8(truncatingIfNeeded: 0x30 + rest % 10))
            rest /= 10
        }
        return count
    }
}
