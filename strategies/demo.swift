import JQTrade

func process_initialize(_ context: Context) {
    log.info("process_initialize run.")

    set_options(
        trade_gate: "paper"  // 模拟盘: 行情由 market_data 提供, 默认为随机行情
    )

    run_daily(before_market_open, "open-30m")
    run_daily(market_open, "open")
    run_daily(market_close, "close")
    run_daily(after_market_close, "close+30m")
    run_daily(do_order, "every_minute")
}

// 自定义的全局变量, 策略进程退出时会释放, 若需持久化, 请使用 context.state
var g: [String: String] = [:]

func before_market_open(_ context: Context) {
    log.info("before_market_open run")

    log.info("当前总资产： \(context.portfolio.total_assert)")
    log.info("当前锁定金额：\(context.portfolio.locked_cash)")
    log.info("当前可用资金：\(context.portfolio.available_cash)")
    log.info("当前多头持仓：\(context.portfolio.long_positions)")
    log.info("当前空头持仓：\(context.portfolio.short_positions)")
}

func market_open(_ context: Context) {
    log.info("market_open run")
}

func do_order(_ context: Context) {
    log.info("do_order run")

    let pos = context.portfolio.long_positions["000001.XSHE"]
    if pos.available_amount > 0 {
        g["order_id_000001"] = order("000001.XSHE", -pos.available_amount, LimitOrderStyle(10))
    }

    if !context.portfolio.long_positions.contains("000002.XSHE") {
        g["order_id_000002"] = order("000002.XSHE", 100, MarketOrderStyle())
    }

    let orders = get_orders()
    for _order in orders {
        if ["new", "open"].contains(_order.status) {
            log.info("查询到未完成订单：\(_order)")
            cancel_order(_order.order_id)
        }
    }
}

func market_close(_ context: Context) {
    log.info("market_close run")
}

func after_market_close(_ context: Context) {
    log.info("after_market_close run")
}
