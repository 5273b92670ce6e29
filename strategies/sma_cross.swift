// 双均线: the 3-minute average crosses above the 5-minute one: buy; it crosses below: sell.
//
//   jqtrade run_backtest -c strategies/sma_cross.swift --report sma.html
//   jqtrade run_backtest -c strategies/sma_cross.swift --sweep fast=3..10 --sweep slow=15..60:15
import JQTrade

let code = "000001.XSHE"
var fast = 3
var slow = 5

func process_initialize(_ context: Context) {
    fast = context.param("fast", 3)
    slow = context.param("slow", 5)
    // 每根 1 分钟 K 线走完时调用一次
    subscribe(code, "1m", on_bar)
}

func on_bar(_ context: Context, _ bar: Bar) {
    // 收盘的那根 K 线: 今天不再下单
    if bar.datetime.time >= TimeOfDay(15, 0) { return }
    // One bar more than the average needs: a cross is seen by comparing the last two values.
    let closes = get_bars(code, slow + 1, "1m").map(\.close)
    let fast_line = MA(closes, fast)
    let slow_line = MA(closes, slow)

    if CROSS(fast_line, slow_line) {
        log.info("上穿, 买入 at \(bar.close)")
        order_target(code, 10_000)
    } else if CROSS(slow_line, fast_line), let held = context.portfolio.positions.get(code) {
        // T+1: what was bought today can be sold from tomorrow on.
        guard held.available_amount > 0 else { return }
        log.info("下穿, 卖出 at \(bar.close)")
        order_target(code, 0)
    }
}
