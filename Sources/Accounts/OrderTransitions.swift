import Gates
import Market

/// What becomes of an order when something is said of it.
enum Verdict: Hashable {
    /// It stands elsewhere now.
    case obeyed(OrderStep)
    /// Nothing that was not known.
    case nothingNew
    /// It does not fit what is known, for this reason.
    case notObeyed(String)
}

/// What a status does when another is told.
enum Transition {
    /// It becomes the other.
    case take
    /// It stays; what else is told of the order counts.
    case keep
    /// It stays, and what is told is old or wrong.
    case no
}

extension OrderStatus {
    /// The transition table. A status that goes backwards comes from a row out of order, or from a broker in error.
    func transition(to news: OrderStatus) -> Transition {
        switch (self, news) {
        case (.new, .new), (.open, .open), (.unknown, .unknown): .keep
        case (.unknown, _), (.new, _): .take
        case (.open, .filling), (.open, .canceling), (.filling, .filling), (.filling, .canceling): .take
        case (.open, .filled), (.open, .partly_canceled), (.open, .canceled), (.open, .rejected): .take
        case (.filling, .filled), (.filling, .partly_canceled), (.filling, .canceled): .take
        case (.canceling, .new), (.canceling, .open), (.canceling, .filling), (.canceling, .canceling): .keep
        case (.canceling, .filled), (.canceling, .partly_canceled), (.canceling, .canceled): .take
        case (.canceling, .rejected): .take
        default: .no
        }
    }
}

extension OrderState {
    /// Takes what an update says, if it fits.
    mutating func hear(_ update: OrderUpdate, at now: Instant) -> Verdict {
        switch update.news {
        case .cancelRefused(let reason): hear(refusedCancel: reason, at: now)
        case .state(let status): hear(status, update, at: now)
        }
    }

    private mutating func hear(refusedCancel reason: String, at now: Instant) -> Verdict {
        let before = self
        endCancel()
        // It says nothing of the order itself, which may still be without an answer.
        if !status.isFinished { remark(message: reason) }
        changedAt = now
        return .obeyed(OrderStep(from: before, to: self))
    }

    private mutating func hear(_ told: OrderStatus, _ update: OrderUpdate, at now: Instant) -> Verdict {
        let filled = update.filledAmount ?? (told == .filled ? ticket.amount : filledAmount)
        if let misfit = misfit(of: told, filled: filled, canceled: update.canceledAmount) { return .notObeyed(misfit) }
        let news = told.fitting(filled)
        guard let transition = transition(to: news, filled: filled, entrustedAt: update.entrustedAt) else {
            return status == news && filledAmount == filled
                ? .nothingNew : .notObeyed("it is \(status) already, and \(news) does not follow")
        }
        let before = self
        switch transition {
        case .take where news == .canceling: beginCancel()
        case .take: status = news
        case .keep, .no: note(beneathCancel: news)
        }
        isOurVerdict = false
        fill(filled, update)
        if status.isFinished { canceledAmount = status.isCanceled ? ticket.amount - filled : 0 }
        // Why it was thought to have ended, or why a cancel was refused, is not why it has ended.
        if before.isOurVerdict || status.isFinished { remark(message: "") }
        note(update)
        if self == before { return .nothingNew }
        changedAt = now
        return .obeyed(OrderStep(from: before, to: self))
    }

    /// The table, where the order did not end by our own conclusion; nil for no.
    private func transition(to news: OrderStatus, filled: Int64, entrustedAt: Instant?) -> Transition? {
        let table = status.transition(to: news)
        guard isOurVerdict, status.isFinished else { return table == .no ? nil : table }
        // What was proved to have never left is there nevertheless; or the day ended before the broker was done.
        if status == .rejected || news.isFinished { return status == news && filledAmount == filled ? .keep : .take }
        // A file that goes on from day to day keeps an order for a terminal that looks into it in the morning.
        let layOverNight = entrustedAt.map { $0 - ticket.createdAt > .seconds(12 * 3600) } ?? false
        return filled > filledAmount || layOverNight ? .take : nil
    }

    /// Why the amounts of an update cannot be true of this order; nil if they can.
    private func misfit(of told: OrderStatus, filled: Int64, canceled: Int64?) -> String? {
        let amount = ticket.amount
        if filled < 0 || filled > amount { return "\(filled) of \(amount) are said to be filled" }
        if filled < filledAmount { return "\(filled) are said to be filled, and \(filledAmount) were before" }
        if told == .filled, filled < amount { return "it is said to be filled with \(filled) of \(amount)" }
        if told == .rejected, filled > 0 { return "it is said to be rejected after \(filled) were filled" }
        guard told.isCanceled else { return nil }
        if filled == amount { return "it is said to be canceled after all of it was filled" }
        // Where a terminal does not tell what was canceled, it writes 0.
        guard let canceled, canceled != 0, canceled != amount - filled else { return nil }
        return "\(filled) are said to be filled and \(canceled) canceled of \(amount)"
    }

    private mutating func fill(_ filled: Int64, _ update: OrderUpdate) {
        let before = filledAmount
        filledAmount = filled
        guard filled > before else { return }
        let price = update.averagePrice ?? averagePrice ?? priceThen
        filledValue = max(update.filledValue ?? price.flatMap { value(of: filled, at: $0) } ?? filledValue, filledValue)
        averagePrice = update.averagePrice ?? Money(units: filledValue.units / (multiplier ?? 1) / filled)
    }

    private mutating func note(_ update: OrderUpdate) {
        if status != .unknown { isAnswered = true }
        entrustedAt = update.entrustedAt ?? entrustedAt
        commission = update.commission ?? commission
        if update.message.isEmpty, update.counterNumber.isEmpty { return }
        remark(
            message: update.message.isEmpty ? nil : update.message,
            counterNumber: update.counterNumber.isEmpty ? nil : update.counterNumber)
    }
}

extension OrderStatus {
    var isCanceled: Bool { self == .canceled || self == .partly_canceled }

    /// The status that says the same with so much filled.
    fileprivate func fitting(_ filled: Int64) -> OrderStatus {
        switch self {
        case .open where filled > 0: .filling
        case .filling where filled == 0: .open
        case .canceled where filled > 0: .partly_canceled
        case .partly_canceled where filled == 0: .canceled
        case .new where filled > 0: .filling
        default: self
        }
    }
}
