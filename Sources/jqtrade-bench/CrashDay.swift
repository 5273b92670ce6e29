import CSupport
import FileOrders
import Market
import Simulation
import Storage
import Time

/// One simulated morning with its deaths, and in the end a quiet while in which everybody comes to know everything.
final class CrashDay {
    let machine: CrashMachine
    let strategy: CrashStrategy
    private(set) var problems: [String] = []
    private(set) var deaths = 0
    /// The disk operations of the task until the quiet end.
    private(set) var operations = 0

    private var random: SeededRandom
    private let dyingAt: Int?
    private let losingPower: Bool
    private let isScripted: Bool
    private let faults: TerminalFaults
    private let end: Instant
    private var lostPower = false

    /// A random day.
    init(seed: UInt64, verbose: Bool) throws {
        var random = SeededRandom(seed: seed)
        let format: OrderFileFormat = random.oneIn(4) ? .cats : .oneQuant
        var faults = TerminalFaults()
        for fault in TerminalFaults.Fault.allCases where !random.oneIn(3) {
            faults[fault] = Double.random(in: 0...0.2, using: &random)
        }
        // A terminal that takes lines without their end may have taken what a full disk makes us take back.
        let isShort = random.oneIn(2)
        if isShort { faults[.eager] = 0 }
        var settings = CrashDay.settings(format, seed: seed)
        settings.faults = faults
        settings.longestFault = .seconds(Int64.random(in: 1...15, using: &random))
        let times = (0..<8).map { _ in CrashDay.time(Int.random(in: 8...175, using: &random)) }
        strategy = CrashStrategy(gate: format.name, times: times, random: SeededRandom(seed: ~seed))
        machine = try CrashMachine(settings, strategy.entry, verbose: verbose)
        (dyingAt, losingPower, isScripted) = (nil, false, false)
        self.faults = faults
        end = machine.clock.now + .seconds(180)
        self.random = random
        spoilDisk(isShort: isShort)
        watch()
    }

    /// The scripted day, which dies once.
    init(format name: String, dyingAt: Int?, losingPower: Bool, verbose: Bool) throws {
        let format: OrderFileFormat = name == "cats" ? .cats : .oneQuant
        let script = ["order", "batch", "cancel", "order", "cancel all"]
        let times = script.indices.map { CrashDay.time(6 + 3 * $0) }
        strategy = CrashStrategy(
            gate: format.name, times: times, script: script, random: SeededRandom(seed: 1))
        machine = try CrashMachine(CrashDay.settings(format, seed: 1), strategy.entry, verbose: verbose)
        (self.dyingAt, self.losingPower, isScripted) = (dyingAt, losingPower, true)
        faults = TerminalFaults()
        end = machine.clock.now + .seconds(24)
        random = SeededRandom(seed: UInt64(dyingAt ?? 0))
        watch()
    }

    private func watch() {
        strategy.isDead = { [unowned machine] in machine.isDead }
    }

    private static func time(_ second: Int) -> String { TimeOfDay(10, second / 60, second % 60).description }

    private static func settings(_ format: OrderFileFormat, seed: UInt64) -> TerminalSettings {
        var held: [Security: TerminalAccount.Holding] = [:]
        for code in CrashStrategy.codes {
            held[Security(code)] = TerminalAccount.Holding(amount: 1_000_000, costPrice: Money(units: 100_000))
        }
        var settings = TerminalSettings(
            format: format, folder: CrashMachine.orders, account: CrashMachine.account,
            opening: TerminalAccount(cash: Money(units: 100_000_000_000), holdings: held))
        settings.seed = seed
        settings.pollInterval = .milliseconds(700)
        settings.answerWithin = .milliseconds(400)
        settings.fillWithin = .seconds(6)
        return settings
    }

    // MARK: The day

    /// Runs it, and judges.
    func run() {
        let mostDeaths = isScripted ? 1 : Int.random(in: 0...5, using: &random)
        machine.stepTerminal()
        machine.wait(.seconds(2), losingPower: false)
        while machine.clock.now < end, problems.isEmpty {
            if deaths < mostDeaths { planDeath() } else { machine.disk.faults.stopAt = nil }
            let reasons = machine.start(seed: random.next())
            if reasons.isEmpty {
                if !isScripted, random.oneIn(3) { machine.kill(at: machine.clock.now + seconds(1...60)) }
                machine.pass(until: end)
            } else if !machine.isDead, !isSpoiled {
                problems.append("a start failed: \(reasons.joined(separator: "; "))")
            }
            if machine.clock.now >= end, !machine.isDead { break }
            die()
        }
        operations = machine.disk.operations
        settle()
        machine.forgetTask()
    }

    private var isSpoiled: Bool { !machine.disk.faults.failures.isEmpty || !machine.disk.faults.shortWrites.isEmpty }

    private func planDeath() {
        let span = [30, 150, 600].randomElement(using: &random) ?? 30
        let left = isScripted ? dyingAt : Int.random(in: 0..<span, using: &random)
        machine.disk.faults.stopAt = left.map { machine.disk.operations + $0 }
    }

    private func die() {
        let losesPower = isScripted ? losingPower : random.oneIn(3)
        deaths += 1
        lostPower = lostPower || losesPower
        machine.bury(losingPower: losesPower, seed: random.next())
        problems += judge(atRest: false)
        machine.wait(seconds(1...12), losingPower: losesPower)
    }

    /// All faults end, and everybody has time to hear of everything.
    private func settle() {
        strategy.isQuiet = true
        machine.disk.faults.failures = [:]
        machine.disk.faults.shortWrites = [:]
        machine.disk.beforeOperation = nil
        machine.bury(losingPower: false, seed: 0)
        machine.restartTerminal(faults: TerminalFaults(), seed: 7)
        if !problems.isEmpty { return }
        let reasons = machine.start(seed: random.next())
        if !reasons.isEmpty { return problems.append("the last start failed: \(reasons.joined(separator: "; "))") }
        machine.pass(until: machine.clock.now + .seconds(45))
        problems += judge(atRest: true)
        problems += judgeAccount()
        machine.run?.stop()
    }

    private func seconds(_ range: ClosedRange<Int64>) -> TimeSpan { .seconds(Int64.random(in: range, using: &random)) }

    // MARK: A bad disk

    /// Now and then an operation fails, a write is short, or the terminal acts in the middle of what the task does.
    private func spoilDisk(isShort: Bool) {
        let disk = machine.disk
        if random.oneIn(3) {
            for _ in 0..<3 {
                let code = [EIO, ENOSPC].randomElement(using: &random) ?? EIO
                disk.faults.failures[Int.random(in: 0..<1500, using: &random)] = code
            }
        }
        if isShort {
            for _ in 0..<20 {
                disk.faults.shortWrites[Int.random(in: 0..<1500, using: &random)] = Int.random(
                    in: 0...120, using: &random)
            }
        }
        var chance = SeededRandom(seed: random.next())
        if random.oneIn(2) {
            disk.beforeOperation = { [unowned machine] _, _ in
                if chance.oneIn(8) { machine.clock.pass(.milliseconds(Int64.random(in: 1...30, using: &chance))) }
                if chance.oneIn(20) { machine.stepTerminal() }
            }
        }
    }
}
