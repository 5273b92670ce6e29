import Accounts
import Gates
import Market
import Notation

/// Orders and the account as `--json` shows them: under the names of the strategy's interface.
enum AccountRows {
    static func object(_ state: OrderState, in zone: MarketZone) -> JSON {
        let ticket = state.ticket
        let (style, limit): (String, Money?) =
            switch ticket.pricing {
            case .limit(let price): ("limit", price)
            case .market: ("market", nil)
            case .best: ("best", nil)
            }
        return .object([
            .init("order_id", .text(state.id)), .init("code", .text(ticket.security.code)),
            .init("status", .text(state.status.rawValue)), .init("side", .text(ticket.position.rawValue)),
            .init("action", .text(state.opens ? "open" : "close")), .init("style", .text(style)),
            .init("order_price", limit.map { .number($0.yuan) } ?? .null), .init("amount", .integer(ticket.amount)),
            .init("filled_amount", .integer(state.filledAmount)),
            .init("canceled_amount", .integer(state.canceledAmount)),
            .init("avg_price", state.averagePrice.map { .number($0.yuan) } ?? .null),
            .init("deal_balance", .number(state.filledValue.yuan)),
            .init("commission", state.commission.map { .number($0.yuan) } ?? .null),
            .init("err_msg", .text(state.message)), .init("create_time", .text(zone.local(ticket.createdAt).iso8601)),
            .init("entrust_time", state.entrustedAt.map { .text(zone.local($0).iso8601) } ?? .null),
        ])
    }

    static func text(_ state: OrderState, in zone: MarketZone) -> [String] {
        let ticket = state.ticket
        let price: String =
            switch ticket.pricing {
            case .limit(let price): "\(price)"
            case .market: "market"
            case .best: "best"
            }
        return [
            "\(zone.local(ticket.createdAt).time)", state.id, ticket.security.code, ticket.side.rawValue,
            "\(ticket.amount)", price, "\(state.filledAmount)", state.averagePrice.map { "\($0)" } ?? "-",
            state.status.rawValue, state.message,
        ]
    }

    static func object(_ portfolio: Portfolio, in zone: MarketZone) -> JSON {
        let positions = portfolio.holdings.map { holding in
            JSON.object([
                .init("code", .text(holding.security.code)), .init("side", .text(holding.side.rawValue)),
                .init("total_amount", .integer(holding.amount)), .init("available_amount", .integer(holding.available)),
                .init("locked_amount", .integer(holding.locked)), .init("today_amount", .integer(holding.boughtToday)),
                .init("avg_cost", .number(holding.cost.yuan)), .init("last_price", .number(holding.lastPrice.yuan)),
                .init("position_value", .number(holding.value.yuan)),
            ])
        }
        return .object([
            .init("total_value", .number(portfolio.totalValue.yuan)),
            .init("available_cash", .number(portfolio.availableCash.yuan)),
            .init("locked_cash", .number(portfolio.lockedCash.yuan)),
            .init("position_value", .number(portfolio.positionValue.yuan)),
            .init("synced_at", portfolio.syncedAt.map { .text(zone.local($0).iso8601) } ?? .null),
            .init("positions", .list(positions)),
        ])
    }
}
