import Accounts
import Gates
import Market
import Notation

/// Orders and the account as `--json` shows them: under the names of the strategy's interface.
enum AccountRows {
    static func object(_ state: OrderState, in zone: MarketZone, now: Instant) -> JSON {
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
            .init("order_price", limit.flatMap { $0 == .zero ? nil : .number($0.yuan) } ?? .null),
            .init("amount", .integer(ticket.amount)),
            .init("filled_amount", .integer(state.filledAmount)),
            .init("canceled_amount", .integer(state.canceledAmount)),
            .init("avg_price", state.averagePrice.map { .number($0.yuan) } ?? .null),
            .init("deal_balance", .number(state.filledValue.yuan)),
            .init("commission", state.commission.map { .number($0.yuan) } ?? .null),
            .init("err_msg", .text(state.message)), .init("create_time", .text(zone.local(ticket.createdAt).iso8601)),
            .init("entrust_time", state.entrustedAt.map { .text(zone.local($0).iso8601) } ?? .null),
            .init("unanswered_seconds", silence(state, now).map { .integer($0) } ?? .null),
        ])
    }

    static func text(_ state: OrderState, in zone: MarketZone, now: Instant) -> [String] {
        let ticket = state.ticket
        let price: String =
            switch ticket.pricing {
            // What was asked for was no price.
            case .limit(.zero): "-"
            case .limit(let price): "\(price)"
            case .market: "market"
            case .best: "best"
            }
        return [
            "\(zone.local(ticket.createdAt).time)", state.id, ticket.security.code, ticket.side.rawValue,
            "\(ticket.amount)", price, "\(state.filledAmount)", state.averagePrice.map { "\($0)" } ?? "-",
            state.status.rawValue, message(state, now),
        ]
    }

    /// For how many seconds an order has been without any answer; nil if the broker has said something of it.
    private static func silence(_ state: OrderState, _ now: Instant) -> Int64? {
        state.isAwaited ? max((now - state.ticket.createdAt).nanoseconds / 1_000_000_000, 0) : nil
    }

    /// What is said of an order, and that the broker has said nothing yet. A moment is no silence.
    private static func message(_ state: OrderState, _ now: Instant) -> String {
        guard let silence = silence(state, now), silence > 0 else { return state.message }
        return (state.message.isEmpty ? "" : state.message + "; ") + "no answer from the broker for \(silence) s"
    }

    /// What was never read is null, and no 0 that somebody might take for one.
    static func object(_ portfolio: Portfolio, syncedAt: Instant?, in zone: MarketZone) -> JSON {
        func yuan(_ money: Money) -> JSON { portfolio.syncedAt == nil ? .null : .number(money.yuan) }
        func time(_ instant: Instant?) -> JSON { instant.map { .text(zone.local($0).iso8601) } ?? .null }
        return .object([
            .init("total_value", yuan(portfolio.totalValue)), .init("available_cash", yuan(portfolio.availableCash)),
            .init("locked_cash", yuan(portfolio.lockedCash)), .init("position_value", yuan(portfolio.positionValue)),
            .init("synced_at", time(syncedAt)), .init("changed_at", time(portfolio.syncedAt)),
            .init("positions", portfolio.syncedAt == nil ? .null : .list(portfolio.holdings.map(object))),
        ])
    }

    private static func object(_ holding: Holding) -> JSON {
        .object([
            .init("code", .text(holding.security.code)), .init("side", .text(holding.side.rawValue)),
            .init("total_amount", .integer(holding.amount)), .init("available_amount", .integer(holding.available)),
            .init("locked_amount", .integer(holding.locked)), .init("today_amount", .integer(holding.boughtToday)),
            .init("avg_cost", .number(holding.cost.yuan)), .init("last_price", .number(holding.lastPrice.yuan)),
            .init("position_value", .number(holding.value.yuan)),
        ])
    }
}
