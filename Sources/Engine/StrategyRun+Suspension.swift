import Logs
import Scheduling
import Time

/// With real orders at stake a job that ended the worker does not run again on that day: it may have sent some of its
/// orders, and would send them once more.
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
                    + " See with get_orders what it has sent. To run it again today, start the task with"
                    + " --set on_job_crash=continue.")
        }
    }

    func isSuspended(_ slot: Slot) -> Bool {
        guard let suspended, let slots, slot.day == suspended.day else { return false }
        return suspended.after.contains { $0.isOf(job: slots.timetable.jobs[slot.job].name) }
    }
}
