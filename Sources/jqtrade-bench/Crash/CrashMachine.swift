import Engine
import FileOrders
import Gates
import JQTrade
import Logs
import Market
import Notation
import Simulation
import Storage
import Time

/// A machine with a task and the terminal that its orders go to. Both may die, alone or together; the terminal's ledger
/// stands for the broker, who does not.
final class CrashMachine {
    static let folder = "/home/tasks/crash"
    static let orders = "/orders"
    static let account = "8890"

    let clock: VirtualClock
    /// The disk as the task sees it; the terminal and those who only look have views of their own.
    let disk = SimulatedDisk()
    let outside: SimulatedDisk
    let ledger = TerminalLedger()
    /// Another program that writes orders there, if there is one.
    let neighbour: CrashNeighbour?
    private(set) var terminal: BrokerTerminal
    private(set) var run: StrategyRun?

    private let format: OrderFileFormat
    private let terminalDisk: SimulatedDisk
    private var settings: TerminalSettings
    private let entry: StrategyEntry
    private let verbose: Bool
    private var loop: EventLoop
    private var terminalDue: Instant
    /// Its program is not running until then.
    private var terminalOpens: Instant
    /// From when on nothing goes wrong at the terminal; nil if it is so already, or never is.
    private var calm: Instant?
    private var boot = 1
    private var bootedAt: Instant
    private var taskStartedAt: Instant?

    init(
        _ story: CrashStory, _ settings: TerminalSettings, _ entry: StrategyEntry, verbose: Bool
    ) throws {
        clock = VirtualClock(start: story.scenes.first?.start ?? Instant(nanoseconds: 0))
        self.settings = settings
        self.entry = entry
        self.verbose = verbose
        format = settings.format
        outside = disk.forAnotherProgram()
        terminalDisk = disk.forAnotherProgram()
        calm = story.scenes.first(where: \.isCalm)?.start
        neighbour = story.neighbour.map { [disk] account in
            CrashNeighbour(disk.forAnotherProgram(), story, account: account, seed: settings.seed)
        }
        disk.faults.locking = story.locking
        disk.faults.isLocal = !story.isShare
        loop = EventLoop(clock: clock)
        bootedAt = clock.now - .seconds(60)
        terminalDue = clock.now
        terminalOpens = clock.now
        terminal = BrokerTerminal(settings, store: terminalDisk, ledger: ledger)
        disk.clock = { [clock] in clock.now.nanoseconds }
        try outside.makeFolder(Self.folder)
        try outside.makeFolder(Self.orders)
        for folder in ["/", "/home", "/home/tasks", Self.folder, Self.orders] { try outside.flushFolder(folder) }
    }

    /// The trading day that it is.
    var day: Day { settings.hours.tradingDay(at: clock.now) }

    // MARK: The task

    /// True if the task was killed, or died at its disk operation.
    var isDead: Bool { disk.faults.stopAt.map { disk.operations >= $0 } ?? false }

    /// Starts the task; the answer is why it does not start.
    func start(seed: UInt64) -> [String] {
        let isRestart = taskStartedAt != nil
        taskStartedAt = taskStartedAt ?? clock.now
        var setting = StrategyRun.Setting(
            taskName: "crash", mode: "live", isRestart: isRestart, startedAt: taskStartedAt ?? clock.now,
            folder: Self.folder, parameters: [], options: Options.Outside(), calendarFiles: nil, disk: disk,
            bootID: "boot \(boot)", bootTime: { [unowned self] in bootedAt }, absolutePath: { $0 },
            jobName: { _ in nil })
        setting.gates = GateRack(
            [
                GateRack.Kind(name: format.name, optionNames: FileOrderGate.optionNames) { [format, disk, clock] in
                    FileOrderGate(format: format, disk: disk, clock: clock, random: SeededRandom(seed: seed))
                }
            ], mayTrade: true)
        loop = EventLoop(clock: clock)
        let sinks: [LogSink] = verbose ? [.console(ConsoleSink(descriptor: 1))] : []
        let logger = Logger(task: "crash", minimum: verbose ? .debug : .error, sinks: sinks) { [clock] in clock.now }
        let run = StrategyRun(entry, setting, loop: loop, logger: logger)
        self.run = run
        if case .failed(let problems) = run.start() { return problems }
        return []
    }

    /// Asks the task to leave; its next start is a start of its own.
    func stop() {
        guard let run, !isDead else { return }
        run.stop()
        taskStartedAt = nil
    }

    /// From here on nothing that the task does reaches the disk.
    func kill() {
        disk.faults.stopAt = disk.operations
        loop.stop()
    }

    /// Kills the task at a moment of the run.
    func kill(at moment: Instant) { loop.at(moment) { [unowned self] in kill() } }

    /// Lets the task and the terminal go on until a time, or until the task has ended.
    func pass(until end: Instant) {
        let timer = loop.at(end, rank: .max) { [loop] in loop.stop() }
        armTerminal()
        loop.run()
        loop.cancel(timer)
    }

    /// The task's process is gone; with `losingPower` the whole machine was, the terminal's program included.
    func bury(losingPower: Bool, seed: UInt64) {
        StrategyHost.attach(nil)
        run = nil
        if losingPower {
            disk.crash(losingUnflushed: true, seed: seed)
            neighbour?.die()
            boot += 1
            restartTerminal(faults: settings.faults, seed: seed)
        } else {
            disk.endProgram()
        }
    }

    /// Lets time pass while there is no task.
    func wait(_ span: TimeSpan, losingPower: Bool) {
        let end = clock.now + span
        while !losingPower, terminalDue < end {
            if terminalDue > clock.now { clock.pass(terminalDue - clock.now) }
            stepTerminal()
        }
        if clock.now < end { clock.pass(end - clock.now) }
        if losingPower { bootedAt = clock.now - .milliseconds(500) }
        terminalDue = max(terminalDue, clock.now)
    }

    /// The evening: the terminal has said all that it did, and until the morning nobody is there but perhaps the task.
    func closeTerminal(until morning: Instant, faults: TerminalFaults, seed: UInt64) {
        neighbour?.rest(on: day)
        restartTerminal(faults: TerminalFaults(), seed: seed)
        wait(.seconds(2), losingPower: false)
        restartTerminal(faults: faults, seed: seed)
        (terminalDue, terminalOpens) = (morning, morning)
        keepFolder()
    }

    /// Time enough has gone by for the disk to write what nobody flushed: all that the terminal has said stays said.
    func keepFolder() {
        for name in (try? outside.list(Self.orders)) ?? [] {
            guard let file = try? outside.open("\(Self.orders)/\(name)", .append) else { continue }
            try? outside.flush(file)
            outside.close(file)
        }
        try? outside.flushFolder(Self.orders)
    }

    /// Lets the night go by for those who sleep.
    func sleep(until morning: Instant) {
        if clock.now < morning { clock.pass(morning - clock.now) }
    }

    func forgetTask() {
        StrategyHost.attach(nil)
        run = nil
        disk.beforeOperation = nil
    }

    // MARK: The terminal

    /// Another terminal with the ledger of the last.
    func restartTerminal(faults: TerminalFaults, seed: UInt64) {
        terminalDisk.endProgram()
        settings.faults = faults
        settings.seed = seed
        terminal = BrokerTerminal(settings, store: terminalDisk, ledger: ledger)
        terminalDue = max(clock.now, terminalOpens)
    }

    /// From the calm on nothing goes wrong at the terminal. It begins by the clock, though a slow disk may hold the task up
    /// so long that the scene before it has not ended.
    func calmDown() {
        guard let calm, clock.now >= calm else { return }
        self.calm = nil
        restartTerminal(faults: TerminalFaults(), seed: settings.seed)
    }

    /// What is due at the terminal while the task waits for its disk.
    func stepTerminalIfDue() {
        if terminalDue <= clock.now { stepTerminal() }
    }

    func stepTerminal() {
        if clock.now < terminalOpens { return terminalDue = terminalOpens }
        calmDown()
        if verbose {
            terminal.onNews = { [clock] in print("\(MarketZone.shanghai.local(clock.now).time) TERMINAL \($0)") }
        }
        do { terminalDue = try terminal.step(now: clock.now) } catch { terminalDue = clock.now + .seconds(1) }
    }

    private func armTerminal() {
        loop.at(max(terminalDue, clock.now)) { [unowned self] in
            if isDead { return loop.stop() }
            stepTerminalIfDue()
            armTerminal()
        }
    }
}
