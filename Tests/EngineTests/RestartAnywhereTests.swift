import Market
import Simulation
import Storage
import TestSupport
import XCTest

@testable import Engine

/// Whenever a run is killed, by the death of its process or of its machine, and however often: the runs that follow
/// leave every slot with its fate, and run none twice. `JQTRADE_TEST_SCALE` raises the number of seeds.
final class RestartAnywhereTests: XCTestCase {
    /// One scripted day, once for each operation on the disk that it takes, dying right before it.
    func testADeathAtEveryDiskOperationOfADay() throws {
        let whole = try machineOfADay()
        XCTAssertTrue(whole.start())
        whole.machine.pass(until: "2026-11-20 15:00")
        try whole.judge(from: "2026-11-20", through: "2026-11-20")
        let operations = whole.machine.disk.operations
        XCTAssertGreaterThan(operations, 50)
        for operation in 0..<operations {
            for losingPower in [false, true] {
                let what = "operation \(operation), \(losingPower ? "the power lost" : "the process killed")"
                let witness = try machineOfADay(what)
                let machine = witness.machine
                machine.disk.faults.stopAt = machine.disk.operations + operation
                if witness.start() { machine.loop.run(until: shanghai("2026-11-20 15:00")) }
                witness.bury(
                    losingPower: losingPower, newTask: operation % 2 == 0, seed: UInt64(operation),
                    restart: machine.clock.now + .seconds(2))
                XCTAssertTrue(witness.start(), what)
                machine.pass(until: "2026-11-20 16:00")
                machine.stop()
                try witness.judge(from: "2026-11-20", through: "2026-11-20")
            }
        }
    }

    private func machineOfADay(_ what: String = "an undisturbed day") throws -> CrashWitness {
        let witness = CrashWitness(try Machine(shanghai("2026-11-20 09:25"), listening: false), what)
        witness.times = ["open", "9:31", "close"]
        return witness
    }

    func testDeathsAtRandomMomentsOfSeveralDays() throws {
        for seed in TestScale.seeds(25) { try runToTheEnd(seed) }
    }

    /// Some days of a strategy that is killed at moments, in jobs and at disk operations of the seed's choice.
    private func runToTheEnd(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let start = shanghai("2026-11-19 09:00") + .seconds(Int64.random(in: 0...20_000, using: &random))
        let end = shanghai("2026-11-23 18:00")
        let witness = CrashWitness(try Machine(start, listening: false), "seed \(seed)")
        let machine = witness.machine
        machine.hasCalendarFiles = false
        witness.inJob = { began in
            switch Int.random(in: 0..<30, using: &random) {
            case 0: machine.kill()
            case 1: machine.clock.work(for: .seconds(Int64.random(in: 1...200, using: &random)))
            default: break
            }
        }
        var deaths = 0
        while machine.clock.now < end, deaths < 40 {
            if witness.start() {
                if random.oneIn(3) {
                    machine.disk.faults.stopAt = machine.disk.operations + Int.random(in: 0..<60, using: &random)
                }
                let next = nextMoment(after: machine.clock.now, &random)
                if next < end { machine.loop.at(next, rank: Int.random(in: -1...1, using: &random)) { machine.kill() } }
                machine.loop.run(until: end)
            }
            guard machine.isDead else { break }
            deaths += 1
            let pause = TimeSpan.seconds(
                random.oneIn(10)
                    ? Int64.random(in: 0...90_000, using: &random) : Int64.random(in: 1...100, using: &random))
            witness.bury(
                losingPower: random.oneIn(2), newTask: random.oneIn(3), seed: random.next(),
                restart: machine.clock.now + pause)
        }
        machine.disk.faults.stopAt = nil
        witness.inJob = { _ in }
        if deaths > 0 { XCTAssertTrue(witness.start(), "seed \(seed)") }
        machine.pass(until: max(end, machine.clock.now + .seconds(1)))
        machine.stop()
        try witness.judge(from: "2026-11-19", through: "2026-11-23")
    }

    /// A moment of death: often at a slot's very instant, else anywhere.
    private func nextMoment(after now: Instant, _ random: inout SeededRandom) -> Instant {
        let minutes = Int64.random(in: 0...(random.oneIn(2) ? 20 : 2000), using: &random)
        let minute = now.nanoseconds / 60_000_000_000 + 1 + minutes
        let within = random.oneIn(2) ? 0 : Int64.random(in: 0..<60_000_000_000, using: &random)
        return Instant(nanoseconds: minute * 60_000_000_000 + within)
    }
}
