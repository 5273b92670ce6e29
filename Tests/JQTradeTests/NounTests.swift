import XCTest

@testable import JQTrade

/// Orders and positions as a strategy handles them.
final class NounTests: XCTestCase {
    private let order = Order(
        order_id: "7", code: "000001.XSHE", status: .open, side: .long, action: .open, style: LimitOrderStyle(10),
        order_price: 10, amount: 300, filled_amount: 100, canceled_amount: 0, avg_price: 10, deal_balance: 1000,
        commission: 5, err_msg: "", create_time: nil, entrust_time: nil)

    func testAStatusComparesWithAndPrintsAsItsWord() {
        let word = "open"
        XCTAssertTrue(order.status == "open" && order.status == word && order.status != "new")
        XCTAssertTrue(["new", "open"].contains(order.status))
        XCTAssertEqual("\(OrderStatus.partly_canceled)", "partly_canceled")
        switch order.status {
        case "open": break
        default: XCTFail("a switch can name a status by its word")
        }
    }

    func testAWordThatIsNoStatusIsReported() {
        let runtime = ScriptedRuntime()
        StrategyHost.attach(runtime)
        defer { StrategyHost.attach(nil) }
        XCTAssertFalse(order.status == "opne")
        XCTAssertTrue(runtime.problems[0].text.hasPrefix("\"opne\" is no status of an order; these are: new, open,"))
    }

    func testFinishedOrders() {
        let finished = OrderStatus.allCases.filter(\.isFinished)
        XCTAssertEqual(finished, [.filled, .partly_canceled, .canceled, .rejected])
    }

    func testOrdersIterateAndAreFoundByID() {
        var second = order
        second.order_id = "8"
        second.err_msg = "no cash"
        let orders = Orders([order, second])
        XCTAssertEqual(orders.map(\.order_id), ["7", "8"])
        XCTAssertEqual(orders["8"]?.err_msg, "no cash")
        XCTAssertNil(orders["9"])
        XCTAssertEqual("\(order)", "Order 7 000001.XSHE open long 100/300 LimitOrderStyle(10.0) open")
        XCTAssertEqual("\(second)", "Order 8 000001.XSHE open long 100/300 LimitOrderStyle(10.0) open (no cash)")
    }

    func testPositionsIterateByCode() {
        var held = Position(code: "600000.XSHG", side: .long)
        held.total_amount = 200
        held.available_amount = 100
        held.avg_cost = 7.5
        let positions = Positions(side: .long, held: [held])
        for (code, position) in positions {
            XCTAssertEqual(code, "600000.XSHG")
            XCTAssertEqual(position.acc_avg_cost, 7.5)
        }
        XCTAssertEqual(positions.keys, ["600000.XSHG"])
        XCTAssertEqual("\(positions)", "[600000.XSHG long 100/200 at 7.5]")
    }
}
