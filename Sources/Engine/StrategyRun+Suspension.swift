import Accounts
import JQTrade
import Logs
import Scheduling
import Time

/// With real orders at stake a job or a callback that ended the worker does not run again on that day: it may have sent
/// some of its orders, and would send them once more.
extension StrategyRun {
    /// Finds the jobs that have ended the worker today, and says so.
    func suspendCrashedJobs() {
        guard account != nil, tradesLive, options.suspendsCrashedJobs, let slots else { return }
        let today = slots.timetable.hours.tradingDay(at: loop.clock.now)
        let crashed = remembering { try slots.interrupted(on: today) } ?? []
        guard !crashed.isEmpty else { return }
        suspended = (today, crashed)
        for slot in crashed {
            logger.error(
                "\(slot.job) is suspended for \(today): the worker ended while it ran (slot \(zone.local(slot.at).time))."
                    + howToGoOn)
        }
    }

    private var howToGoOn: String {
        " See with get_orders what it has sent. To run it again today, start the task with --set on_job_crash=continue."
    }

    func isSuspended(_ slot: Slot) -> Bool {
        guard let suspended, let slots, slot.day == suspended.day else { return false }
        return suspended.after.contains { $0.isOf(job: slots.timetable.jobs[slot.job].name) }
    }

    // MARK: Callbacks

    /// Finds the callbacks that have ended the worker today, says so, and has those of the market's data noted from here
    /// on.
    func guardCallbacks() {
        guard let account, tradesLive, let slots else { return }
        let today = slots.timetable.hours.tradingDay(at: loop.clock.now)
        if let last = account.lastBroken { countError(words(of: last, account)) }
        let broken = account.brokenCallbacks.filter { $0.day == today }
        if options.suspendsCrashedJobs, !broken.isEmpty {
            suspendedCallbacks = (today, Set(broken.map(\.name)))
            for name in Set(broken.map(\.name)).sorted() {
                logger.error("\(name) is suspended for \(today): the worker ended while it ran.\(howToGoOn)")
            }
        }
        for place in handlers.indices {
            let (name, handler) = ("bar \(subscriptions[place].words)", handlers[place])
            handlers[place] = BarHandler { [unowned self] bar in
                if self.isSuspended(callback: name) { return }
                self.quietCallback = name
                defer { self.marketCallbackEnded() }
                try handler.call(bar)
            }
        }
    }

    private func words(of broken: BrokenCallback, _ account: Account) -> String {
        guard let id = broken.order else { return "the worker ended while \(broken.name) ran on \(broken.day)" }
        let order = account.order(id)?.words ?? id
        return "the worker ended while \(broken.name) was told of order \(order): it is not told of that again, for it"
            + " may have sent orders"
    }

    func isSuspended(callback name: String) -> Bool {
        guard let suspendedCallbacks, suspendedCallbacks.names.contains(name), let slots else { return false }
        return slots.timetable.hours.tradingDay(at: loop.clock.now) == suspendedCallbacks.day
    }

    /// A callback of the market's data is about to send something: from here on it is not to be called again if it ends
    /// the worker. Most bars and ticks send nothing, and none is told a second time.
    func noteCallback() {
        guard let name = quietCallback else { return }
        quietCallback = nil
        account?.begin(name, now: loop.clock.now)
    }

    private func marketCallbackEnded() {
        quietCallback = nil
        account?.endCallback(now: loop.clock.now)
    }
}
