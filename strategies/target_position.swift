// 目标仓位: a position is reached with limit orders, one at a time, never paying more than the best price shown.
//
//   jqtrade run_backtest -c strategies/target_position.swift             all at once
//   jqtrade run_backtest -c strategies/target_position.swift -p slices=6 a part every 10 minutes
import JQTrade

let code = "000001.XSHE"
let lot = 100
var target = 0
var slices = 1
var interval = 0
var patience = 0

func process_initialize(_ context: Context) {
    target = context.param("target", 20_000)  // 目标股数
    slices = max(1, context.param("slices", 1))  // 从开盘起分几份建仓
    interval = max(1, context.param("interval", 600))  // 每份间隔几秒; 份太小, 每笔最低佣金 5 元就不划算
    patience = context.param("patience", 5)  // 挂单几秒未成交就撤单
    subscribe(code, "tick", work)
}

/// One step towards the target. It remembers nothing: position and open orders tell where it stands, so that it goes on
/// where it was after a restart, too.
func work(_ context: Context, _ tick: Bar) {
    // 有未完成的委托: 等待, 太久就撤; 撤单得到确认之前不再下单
    if let open = get_open_orders(code: code).first {
        if open.status != "canceling", age(of: open, context) >= Double(patience) { cancel_order(open) }
        return
    }

    let held = context.portfolio.positions.get(code)?.total_amount ?? 0
    let rest = (wanted(context) - held) / lot * lot
    guard rest != 0 else { return }

    // 对手方最优价: buy at the best ask, sell at the best bid. None at the price limit: wait for one.
    let now = get_current_data(code)
    guard let price = rest > 0 ? now.ask1 : now.bid1 else { return }
    order(code, rest, LimitOrderStyle(price))
}

/// How many shares there should be by now: as many parts of the target as are due.
func wanted(_ context: Context) -> Int {
    let passed = Int(context.current_dt.time.seconds - TimeOfDay(9, 30).seconds)
    return target * min(max(passed, 0) / interval + 1, slices) / slices
}

/// How many seconds ago an order was given.
func age(of order: Order, _ context: Context) -> Double {
    order.create_time.map { context.current_dt - $0 } ?? 0
}
