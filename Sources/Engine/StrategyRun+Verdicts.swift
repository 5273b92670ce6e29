import Logs
import Market
import Scheduling
import Time

/// What has become of slots that did not run, told to the user: one warning for each missed one, one line for the
/// skipped ones of a job.
extension StrategyRun {
    func tellVerdicts() {
        guard let slots, slots.hasNews else { return }
        if let days = slots.drainLeftOut() {
            logger.warn(
                "missed: all slots of \(days.lowerBound) to \(days.upperBound): too many days to judge one by one")
        }
        let verdicts = slots.drainVerdicts()
        guard !verdicts.isEmpty else { return }
        var skipped: [(job: Int, first: Instant, last: Instant, count: Int, reason: String)] = []
        for verdict in verdicts {
            let slot = verdict.slot
            let reason = verdict.state.reason ?? ""
            if case .skipped = verdict.state {
                if let index = skipped.firstIndex(where: { $0.job == slot.job && $0.reason == reason }) {
                    skipped[index].last = slot.at
                    skipped[index].count += 1
                } else {
                    skipped.append((slot.job, slot.at, slot.at, 1, reason))
                }
            } else {
                let name = slots.timetable.jobs[slot.job].name
                logger.warn("\(verdict.state.word): \(name) (slot \(whenText(slot.at))): \(reason)")
                switch verdict.state {
                case .missed: missed += 1
                // The worker that ran it ended: nobody has counted it.
                case .failed: jobErrors += 1
                case .planned, .running, .done, .skipped: break
                }
            }
        }
        for run in skipped {
            let name = slots.timetable.jobs[run.job].name
            let when = run.count == 1 ? whenText(run.first) : "\(whenText(run.first)) to \(whenText(run.last))"
            let slotsText = run.count == 1 ? "slot" : "\(run.count) slots"
            logger.info("skipped: \(name) (\(slotsText) \(when)): \(run.reason)")
        }
        tellCounts()
    }

    /// The time, and the day if it is not today.
    private func whenText(_ instant: Instant) -> String {
        let at = zone.local(instant)
        return at.day == zone.local(loop.clock.now).day ? "\(at.time)" : "\(at.day) \(at.time)"
    }
}
