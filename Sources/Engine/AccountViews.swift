import Accounts
import Gates
import JQTrade
import Market

// What the account knows exactly, as a strategy sees it: in Double and Int, under JoinQuant's names.

extension JQTrade.Order {
    init(_ state: OrderState, zone: MarketZone) {
        let ticket = state.ticket
        let style: OrderStyle =
            switch ticket.pricing {
            case .limit(let price): .limit(price.yuan)
            case .market: .market
            case .best: .bestPrice
            }
        let limit: Money? = if case .limit(let price) = ticket.pricing { price } else { nil }
        self.init(
            order_id: state.id, code: ticket.security.code, status: state.status, side: ticket.position,
            action: state.opens ? .open : .close, style: style, order_price: (limit ?? state.priceThen)?.yuan ?? 0,
            amount: Int(ticket.amount), filled_amount: Int(state.filledAmount),
            canceled_amount: Int(state.canceledAmount), avg_price: state.averagePrice?.yuan ?? 0,
            deal_balance: state.filledValue.yuan, commission: state.commission?.yuan ?? 0, err_msg: state.message,
            create_time: zone.local(ticket.createdAt), entrust_time: state.entrustedAt.map(zone.local))
    }
}

extension JQTrade.Trade {
    init(_ trade: Accounts.Trade, zone: MarketZone) {
        let ticket = trade.ticket
        self.init(
            trade_id: trade.id, order_id: ticket.id, code: ticket.security.code, side: ticket.position,
            action: ticket.opens ? .open : .close, price: trade.price.yuan, amount: Int(trade.amount),
            commission: trade.commission?.yuan ?? 0, time: zone.local(trade.time))
    }
}

extension JQTrade.Position {
    init(_ holding: Holding) {
        self.init(code: holding.security.code, side: holding.side)
        total_amount = Int(holding.amount)
        available_amount = Int(holding.available)
        locked_amount = Int(holding.locked)
        today_amount = Int(holding.boughtToday)
        avg_cost = holding.cost.yuan
        last_price = holding.lastPrice.yuan
        position_value = holding.value.yuan
    }
}

extension JQTrade.Portfolio {
    init(_ portfolio: Accounts.Portfolio, zone: MarketZone) {
        self.init()
        total_value = portfolio.totalValue.yuan
        available_cash = portfolio.availableCash.yuan
        locked_cash = portfolio.lockedCash.yuan
        position_value = portfolio.positionValue.yuan
        func positions(_ side: PositionSide) -> Positions {
            Positions(side: side, held: portfolio.holdings.filter { $0.side == side }.map(Position.init))
        }
        long_positions = positions(.long)
        short_positions = positions(.short)
        synced_at = portfolio.syncedAt.map(zone.local)
        is_stale = portfolio.staleness != nil
    }
}
