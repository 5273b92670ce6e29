import Gates
import Market
import Storage

// What stands in the files that the terminal writes.
extension BrokerTerminal {
    /// What an answer is an answer to.
    enum Answered {
        case order
        case cancel
    }

    /// Answers an order or a cancel, in a format that has a file for answers; in another a refused order is reported.
    func answer(_ answered: Answered, id: OrderID, refusal: String?, at due: Instant) {
        let codes = settings.format.codes
        guard let layout = settings.format.results else {
            guard answered == .order, let refusal else { return }
            return send(
                [
                    .id: id, .status: code(.rejected) ?? "", .account: settings.account, .filledAmount: "0",
                    .canceledAmount: "0", .message: refusal,
                ], settings.format.reports, due)
        }
        send(
            [
                .time: clock(due), .answered: answered == .order ? codes.orderAnswer : codes.cancelAnswer, .id: id,
                .verdict: refusal == nil ? codes.accepted : codes.refused, .errorCode: refusal == nil ? "0" : "-1",
                .message: refusal ?? "",
            ], layout, due)
    }

    /// Says where an order stands, if the format has a code for it.
    func report(_ order: TerminalOrder, _ status: OrderStatus, at due: Instant) {
        guard let status = code(status) else { return }
        let entrusted = settings.hours.zone.local(order.entrustedAt)
        let date = entrusted.day.compact
        let time = String(entrusted.time.description.filter { $0 != ":" })
        let layout = settings.format.reports
        send(
            [
                .time: clock(due), .orderDate: date,
                .orderTime: layout.column(of: .orderDate) == nil ? date + time : time,
                .counterType: order.counterType, .account: settings.account,
                .symbol: settings.format.codes.symbol(of: order.security) ?? order.security.code,
                .side: settings.format.codes.code(order.side), .status: status, .amount: "\(order.amount)",
                .price: order.price.description, .priceType: order.priceType, .filledAmount: "\(order.filled)",
                .averagePrice: order.averagePrice.description, .filledValue: order.filledValue.description,
                .canceledAmount: "\(order.canceled)", .counterNumber: "\(order.number)", .id: order.id,
                .message: order.rejection ?? "",
            ], layout, due)
    }

    /// Says of the day's orders once more where they stand, and goes on with those that are not finished.
    func sayAllAgain(_ now: Instant) {
        for entry in ledger.entries where settings.hours.tradingDay(at: entry.at) == books.day {
            switch entry.event {
            case .accepted(let taken):
                guard let order = books.order(taken.number) else { continue }
                answer(.order, id: order.id, refusal: nil, at: now)
                report(order, order.status, at: now)
                if order.isFinished { continue }
                schedule(order.isCanceling ? .cancel : .fill, order.number, now, within: settings.fillWithin)
            case .refused(let id, let reason): answer(.order, id: id, refusal: reason, at: now)
            case .cancelRefused(let id, let reason): answer(.cancel, id: id, refusal: reason, at: now)
            case .rejected, .filled, .cancelTaken, .canceled: break
            }
        }
    }

    /// Cash: a part without any, and the whole, which no exchange stands before.
    func assets(_ layout: FileLayout) -> [UInt8] {
        let account = account
        let nothing: [Field: String] = [
            .account: settings.account, .exchange: "SZ", .totalValue: "0", .availableCash: "0", .cash: "0",
        ]
        let whole: [Field: String] = [
            .account: settings.account, .exchange: "", .totalValue: account.totalValue.description,
            .availableCash: account.availableCash.description, .cash: account.cash.description,
        ]
        return snapshot([nothing, whole], layout)
    }

    func positions(_ layout: FileLayout) -> [UInt8] {
        let holdings = account.holdings.sorted { $0.key < $1.key }
        return snapshot(
            holdings.map { security, holding in
                [
                    .account: settings.account,
                    .symbol: settings.format.codes.symbol(of: security) ?? security.code,
                    .heldAmount: "\(holding.amount)", .availableAmount: "\(holding.available)",
                    .cost: holding.costPrice.description, .lastPrice: holding.lastPrice.description,
                    .value: holding.value.description,
                ]
            }, layout)
    }

    func header(_ layout: FileLayout) -> [UInt8] {
        layout.hasHeader ? Array((layout.header + settings.format.lineEnd).utf8) : []
    }

    private func snapshot(_ rows: [[Field: String]], _ layout: FileLayout) -> [UInt8] {
        let all = layout.endsWithEmptyRow ? rows + [[:]] : rows
        return header(layout) + all.flatMap { line($0, layout) }
    }

    private func send(_ values: [Field: String], _ layout: FileLayout, _ due: Instant) {
        outbox.add(line(values, layout), to: path(layout), header: header(layout), due: due, &random)
    }

    private func line(_ values: [Field: String], _ layout: FileLayout) -> [UInt8] {
        let fields = layout.columns.map { column in column.field.flatMap { values[$0] } ?? "" }
        return settings.encoding.bytes(of: fields.joined(separator: ",") + settings.format.lineEnd)
    }

    private func code(_ status: OrderStatus) -> String? {
        settings.format.codes.statuses.filter { $0.value == status }.keys.min()
    }

    /// `HHMMSS.ffffff`.
    private func clock(_ instant: Instant) -> String {
        let time = settings.hours.zone.local(instant)
        let digits = String(Int(time.nanosecond) / 1000)
        return time.time.description.filter { $0 != ":" } + "."
            + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }
}
