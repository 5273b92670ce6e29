import Gates
import Market

/// What came of asking for a target.
public enum TargetOutcome: Hashable, Sendable {
    /// This order was sent. The note says what will be missing, if anything.
    case sent(OrderID, note: String?)
    /// Nothing was to be done, for this reason.
    case nothing(String)
    /// Nothing was sent: the cancels of these orders were filed and are waited for.
    case waiting([OrderID])
    /// It was refused.
    case refused(Refusal)
}

extension Account {
    /// Gives the order that a target takes. If open orders stand in its way, their cancels are filed and nothing is sent:
    /// no order leaves before a cancel is confirmed.
    public func reach(
        _ target: OrderTarget, _ security: Security, at price: OrderRequest.Price = .market, side: PositionSide = .long,
        now: Instant
    ) -> TargetOutcome {
        turn(to: now)
        wakeTerminal(now)
        let request = OrderRequest(security, 0, price, side: side)
        if let refusal = rules.refusalOfAccount(of: day, synced: syncedDay) {
            return refuse(target, request, refusal, now)
        }
        let holding = position(security, side)
        let open = openOrders(security).filter { $0.ticket.position == side }
        let targets = TargetOrders(
            holding: holding, open: open, price: worth(of: security, at: price),
            units: options.rules == .aShare ? TradingUnits(of: security, on: day) : nil,
            knowsPosition: options.hasAccountSide)
        switch targets.plan(target) {
        case .nothing(let reason): return .nothing(reason)
        case .refused(let refusal): return refuse(target, request, refusal, now)
        case .waitFor(let ids):
            // One that is being canceled already is only waited for.
            _ = cancel(ids.filter { order($0)?.status != .canceling }, now: now)
            return .waiting(ids)
        case .order(let amount, let note):
            switch submit(OrderRequest(security, amount, price, side: side), now: now) {
            case .success(let id): return .sent(id, note: note)
            case .failure(let refusal): return .refused(refusal)
            }
        }
    }

    /// Nobody knows how many shares it would have been, so the sentence tells the target.
    private func refuse(
        _ target: OrderTarget, _ request: OrderRequest, _ refusal: Refusal, _ now: Instant
    ) -> TargetOutcome {
        let isSale = if case .change(let yuan) = target { yuan < 0 } else { false }
        noteRefusal("\(target.words): \(refusal)", now: now) { id in
            OrderTicket(
                id: id, security: request.security, side: isSale == (request.side == .long) ? .sell : .buy,
                position: request.side, amount: 0, pricing: request.pricing, day: day, createdAt: now)
        }
        journal.note()
        return .refused(refusal)
    }

    /// What a share is worth for values: the price asked for, else the last price. A contract is worth its margin, as on
    /// JoinQuant: so a value is what of the cash it takes.
    private func worth(of security: Security, at price: OrderRequest.Price) -> Money? {
        let asked: Money? = if case .limit(let yuan) = price, yuan > 0 { Money(yuan) } else { lastPrice(security) }
        guard let product = FuturesProduct.product(of: security, changes: options.futures) else { return asked }
        return asked?.times(product.multiplier)?.thousandths(product.margin)
    }
}
