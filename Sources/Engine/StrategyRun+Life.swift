import JQTrade
import Logs
import Market
import Scheduling
import Storage
import Time

/// The life of a run: start, stop, and every activity between them.
extension StrategyRun {
    /// Runs `process_initialize` and sets the schedule. What was wrong is the caller's to tell: who started the run knows
    /// where it is read.
    public func start() -> StartResult {
        StrategyHost.attach(self, optionSites: entry.optionSites)
        phase = .initializing
        // Options from outside may name it already; one that cannot be used is told when the hours are made of it.
        if let chosen = try? options.zone() { zone = chosen }
        activity("process_initialize") {
            do { try entry.initialize(context) } catch {
                problems.append("process_initialize threw an error: \(describe(error))")
            }
            openAccountIfNamed(from: nil)
            if problems.isEmpty { problems += options.strayGateOptions() + hoursProblems() + feedProblems() }
            openPaperAccount(from: nil)
            if problems.isEmpty { openSubscriptions() }
            // Before the schedule, which says where the last run remembered things.
            if problems.isEmpty, account == nil, setting.gates.mayTrade { problems += bindToPaper() }
            if problems.isEmpty { problems += setSchedule() }
        }
        guard problems.isEmpty else {
            phase = .stopped
            return .failed(problems)
        }
        phase = .running
        hearsNews = listensToNews()
        account?.isQuiet = !hearsNews
        watchWhatIsHeld()
        tellPaperMode()
        tellAccount()
        loop.onClockMove = { [unowned self] in self.clockMoved($0) }
        saveState()
        tellSchedule()
        if mode != "backtest" { for slip in parameters.likelySlips { logger.warn(slip) } }
        suspendCrashedJobs()
        guardCallbacks()
        arm()
        armMidnight()
        loop.post { [unowned self] in self.tellHeldChanges() }
        armSync()
        armMarket()
        return .ready
    }

    /// Asks the run to leave: at once when it is idle, else when its current activity is done.
    public func stop() {
        stopIsAsked = true
        if !isBusy { leave() }
    }

    /// Like `stop`, but nobody asked for it: the supervisor is gone.
    public func abandon() {
        end(.abandoned)
        stop()
    }

    /// Everything the loop does is a named activity, so that what a task is busy with, and since when, is known.
    func activity(_ name: @autoclosure () -> String, _ body: () -> Void) {
        isBusy = true
        observer.begin?(name(), loop.clock.now)
        body()
        isBusy = false
        observer.end?()
    }

    private func leave() {
        guard phase != .stopped else { return }
        for timer in [timer, midnightTimer, syncTimer, marketTimer].compactMap({ $0 }) { loop.cancel(timer) }
        let since = busySince ?? loop.clock.now
        if phase == .running, !ending.mayRetry, let exit = entry.exit {
            activity("process_exit") {
                do { try exit(context) } catch {
                    countError("process_exit failed: \(describe(error))")
                }
            }
        }
        phase = .stopped
        saveState()
        leaveAccount()
        tellDroppedTicks()
        leaveMarket()
        if ending == .asked { recordStop(busySince: since) }
        tellVerdicts()
        StrategyHost.attach(nil)
        loop.stop()
    }

    /// After a stop that was asked for, the next start begins afresh; after any other end it continues.
    private func recordStop(busySince: Instant) {
        do { try slots?.requestedStop(now: loop.clock.now, busySince: busySince) } catch {
            logger.error("the stop could not be recorded: \(error). The next start takes this one for a crash.")
        }
    }

    func countError(_ message: String) {
        jobErrors += 1
        logger.error(message)
        tellCounts()
    }

    /// From here on the task's log is dated in its market's time.
    func tellZone() {
        logger.zone = zone
        observer.zone?(zone)
    }

    func tellCounts() { observer.counts?(jobErrors, missed) }

    /// Saves `context.state`; a disk that refuses is said, and the next save tries again.
    func saveState() {
        do { try stateFile?.save() } catch { countError("context.state could not be saved: \(error)") }
    }
}

/// An error of the strategy, in its own words.
func describe(_ error: any Error) -> String { String(describing: error) }
