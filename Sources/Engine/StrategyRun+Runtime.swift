import JQTrade
import Logs
import Market
import Notation
import Scheduling
import Storage
import Time

/// What the strategy's calls do: each is answered here, none throws, and what is wrong is logged, counted, and, within
/// `process_initialize`, kept so that the start fails with all of it.
extension StrategyRun: StrategyRuntime {
    /// The clock's time.
    public var now: Instant { loop.clock.now }
    /// The time of the slot that is being run.
    public var slotTime: Instant? { currentSlot }
    /// The task's name.
    public var taskName: String { setting.taskName }
    /// `live`, `paper` or `backtest`.
    public var mode: String { tradesLive && account != nil ? "live" : setting.mode }
    /// True after a crash.
    public var isRestart: Bool { setting.isRestart }

    /// Takes the strategy's options, in the order written.
    public func setOptions(_ pairs: [(name: String, value: Any)], from site: CallSite?) {
        guard mustInitialize("set_options", site) else { return }
        // The gate first: which other names are known depends on it, and the order of the names means nothing.
        for pair in pairs.filter({ $0.name == "trade_gate" }) + pairs.filter({ $0.name != "trade_gate" }) {
            if account != nil {
                let problem = "\(pair.name) cannot be set any more: the account is open. Set all options in one call."
                report("set_options: \(problem)", from: site)
            } else if desk != nil {
                let problem = "\(pair.name) cannot be set any more: market data has been asked for. Set options first."
                report("set_options: \(problem)", from: site)
            } else if pair.name == "runtime_dir", stateFile != nil {
                report("set_options: runtime_dir must be set before context.state is first used.", from: site)
            } else if let problem = options.set(pair.name, pair.value) {
                report("set_options: \(problem)", from: site)
            }
        }
        // The next line may already ask for the time.
        if let chosen = try? options.zone() { zone = chosen }
        openAccountIfNamed(from: site)
    }

    /// Takes a job.
    public func register(_ job: JobRegistration, from site: CallSite) {
        guard mustInitialize("run_daily, run_weekly and run_monthly", site) else { return }
        if let problem = jobs.add(job, at: site, nameOf: setting.jobName) { report(problem, from: site) }
    }

    /// An entry of the strategy's own log.
    public func write(_ level: StrategyLogLevel, _ message: String) {
        switch level {
        case .debug: logger.debug(message)
        case .info: logger.info(message)
        case .warn: logger.warn(message)
        case .error: logger.error(message)
        }
    }

    /// The text of a parameter.
    public func parameter(_ name: String) -> String? { parameters.text(of: name) }

    /// The parameters that the strategy has asked for by now.
    public var askedParameters: Set<String> { parameters.asked }

    /// A value of `context.state`.
    public func state(_ name: String) -> JSON? {
        openState()
        return stateFile?[name]
    }

    /// Sets a value of `context.state`.
    public func setState(_ name: String, _ value: JSON?) {
        openState()
        stateFile?[name] = value
    }

    /// A wrong use of the strategy's interface.
    public func report(_ problem: String, from site: CallSite?) {
        let message = site.map { "\($0.path):\($0.line): \(problem)" } ?? problem
        if phase == .initializing { problems.append(message) } else { countError(message) }
    }

    func mustInitialize(_ call: String, _ site: CallSite?) -> Bool {
        if phase == .initializing { return true }
        report("\(call) can be called in process_initialize only; this call has no effect.", from: site)
        return false
    }

    private func openState() {
        guard stateFile == nil else { return }
        do { stateFile = try StateFile(path: runFolder.map { $0 + "/state.json" }, disk: setting.disk) } catch {
            if phase == .initializing { report("\(error)", from: nil) } else { end(.failed("\(error)")) }
        }
    }
}
