import Accounts
import JQTrade
import Logs
import Market
import Time

/// What became of the account, told to the log and to the strategy.
extension StrategyRun {
    /// Logs each change and hands it to the strategy; what has been handed over is never told again.
    func tell(_ changes: [AccountChange]) {
        var last: Int?
        for place in changes.indices {
            let level = changes[place].level
            if level >= logger.minimum { logger.log(level, changes[place].words) }
            guard phase == .running || phase == .stopped, let number = changes[place].number else { continue }
            last = number
            handOver(changes[place])
        }
        if let last { account?.told(upTo: last, now: loop.clock.now) }
    }

    private func handOver(_ change: AccountChange) {
        switch change {
        case .order(let state, _, _):
            guard let handler = entry.onOrder else { return }
            callBack("on_order", of: change) { try handler(context, Order(state, zone: zone)) }
        case .trade(let trade, _):
            if exchange == nil { observer.trade?(trade) }
            guard let handler = entry.onTrade else { return }
            callBack("on_trade", of: change) { try handler(context, Trade(trade, zone: zone)) }
        case .cancelRefused, .snapshot, .stale, .notObeyed, .trouble: return
        }
    }

    /// With real orders at stake what is being told counts as told: a restart in the middle of it must not send the same
    /// orders again. On paper it is told once more.
    private func callBack(_ name: String, of change: AccountChange, _ body: () throws -> Void) {
        if isSuspended(callback: name) { return }
        if tradesLive { account?.begin(name, of: change, now: loop.clock.now) }
        activity(name) {
            do { try body() } catch { countError("\(name) failed: \(describe(error))") }
        }
        saveState()
        account?.endCallback(now: loop.clock.now)
        if let number = change.number { account?.told(upTo: number, now: loop.clock.now) }
    }
}
