import JQTrade
import Logs
import Market
import Scheduling
import Storage
import Time

/// The slots of a run: one timer for the next one, and each run when it is due.
///
/// The loop is asked for the time, not its clock: that would be counted at each look, and a slot looks five times.
extension StrategyRun {
    /// Arms the loop for the next slot and says which it is.
    func arm() {
        if let timer { loop.cancel(timer) }
        timer = nil
        guard phase == .running, !stopIsAsked, let slots, let found = remembering({ try slots.next() }) else { return }
        tellNext(found)
        guard let next = found else { return }
        timer = loop.at(next.at, rank: LoopRank.slots, whenDue)
    }

    /// Runs what is due, one slot after the other; between two of them a request to stop is heard.
    func runDueSlots() {
        timer = nil
        let now = loop.now
        // What came due while the market's news was told waited for it.
        let woke = heldUp.map { now - $0.until < .milliseconds(100) ? $0.since : now } ?? now
        busySince = woke
        advancePaper()
        while phase == .running, let slot = takeSlot(busySince: woke) {
            if isSuspended(slot) {
                _ = remembering { try slots?.suspend(slot, now: loop.now) }
                continue
            }
            run(slot)
            observer.betweenActivities?()
            if stopIsAsked { return stop() }
        }
        busySince = nil
        tellVerdicts()
        arm()
    }

    func takeSlot(busySince: Instant) -> Slot? {
        guard let slots else { return nil }
        return remembering { try slots.take(now: loop.now, busySince: busySince) } ?? nil
    }

    private func run(_ slot: Slot) {
        guard let slots else { return }
        let name = slots.timetable.jobs[slot.job].name
        tellVerdicts()
        guard remembering({ try slots.begin(slot, now: loop.now) }) != nil else { return }
        if observer.next != nil { tellNext(remembering { try slots.next() } ?? nil) }
        currentSlot = slot.at
        currentJob = name
        let late = loop.now - slot.at
        logger.info("\(name) (slot \(zone.local(slot.at).time)\(late > .seconds(1) ? ", \(late) late" : ""))")
        var failed = false
        activity(name) {
            do { try jobs.functions[slot.job](context) } catch {
                failed = true
                countError("\(name) (slot \(zone.local(slot.at).time)) failed: \(describe(error))")
            }
        }
        currentSlot = nil
        currentJob = nil
        saveState()
        tellNews()
        _ = remembering { try slots.end(slot, failed: failed, now: loop.now) }
        if failed, options.stopsOnJobError { end(.failed("\(name) failed, and on_job_error is \"stop\"")) }
    }

    /// Without a memory of its slots a run may not go on: it might run one twice.
    func remembering<Result>(_ body: () throws -> Result) -> Result? {
        do { return try body() } catch {
            end(.mayRetry("the memory of the slots cannot be kept: \(error)"))
            return nil
        }
    }

    /// The run ends by its own decision, for a reason that the user must know.
    func end(_ reason: Ending) {
        guard ending == .asked else { return }
        ending = reason
        switch reason {
        case .asked, .abandoned: break
        case .failed(let problem), .mayRetry(let problem): logger.error(problem)
        }
        stopIsAsked = true
        if !isBusy { loop.post { [unowned self] in self.stop() } }
    }

    /// The wall clock was set, or the machine slept.
    func clockMoved(_ move: ClockMove) {
        guard phase == .running, let slots else { return }
        logger.warn("\(move)")
        _ = remembering { try slots.clockMoved(now: loop.now, bootedAt: setting.bootTime()) }
        tellVerdicts()
        arm()
        if let midnightTimer { loop.cancel(midnightTimer) }
        armMidnight()
    }

    /// Says which slot is next, if that has not been said already.
    private func tellNext(_ next: Slot?) {
        guard let tell = observer.next, let slots, toldNext != .some(next) else { return }
        toldNext = .some(next)
        tell(
            next.map {
                (job: slots.timetable.jobs[$0.job].name, at: $0.at, grace: slots.grace(of: $0))
            })
    }
}
