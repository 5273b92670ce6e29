// 螺纹钢 RB2001: long while the 3-minute average is above the 5-minute one, short while it is below.
//
//   jqtrade run_backtest -c strategies/futures_rb.swift --from 2019-10-08 --to 2019-10-08
import JQTrade

let code = "RB2001.XSGE"
var lots = 10
var is_trading = true

func process_initialize(_ context: Context) {
    lots = context.param("lots", 10)
    set_options(
        market_data: "random:seed=7,price=3800,interval=1",  // 随机行情, 一秒一跳
        market_period: [  // 夜盘写在最前面
            ("21:00", "23:00"), ("09:00", "10:15"), ("10:30", "11:30"), ("13:30", "15:00"),
        ],
        initial_cash: 1_000_000
    )
    subscribe(code, "1m", on_bar)
    run_daily(day_begins, "open")
    run_daily(before_close, "close-5m")
}

func day_begins(_ context: Context) { is_trading = true }

func on_bar(_ context: Context, _ bar: Bar) {
    guard is_trading else { return }
    let closes = get_bars(code, 6, "1m").map(\.close)
    let fast = MA(closes, 3)
    let slow = MA(closes, 5)
    if CROSS(fast, slow) {
        turn(context, to: .long)  // 平空开多
    } else if CROSS(slow, fast) {
        turn(context, to: .short)  // 平多开空
    }
}

/// Closes the other side and opens this one. Contracts are bought and sold on the day they were opened (T+0).
func turn(_ context: Context, to side: PositionSide) {
    let portfolio = context.portfolio
    let other = side == .long ? portfolio.short_positions : portfolio.long_positions
    if other.contains(code) { order_target(code, 0, side: other[code].side) }
    order_target(code, lots, side: side)
}

/// 收盘前平仓, 不留隔夜
func before_close(_ context: Context) {
    is_trading = false
    for side in [PositionSide.long, .short] {
        let positions = side == .long ? context.portfolio.long_positions : context.portfolio.short_positions
        if positions.contains(code) { order_target(code, 0, side: side) }
    }
}
