import Gates
import Market

/// An order as its row has it, checked by itself: what is wrong with it is said in the counter's words.
struct OrderDraft {
    let security: Security
    let side: TradeSide
    let amount: Int64
    /// nil at the market and at the opposite side's best price.
    let limit: Money?
    let priceType: String
    let counterType: String

    /// Why a row is no order.
    struct Refusal: Error {
        let reason: String
    }

    init(_ row: OrderInbox.Row, _ format: OrderFileFormat) throws(Refusal) {
        let codes = format.codes
        let isOrder = format.orders.column(of: .instruction) == nil || row.text(.instruction) == codes.orderInstruction
        guard isOrder else { throw Refusal(reason: "指令类型错误") }
        guard let security = codes.security(of: row.text(.symbol)) else { throw Refusal(reason: "证券代码错误") }
        guard let side = codes.side(row.text(.side)) else { throw Refusal(reason: "买卖方向错误") }
        guard let amount = row.number(.amount)?.whole, TerminalOrder.amounts.contains(amount) else {
            throw Refusal(reason: "委托数量错误")
        }
        counterType = row.text(.counterType)
        guard format.counterTypes.contains(counterType) else { throw Refusal(reason: "账户类型错误") }
        self.security = security
        self.side = side
        self.amount = amount
        priceType = row.text(.priceType)
        limit = try Self.limit(of: row, format)
    }

    private static func limit(of row: OrderInbox.Row, _ format: OrderFileFormat) throws(Refusal) -> Money? {
        let codes = format.codes
        let type = row.text(.priceType)
        if type == codes.marketBuy || type == codes.marketSell {
            // A format that would rather not write market orders belongs to a terminal that does not take them.
            if codes.marketStandard != .limitPrice { throw Refusal(reason: "价格错误") }
            return nil
        }
        guard type == codes.limit || type == codes.best else { throw Refusal(reason: "价格类型错误") }
        guard let price = row.number(.price)?.money, price >= .zero, price.yuan <= 1_000_000 else {
            throw Refusal(reason: "价格错误")
        }
        if format.orders.column(of: .secondPrice) != nil, row.number(.secondPrice)?.money != price {
            throw Refusal(reason: "价格错误")
        }
        if price == .zero, type != codes.best { throw Refusal(reason: "价格错误") }
        return price == .zero || type != codes.limit ? nil : price
    }
}
