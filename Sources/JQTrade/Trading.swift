// The verbs of the account. A task has no account yet: each says so at its place and returns nothing.

/// Gives an order: more than 0 buys, less sells. The order's id, or nil where it is refused.
@discardableResult
public func order(
    _ code: String, _ amount: Int, _ style: OrderStyle = .market, side: PositionSide = .long,
    file: String = #filePath, line: Int = #line
) -> String? {
    refuse("order()", file, line)
    return nil
}

/// Gives an order worth so many yuan.
@discardableResult
public func order_value(
    _ code: String, _ value: Double, _ style: OrderStyle = .market, side: PositionSide = .long,
    file: String = #filePath, line: Int = #line
) -> String? {
    refuse("order_value()", file, line)
    return nil
}

/// Gives the order that brings a position to so many shares.
@discardableResult
public func order_target(
    _ code: String, _ amount: Int, _ style: OrderStyle = .market, side: PositionSide = .long,
    file: String = #filePath, line: Int = #line
) -> String? {
    refuse("order_target()", file, line)
    return nil
}

/// Gives the order that brings a position to so many yuan.
@discardableResult
public func order_target_value(
    _ code: String, _ value: Double, _ style: OrderStyle = .market, side: PositionSide = .long,
    file: String = #filePath, line: Int = #line
) -> String? {
    refuse("order_target_value()", file, line)
    return nil
}

/// Asks for an order to be canceled; nil, the id of a refused order, cancels nothing.
@discardableResult
public func cancel_order(_ order_id: String?, file: String = #filePath, line: Int = #line) -> Bool {
    refuse("cancel_order()", file, line)
    return false
}

/// Asks for an order to be canceled.
@discardableResult
public func cancel_order(_ order: Order, file: String = #filePath, line: Int = #line) -> Bool {
    cancel_order(order.order_id, file: file, line: line)
}

/// Gives several orders at once; each has its own id or nil.
@discardableResult
public func batch_submit_orders(
    _ requests: [OrderRequest], file: String = #filePath, line: Int = #line
) -> [String?] {
    refuse("batch_submit_orders()", file, line)
    return requests.map { _ in nil }
}

/// Gives several orders at once, as the old manual spells it.
@discardableResult
public func batch_order(_ requests: [OrderRequest], file: String = #filePath, line: Int = #line) -> [String?] {
    batch_submit_orders(requests, file: file, line: line)
}

/// Asks for several orders to be canceled.
@discardableResult
public func batch_cancel_orders(_ order_ids: [String], file: String = #filePath, line: Int = #line) -> [Bool] {
    refuse("batch_cancel_orders()", file, line)
    return order_ids.map { _ in false }
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
    refuse("get_orders()", file, line)
    return Orders()
}

/// Today's orders that are not finished.
public func get_open_orders(file: String = #filePath, line: Int = #line) -> Orders {
    refuse("get_open_orders()", file, line)
    return Orders()
}

/// Today's fills.
public func get_trades(file: String = #filePath, line: Int = #line) -> [Trade] {
    refuse("get_trades()", file, line)
    return []
}

/// Reads cash and positions now.
public func sync_balance(file: String = #filePath, line: Int = #line) { refuse("sync_balance()", file, line) }

/// Reads the orders' states now.
public func sync_orders(file: String = #filePath, line: Int = #line) { refuse("sync_orders()", file, line) }

private func refuse(_ call: String, _ file: String, _ line: Int) {
    StrategyHost.runtime?.refuseAccountCall(call, from: CallSite(path: file, line: line))
}
