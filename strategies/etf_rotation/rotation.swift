// ETF 轮动: each week the two funds that gained most in 20 days, nothing that fell.
//
//   jqtrade run_backtest -c strategies/etf_rotation --from 2023-01-01 --to 2023-12-31 --report rotation.html
import JQTrade
import Momentum

let funds = [
    "510300.XSHG",  // 沪深 300
    "510500.XSHG",  // 中证 500
    "159915.XSHE",  // 创业板
    "518880.XSHG",  // 黄金
    "513100.XSHG",  // 纳指
]
var days = 20
var count = 2

func process_initialize(_ context: Context) {
    days = context.param("days", 20)
    count = context.param("count", 2)
    if context.param("shadow", false) {
        // 自己写的交易接口, 见 ShadowGate.swift; 回测时仍用模拟盘
        set_options(trade_gate: ShadowGate(), shadow_cash: 1_000_000)
    } else {
        // 随机行情, 每分钟一跳; 真实数据: --market-data csv:FOLDER
        set_options(market_data: "random:seed=7,interval=60")
    }
    let weekday = context.param("weekday", 1)
    run_weekly(sell, weekday, "open+5m")  // 先卖
    run_weekly(buy, weekday, "open+10m")  // 后买, 用卖出得到的现金
}

func sell(_ context: Context) {
    var gains: [String: Double] = [:]
    for fund in funds { gains[fund] = momentum(get_bars(fund, days + 1, "1d").map(\.close), days) }
    let chosen = strongest(gains, count)
    context.state["chosen"] = chosen  // 重启后还在
    log.info("本周: \(chosen)")
    for (fund, _) in context.portfolio.positions where !chosen.contains(fund) { trade(context, fund, 0) }
}

func buy(_ context: Context) {
    let chosen: [String] = context.state["chosen"] ?? []
    // 留 2% 现金付手续费
    let share = context.portfolio.total_value * 0.98 / Double(count)
    for fund in chosen { trade(context, fund, share) }
}

/// 用对手方最优价的限价单调整到目标市值
func trade(_ context: Context, _ fund: String, _ value: Double) {
    let held = context.portfolio.positions.get(fund)?.value ?? 0
    // 相差不到 5% 就不动: 每笔委托至少 5 元佣金
    if abs(value - held) < 0.05 * max(value, held) { return }
    let now = get_current_data(fund)
    guard let price = (value > held ? now.ask1 : now.bid1) ?? now.last_price else {
        return log.warn("\(fund): 没有行情")
    }
    order_target_value(fund, value, LimitOrderStyle(price))
}
