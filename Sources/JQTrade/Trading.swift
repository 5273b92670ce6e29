// The verbs of the account.

/// Gives an order: more than 0 buys, less sells. The order's id, or nil where it is refused: the reason is logged, and
/// stands in `get_orders`.
@discardableResult
public func order(
    _ code: String, _ amount: Int, _ style: OrderStyle = .market, side: PositionSide = .long,
    file: String = #filePath, line: Int = #line
) -> String? {
    give(code, .amount(amount), style, side, "order()", file, line)
}

/// Gives an order worth so many yuan, rounded down to the board's lot.
@discardableResult
public func order_value(
    _ code: String, _ value: Double, _ style: OrderStyle = .market, side: PositionSide = .long,
    file: String = #filePath, line: Int = #line
) -> String? {
    give(code, .value(value), style, side, "order_value()", file, line)
}

/// Gives the order that brings a position to so many shares.
@discardableResult
public func order_target(
    _ code: String, _ amount: Int, _ style: OrderStyle = .market, side: PositionSide = .long,
    file: String = #filePath, line: Int = #line
) -> String? {
    give(code, .target(amount), style, side, "order_target()", file, line)
}

/// Gives the order that brings a position to so many yuan.
@discardableResult
public func order_target_value(
    _ code: String, _ value: Double, _ style: OrderStyle = .market, side: PositionSide = .long,
    file: String = #filePath, line: Int = #line
) -> String? {
    give(code, .targetValue(value), style, side, "order_target_value()", file, line)
}

/// Asks for an order to be canceled; nil, the id of a refused order, cancels nothing.
@discardableResult
public func cancel_order(_ order_id: String?, file: String = #filePath, line: Int = #line) -> Bool {
    guard let order_id else { return false }
    return StrategyHost.runtime?.cancel([order_id], from: call("cancel_order()", file, line)).first ?? false
}

/// Asks for an order to be canceled.
@discardableResult
public func cancel_order(_ order: Order, file: String = #filePath, line: Int = #line) -> Bool {
    cancel_order(order.order_id, file: file, line: line)
}

/// Gives several orders at once; each has its own id or nil, and one bad order does not stop the others.
@discardableResult
public func batch_submit_orders(
    _ requests: [OrderRequest], file: String = #filePath, line: Int = #line
) -> [String?] {
    let wishes = requests.map {
        OrderWish(code: $0.code, quantity: .amount($0.amount), style: $0.style, side: $0.side)
    }
    let ids = StrategyHost.runtime?.give(wishes, from: call("batch_submit_orders()", file, line))
    return ids ?? requests.map { _ in nil }
}

/// Gives several orders at once, as the old manual spells it.
@discardableResult
public func batch_order(_ requests: [OrderRequest], file: String = #filePath, line: Int = #line) -> [String?] {
    batch_submit_orders(requests, file: file, line: line)
}

/// Asks for several orders to be canceled.
@discardableResult
public func batch_cancel_orders(_ order_ids: [String], file: String = #filePath, line: Int = #line) -> [Bool] {
    let answers = StrategyHost.runtime?.cancel(order_ids, from: call("batch_cancel_orders()", file, line))
    return answers ?? order_ids.map { _ in false }
}

/// Asks for several orders to be canceled, as the old manual spells it.
@discardableResult
public func batch_cancel_order(_ order_ids: [String], file: String = #filePath, line: Int = #line) -> [Bool] {
    batch_cancel_orders(order_ids, file: file, line: line)
}

/// Today's orders; each filter that is given must fit.
public func get_orders(
    order_id: String? = nil, code: String? = nil, status: OrderStatus? = nil,
    file: String = #filePath, line: Int = #line
) -> Orders {
    let wish = OrdersWish(id: order_id, code: code, status: status)
    return Orders(StrategyHost.runtime?.orders(wish, from: call("get_orders()", file, line)) ?? [])
}

/// Today's orders that are not finished: all, or those of one security.
public func get_open_orders(code: String? = nil, file: String = #filePath, line: Int = #line) -> Orders {
    let wish = OrdersWish(code: code, isOpen: true)
    return Orders(StrategyHost.runtime?.orders(wish, from: call("get_open_orders()", file, line)) ?? [])
}

/// Today's fills.
public func get_trades(file: String = #filePath, line: Int = #line) -> [Trade] {
    StrategyHost.runtime?.trades(from: call("get_trades()", file, line)) ?? []
}

/// Reads cash and positions now.
public func sync_balance(file: String = #filePath, line: Int = #line) {
    StrategyHost.runtime?.sync(balance: true, orders: false, from: call("sync_balance()", file, line))
}

/// Reads the orders' states now.
public func sync_orders(file: String = #filePath, line: Int = #line) {
    StrategyHost.runtime?.sync(balance: false, orders: true, from: call("sync_orders()", file, line))
}

private func call(_ name: String, _ file: String, _ line: Int) -> AccountCall {
    AccountCall(name, CallSite(path: file, line: line))
}

private func give(
    _ code: String, _ quantity: OrderWish.Quantity, _ style: OrderStyle, _ side: PositionSide, _ name: String,
    _ file: String, _ line: Int
) -> String? {
    let wish = OrderWish(code: code, quantity: quantity, style: style, side: side)
    return StrategyHost.runtime?.give(wish, from: call(name, file, line))
}
