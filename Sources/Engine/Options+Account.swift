import Accounts
import Gates
import Market
import Notation

/// The options of the account and its gate. Which gate it is, is said by the strategy, by `--config` or on the command
/// line: a home's config, or an option that belongs to a gate, never makes a task live.
extension Options {
    /// What is wrong with naming this gate here; nil if nothing is.
    func gateProblem(_ value: JSON, layer: Int) -> String? {
        let names = [GateRack.paper] + gateNames
        guard let name = value.string, names.contains(name) else {
            let words = names.map { "\"\($0)\"" }.joined(separator: ", ")
            return "trade_gate asks for one of \(words) or an object that is a TradeGate, not \(value.compact)."
        }
        guard layer == 3, name != GateRack.paper else { return nil }
        return
            "trade_gate \"\(name)\" cannot be chosen for all tasks of a home: name it in the strategy, in --config or"
            + " with --set."
    }

    /// The gate in force: `paper` unless one is named.
    var gateName: String { value("trade_gate").string ?? GateRack.paper }
    /// True when orders go to a broker.
    var isLive: Bool { usesAccount && gateName != GateRack.paper }

    /// Options that belong to a gate that is not the one in force: somebody means to trade through it, and does not.
    func strayGateOptions() -> [String] {
        if isPaperByCommand { return [] }
        if !usesAccount, gateName != GateRack.paper {
            return [
                "trade_gate is \"\(gateName)\", and with use_account: false no order could go there: take use_account: false"
                    + " out of set_options, or do not name the gate."
            ]
        }
        return setGateOptions.filter { !belongs($0) }.sorted().map { name in
            let owners = gateOwners(of: name)
            return "\(name) belongs to the gate \"\(owners.first ?? "")\", but the gate is \"\(gateName)\": add"
                + " trade_gate: \"\(owners.first ?? "")\" to set_options, or take \(name) out."
        }
    }

    /// The options that reach the gate's `setup`.
    func gateOptions(named names: [String]) -> [String: JSON] {
        var options: [String: JSON] = [:]
        for name in allNames where names.contains(name) || name.hasPrefix("x_") { options[name] = value(name) }
        return options
    }

    /// How far apart the syncs are.
    var syncInterval: TimeSpan { TimeSpan(seconds: value("sync_internal").double ?? 5) }
    /// True if cash and positions are read by the clock.
    var syncsBalance: Bool { value("sync_balance").bool ?? true }
    /// True if the orders' states are read by the clock.
    var syncsOrders: Bool { value("sync_order").bool ?? true }
    /// When syncs happen; nil for always.
    var syncPeriods: MarketPeriods? {
        OptionSpec.pairs(value("sync_period")).flatMap { try? MarketPeriods($0) }
    }
    /// True if a job that crashed the worker of a live task does not run again on that day.
    var suspendsCrashedJobs: Bool { value("on_job_crash").string != "continue" }

    /// What the account is allowed to do.
    func accountOptions(hasAccountSide: Bool) -> AccountOptions {
        func yuan(_ name: String) -> Money? {
            value(name).double.flatMap(Money.init).flatMap { $0 == .zero ? nil : $0 }
        }
        var account = AccountOptions()
        account.hasAccountSide = hasAccountSide
        account.takesOffSessionOrders = value("off_session_orders").bool ?? false
        account.longestSilence = TimeSpan(seconds: value("max_gate_silence").double ?? 30)
        account.syncInterval = syncInterval
        account.answerTimeout = TimeSpan(seconds: value("ack_timeout").double ?? 15)
        account.largestOrderValue = yuan("max_order_value")
        account.mostPerMinute = value("max_orders_per_minute").int ?? account.mostPerMinute
        account.mostPerDay = value("max_orders_per_day").int ?? account.mostPerDay
        account.largestValuePerDay = yuan("max_traded_value_per_day")
        return account
    }
}
