import Gates
import Market
import Storage
import Time

// Orders and cancels on their way out.

extension FileOrderGate {
    /// The next id: a prefix that nobody else uses, drawn for this run and this day, and a counter.
    public func nextID() -> OrderID? {
        guard let desk else { return nil }
        let day = desk.day()
        if numberDay != day || numbers.isUsedUp { drawFreePrefix(day) }
        numberDay = day
        return numbers.next()
    }

    private func drawFreePrefix(_ day: Day) {
        for _ in 0..<100 {
            numbers.draw()
            // What cannot be looked up now is looked up again under the lock, before the first order is written.
            if (try? isTaken(numbers.prefix, on: day)) != true { return }
        }
    }

    /// Whether somebody else's row has an id with this prefix, in the order files of a day and of the one before.
    private func isTaken(_ prefix: UInt64, on day: Day) throws(DiskError) -> Bool {
        var days = [day]
        if let before = try previousDay(of: format.orders, before: day) { days.append(before) }
        for day in days {
            let found = try searchFile(path(format.orders, day), disk) { [numbers, own] number in
                numbers.prefix(of: number) == prefix && !own.contains(number)
            }
            if !found.numbers.isEmpty || !found.tailNumbers.isEmpty { return true }
        }
        return false
    }

    /// The last day before this one that has such a file; a long holiday lies between two trading days at most.
    func previousDay(of layout: FileLayout, before day: Day) throws(DiskError) -> Day? {
        guard layout.isDaily else { return nil }
        for back in 1...12 {
            if try disk.identity(of: path(layout, day - back)) != nil { return day - back }
        }
        return nil
    }

    /// Writes the orders that can be written, all in one write.
    public func submit(_ tickets: [OrderTicket]) -> [Submission] {
        guard let desk, let options, let writer else { return tickets.map { _ in .refused("the gate is not set up") } }
        let rows = OrderRows(format: format, options: options, zone: desk.zone)
        var answers: [Submission?] = tickets.map { _ in nil }
        var orders: [(index: Int, number: UInt64, order: OrderRows.Order)] = []
        let day = tickets.first?.day ?? desk.day()
        for (index, ticket) in tickets.enumerated() {
            do throws(Refusal) {
                let number = try check(ticket, day)
                if submitted.contains(number) {
                    answers[index] = .unknown("an order with the id \(ticket.id) has been handed over before")
                    continue
                }
                orders.append((index, number, try rows.order(ticket)))
                submitted.insert(number)
            } catch {
                answers[index] = .refused(error.reason)
            }
        }
        if !orders.isEmpty {
            for order in orders { own.insert(order.number) }
            let written = writer.add(to: path(format.orders, day), format.orders) {
                columns throws(Refusal) in
                try checkPrefixes(of: orders.map(\.number), day)
                return rows.rows(orders.map(\.order), columns: columns, at: desk.now())
            }
            for order in orders { answers[order.index] = written }
            warnOfSkew()
        }
        return answers.map { $0 ?? .refused("it was not looked at") }
    }

    private func check(_ ticket: OrderTicket, _ day: Day) throws(Refusal) -> UInt64 {
        if let blockade { throw Refusal("\(blockade), and ignore_error_line is false") }
        guard let number = number(ticket.id) else {
            throw Refusal(
                "\(format.title) carries ids of at most \(format.ids.digits) digits, none greater than "
                    + "\(format.ids.largest): \(ticket.id) is not one")
        }
        guard ticket.day == day else { throw Refusal("it is for \(ticket.day), and others of this call for \(day)") }
        return number
    }

    /// Under the lock of the order file, once for each prefix: nobody else numbers his orders as we do.
    private func checkPrefixes(of orders: [UInt64], _ day: Day) throws(Refusal) {
        for number in orders {
            guard let prefix = numbers.prefix(of: number), checkedPrefix?.prefix != prefix || checkedPrefix?.day != day
            else { continue }
            let taken: Bool
            do {
                taken = try isTaken(prefix, on: day)
            } catch {
                throw Refusal("\(error)")
            }
            if taken {
                numberDay = nil
                throw Refusal(
                    "another program's orders have numbers that begin with \(prefix) too; given again, this one gets "
                        + "another number")
            }
            checkedPrefix = (prefix, day)
        }
    }

    /// Asks for cancels, all in one write.
    public func cancel(_ ids: [OrderID]) -> [Submission] {
        guard let desk, let options, let writer else { return ids.map { _ in .refused("the gate is not set up") } }
        let rows = OrderRows(format: format, options: options, zone: desk.zone)
        let needsNumber = format.cancels.column(of: .counterNumber) != nil
        var answers: [Submission?] = ids.map { _ in nil }
        var cancels: [(index: Int, id: OrderID, counterNumber: String)] = []
        for (index, id) in ids.enumerated() {
            guard let number = number(id) else {
                answers[index] = .refused("\(id) is no id of \(format.title)")
                continue
            }
            let counterNumber = own.counterNumbers[number] ?? ""
            if needsNumber, counterNumber.isEmpty {
                answers[index] = .refused(
                    "\(format.title) cancels by the counter's number of the order, and has not told that of \(id) yet")
            } else {
                cancels.append((index, id, counterNumber))
            }
        }
        if !cancels.isEmpty {
            let written = writer.add(to: path(format.cancels, desk.day()), format.cancels) { columns in
                rows.rows(cancelling: cancels.map { ($0.id, $0.counterNumber) }, columns: columns, at: desk.now())
            }
            for cancel in cancels { answers[cancel.index] = written }
        }
        return answers.map { $0 ?? .refused("it was not looked at") }
    }

    /// A line that somebody left half written was cut off: whether an order of ours in it was taken cannot be told.
    func lineWasCut(_ path: String, _ bytes: [UInt8]) {
        var line = CSVLine()
        line.look(at: bytes)
        line.split(bytes.indices)
        for field in line.fields.indices {
            guard let number = digitsOnly(line[field]), own.contains(number), path.hasPrefix(self.path(format.orders))
            else {
                continue
            }
            log.say(.error, "THE ORDER \(number) STOOD IN A HALF LINE OF \(path): whether it was taken cannot be told")
            waiting.append(
                OrderUpdate(
                    id: String(number), news: .state(.unknown),
                    message: "its line in the order file was never finished, and has been cut off", source: path))
        }
    }

    /// What a path of the orders begins with, whatever the day.
    private func path(_ layout: FileLayout) -> String { "\(options?.folder ?? "")/\(layout.stem)" }

    private func warnOfSkew() {
        guard let writer else { return }
        warn(ofSkew: writer.skew, by: "what we have written")
    }

    /// Ages are told by the folder's clock: one that is not ours makes old news look new, or new news old.
    func warn(ofSkew skew: TimeSpan, by what: String) {
        let seconds = skew.nanoseconds / 1_000_000_000
        if abs(seconds) < 2 { return log.settle("skew") }
        log.change(
            "skew", .warn,
            "the clock of the folder is \(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") ours, by \(what): "
                + "set both by a time server")
    }
}
