import Gates
import Market
import Storage

// What the terminal says of our orders.

extension FileOrderGate {
    /// All that is new in the terminal's growing files, of today and of the last trading day that we have orders of.
    public func updates() -> [OrderUpdate] {
        var news = waiting
        waiting = []
        guard let desk, let options else { return news }
        let today = desk.day()
        let limit = deadline
        let days = replyDays(today)
        for (layout, day) in days.flatMap({ day in replyLayouts.map { ($0, day) } }) {
            if clock.elapsed > limit {
                log.change("slow", .warn, "the folder answers slowly: what is left is read at the next sync")
                return news
            }
            let isAnswer = layout.column(of: .verdict) != nil
            read(replyFile(layout, day, options), isAnswer: isAnswer, into: &news)
        }
        log.settle("slow")
        lookForTerminal(today)
        return news
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

    private func read(_ file: ReplyFile, isAnswer: Bool, into news: inout [OrderUpdate]) {
        var taken: [OrderUpdate] = []
        let source = file.name + ":"
        let taker = ReplyFile.Taker(
            recognize: { [own] in own.recognize($0) },
            take: { [self] (row, number, offset) throws(RowProblem) in
                var update = try isAnswer ? answer(row, number) : report(row, number)
                update.source = source.followed(by: offset)
                taken.append(update)
            },
            complain: { [self] in complain(file, $0, $1) },
            badRows: options?.ignoresBadRows == false ? .stop : .keep)
        do {
            let found = try file.read(disk, taker)
            if found == .again { log.say(.warn, "\(file.path) was written anew: it is read again from its start") }
            log.settle("read \(file.name)", "\(file.path) can be read again")
        } catch {
            log.change("read \(file.name)", .warn, "\(error). It is tried again at the next sync.")
        }
        if options?.ignoresBadRows == false {
            blockedBy = file.unread.isEmpty ? nil : "a row of \(file.path) cannot be read"
        }
        if news.isEmpty { news = taken } else { news += taken }
    }

    private func complain(_ file: ReplyFile, _ offset: Int, _ row: ReplyFile.Unread) {
        log.say(
            .error,
            "\(file.path), offset \(offset): this row cannot be read, for \(row.reason). It is kept, and tried "
                + "again when the file changes: \(shown(row.bytes))")
    }

    /// Before the terminal logs in, at night and on closed days it has no files: normal, and said once.
    private func lookForTerminal(_ day: Day) {
        guard let desk, let options else { return }
        let isThere = terminalLayouts.contains { (try? disk.identity(of: path($0, day))) != FileIdentity?.none }
        if isThere { return log.settle("terminal", "the terminal has begun its files of \(day)") }
        let now = desk.zone.local(desk.now())
        if now.day == day, now.time >= TimeOfDay(9, 15) {
            log.change(
                "terminal", .error,
                "there is no file of the terminal for \(day) in \(options.folder): start the terminal and log in")
        } else {
            log.change("terminal", .info, "there is no file of the terminal for \(day) in \(options.folder) yet")
        }
    }

    // MARK: Rows

    /// A row of the terminal's answers to orders and cancels.
    private func answer(_ row: Row, _ number: UInt64) throws(RowProblem) -> OrderUpdate {
        let codes = format.codes
        let verdict = row.string(.verdict)
        guard !verdict.isEmpty, verdict.utf8.count <= 2 else { throw RowProblem("its verdict is \"\(verdict)\"") }
        let isRefused = verdict == codes.refused
        let message = words(row)
        let id = String(number)
        switch row.string(.answered) {
        case codes.orderAnswer:
            return OrderUpdate(id: id, news: .state(isRefused ? .rejected : .new), message: isRefused ? message : "")
        case codes.cancelAnswer:
            return OrderUpdate(id: id, news: isRefused ? .cancelRefused(message) : .state(.canceling))
        case let other: throw RowProblem("it answers \"\(other)\", neither an order nor a cancel")
        }
    }

    /// A row that reports how an order stands.
    private func report(_ row: Row, _ number: UInt64) throws(RowProblem) -> OrderUpdate {
        let code = row.string(.status)
        guard let status = format.codes.statuses[code] else { throw RowProblem("its status \"\(code)\" is not known") }
        var update = OrderUpdate(id: String(number), news: .state(status))
        update.filledAmount = try row.whole(.filledAmount)
        update.canceledAmount = try row.whole(.canceledAmount)
        update.averagePrice = try row.money(.averagePrice)
        update.filledValue = try row.money(.filledValue)
        update.message = words(row)
        update.counterNumber = row.string(.counterNumber)
        update.entrustedAt = entrusted(row)
        if !update.counterNumber.isEmpty, format.cancels.column(of: .counterNumber) != nil {
            own.counterNumbers[number] = update.counterNumber
        }
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
        var value: UInt64 = 0
        var count = 0
        // Whoever wrote the time as a number has lost its first 0.
        for part in [row[.orderDate], row[.orderTime]] {
            let digits = part.count { (0x30...0x39).contains($0) }
            if count == 8, digits == 5 { value = value &* 10 }
            for byte in part where (0x30...0x39).contains(byte) { value = value &* 10 &+ UInt64(byte - 0x30) }
            count += count == 8 && digits == 5 ? 6 : digits
        }
        guard count == 14 else { return nil }
        let (date, time) = (Int(value / 1_000_000), Int(value % 1_000_000))
        guard let day = Day(year: date / 10000, month: date / 100 % 100, day: date % 100) else { return nil }
        guard time / 10000 < 24, time / 100 % 100 < 60, time % 100 < 60 else { return nil }
        return zone.instant(day, TimeOfDay(time / 10000, time / 100 % 100, time % 100))
    }
}

extension String {
    /// The text and a number behind it, made in one step: there is one for each row of a file.
    fileprivate func followed(by number: Int) -> String {
        var (text, digits) = (self, String(number))
        return text.withUTF8 { text in
            digits.withUTF8 { digits in
                String(unsafeUninitializedCapacity: text.count + digits.count) { bytes in
                    let end = bytes.initialize(fromContentsOf: text)
                    return bytes[end...].initialize(fromContentsOf: digits)
                }
            }
        }
    }
}
