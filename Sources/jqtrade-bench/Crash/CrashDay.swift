import CSupport
import FileOrders
import Market
import Simulation
import Storage
import Time

/// One simulated day, or two, with deaths, and in the end a quiet while in which everybody comes to know everything.
final class CrashDay {
    let story: CrashStory
    let machine: CrashMachine
    let strategy: CrashStrategy
    private(set) var problems: [String] = []
    private(set) var deaths = 0
    /// The disk operations of the task until the quiet end.
    private(set) var operations = 0
    /// Whether the power went: then cancels that were not flushed are forgotten, and counted no more.
    private(set) var lostPower = false

    /// Whether the disk refuses now and then.
    private(set) var isSpoiled = false

    private var mayLosePower = true
    private var random: SeededRandom
    private let dyingAt: Int?
    private let losingPower: Bool
    private let isScripted: Bool

    /// A random day.
    init(seed: UInt64, verbose: Bool) throws {
        var random = SeededRandom(seed: seed)
        let story = CrashStory(&random)
        self.story = story
        let times = story.scenes.flatMap { scene in
            (0..<8 / story.scenes.count).map { _ in
                Self.time(scene.start + .seconds(Int64.random(in: 5...scene.seconds, using: &random)))
            }
        }
        strategy = CrashStrategy(story, times: times, random: SeededRandom(seed: ~seed))
        machine = try CrashMachine(story, Self.settings(story, seed: seed), strategy.entry, verbose: verbose)
        (dyingAt, losingPower, isScripted) = (nil, false, false)
        self.random = random
        spoilDisk()
        watch()
    }

    /// The scripted day, which dies once.
    init(_ format: OrderFileFormat, dyingAt: Int?, losingPower: Bool, verbose: Bool) throws {
        var story = CrashStory()
        story.format = format
        self.story = story
        let script = ["order", "batch", "cancel", "order", "cancel all"]
        let start = story.scenes[0].start
        let times = script.indices.map { Self.time(start + .seconds(Int64(6 + 3 * $0))) }
        strategy = CrashStrategy(story, times: times, script: script, random: SeededRandom(seed: 1))
        machine = try CrashMachine(story, Self.settings(story, seed: 1), strategy.entry, verbose: verbose)
        (self.dyingAt, self.losingPower, isScripted) = (dyingAt, losingPower, true)
        random = SeededRandom(seed: UInt64(dyingAt ?? 0))
        watch()
    }

    private func watch() {
        strategy.isDead = { [unowned machine] in machine.isDead }
        strategy.today = { [unowned machine] in machine.day }
    }

    private static func time(_ instant: Instant) -> String { MarketZone.shanghai.local(instant).time.description }

    private static func settings(_ story: CrashStory, seed: UInt64) -> TerminalSettings {
        var held: [Security: TerminalAccount.Holding] = [:]
        for code in CrashStrategy.codes {
            held[Security(code)] = TerminalAccount.Holding(amount: 1_000_000, costPrice: Money(units: 100_000))
        }
        var settings = TerminalSettings(
            format: story.format, folder: CrashMachine.orders, account: CrashMachine.account,
            opening: TerminalAccount(cash: Money(units: 100_000_000_000), holdings: held))
        settings.seed = seed
        settings.hours = story.hours
        settings.faults = story.faults
        settings.longestFault = story.longestFault
        settings.pollInterval = .milliseconds(700)
        settings.answerWithin = .milliseconds(400)
        settings.fillWithin = .seconds(6)
        return settings
    }

    // MARK: The day

    /// Runs it, and judges.
    func run() {
        machine.stepTerminal()
        machine.wait(.seconds(2), losingPower: false)
        for scene in story.scenes where problems.isEmpty {
            if scene.start > machine.clock.now + .seconds(60) { passNight(until: scene.start) }
            if scene.isCalm {
                machine.calmDown()
            } else {
                machine.restartTerminal(faults: story.faults, seed: random.next())
            }
            mayLosePower = !scene.isCalm
            play(until: isScripted ? scene.start + .seconds(24) : scene.end)
            if scene.isCalm { machine.keepFolder() }
        }
        operations = machine.disk.operations
        settle()
        machine.forgetTask()
    }

    /// Lets the task run until a time comes, die, and be started again.
    private func play(until end: Instant) {
        let mostDeaths = deaths + (isScripted ? 1 : Int.random(in: 0...5 / story.scenes.count, using: &random))
        while machine.clock.now < end, problems.isEmpty {
            if deaths < mostDeaths { planDeath() } else { machine.disk.faults.stopAt = nil }
            let reasons = machine.run == nil ? machine.start(seed: random.next()) : []
            if reasons.isEmpty {
                if !isScripted, random.oneIn(3) { machine.kill(at: machine.clock.now + seconds(1...60)) }
                machine.pass(until: end)
            } else if !machine.isDead, !isSpoiled {
                problems.append("a start failed: \(reasons.joined(separator: "; "))")
            }
            if machine.clock.now >= end, !machine.isDead { break }
            die(before: end)
        }
    }

    private func planDeath() {
        let span = [30, 150, 600].randomElement(using: &random) ?? 30
        let left = isScripted ? dyingAt : Int.random(in: 0..<span, using: &random)
        machine.disk.faults.stopAt = left.map { machine.disk.operations + $0 }
    }

    private func die(before end: Instant) {
        // A slow disk may hold a scene up until the next one, which may be a calm one.
        let mayLosePower = mayLosePower && machine.clock.now < end
        let losesPower = isScripted ? losingPower : mayLosePower && random.oneIn(3)
        deaths += 1
        lostPower = lostPower || losesPower
        machine.bury(losingPower: losesPower, seed: random.next())
        problems += judge(atRest: false)
        let span = min(seconds(1...12), max(end - machine.clock.now, .milliseconds(1)))
        machine.wait(span, losingPower: losesPower)
    }

    /// The terminal's program ends in the evening and begins in the morning. The task may be there all night, be stopped,
    /// or die.
    private func passNight(until morning: Instant) {
        let opening = morning - .seconds(Int64.random(in: 10...1800, using: &random))
        machine.closeTerminal(until: opening, faults: story.faults, seed: random.next())
        if machine.run != nil, !machine.isDead, random.oneIn(3) { return machine.pass(until: morning) }
        if random.oneIn(2) { machine.stop() }
        machine.sleep(until: morning - .seconds(8))
        die(before: morning)
    }

    /// All faults end, and everybody has time to hear of everything.
    private func settle() {
        strategy.isQuiet = true
        machine.disk.faults.failures = [:]
        machine.disk.faults.shortWrites = [:]
        machine.disk.beforeOperation = nil
        machine.neighbour?.rest(on: machine.day)
        machine.bury(losingPower: false, seed: 0)
        if let reckoning = story.reckoning { machine.sleep(until: reckoning) }
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

    /// Now and then an operation fails, a write is short, or others act in the middle of what the task does.
    private func spoilDisk() {
        let disk = machine.disk
        if random.oneIn(3) {
            for _ in 0..<3 {
                let code = [EIO, ENOSPC].randomElement(using: &random) ?? EIO
                disk.faults.failures[Int.random(in: 0..<1500, using: &random)] = code
            }
        }
        if story.isShort {
            for _ in 0..<20 {
                disk.faults.shortWrites[Int.random(in: 0..<1500, using: &random)] = Int.random(
                    in: 0...120, using: &random)
            }
        }
        isSpoiled = !disk.faults.failures.isEmpty || !disk.faults.shortWrites.isEmpty
        var chance = SeededRandom(seed: random.next())
        let isBusy = random.oneIn(2)
        if !isBusy, machine.neighbour == nil, story.slowness == .zero { return }
        disk.beforeOperation = { [unowned machine, slowness = story.slowness] _, _ in
            if isBusy, chance.oneIn(8) {
                machine.clock.pass(.milliseconds(Int64.random(in: 1...30, using: &chance)))
            }
            if isBusy, chance.oneIn(20) { machine.stepTerminal() }
            if slowness > .zero {
                machine.clock.pass(slowness)
                machine.stepTerminalIfDue()
            }
            if chance.oneIn(30) { machine.neighbour?.write(on: machine.day) }
        }
    }
}
