import CSupport
import Foundation
import Notation
import Processes
import Simulation
import TestSupport
import XCTest

/// A real worker with a few slots each second is killed at random moments around them: every slot has its fate
/// afterwards, and none ran twice. `JQTRADE_TEST_SCALE` raises the number of rounds.
final class SlotKillTests: WorkplaceTestCase {
    private let seconds = 6
    private let jobs = ["a", "b", "c"]

    /// Each job writes its slot's name to a file, in one write, and stays a while.
    private static let strategy = StrategyShelf.shared.path(
        "slots",
        Strategies.tools
            + """
            func process_initialize(_ context: Context) {
                trade_now()
                set_options(misfire_grace: 0.4)
                let begin = context.param("begin", 0) - 43200
                for second in 0..<context.param("seconds", 0) {
                    let offset = begin + second
                    for job in ["a", "b", "c"] {
                        run_daily(
                            { write_line("\\(job)\\(second)", $0) }, offset < 0 ? "open\\(offset)s" : "open+\\(offset)s",
                            name: "\\(job)\\(second)")
                    }
                }
            }

            func write_line(_ text: String, _ context: Context) {
                let file = open(context.param("file", ""), O_WRONLY | O_APPEND | O_CREAT, 0o600)
                let line = Array((text + "\\n").utf8)
                _ = write(file, line, line.count)
                close(file)
                poll(nil, 0, 40)
            }

            """)

    func testAWorkerThatIsKilledAroundItsSlots() throws {
        // Compiled beforehand, so that the task is there before its first slot.
        XCTAssertEqual(try place.run(["get_schedule", "-c", Self.strategy]).code, 0)
        for seed in TestScale.seeds(1) { try playRound(seed) }
    }

    private func playRound(_ seed: UInt64) throws {
        let name = "slots\(seed)"
        let file = place.folder + "/\(name).txt"
        let begin = Date().timeIntervalSince1970.rounded(.up) + 2
        try place.detachTask(
            Self.strategy, name: name,
            [
                "--param", "file=\(file)", "--param", "begin=\((Int(begin) + 8 * 3600) % 86_400)", "--param",
                "seconds=\(seconds)", "--set", "restart_delay=0.01", "--set", "restart_delay_max=0.02", "--set",
                "restart_limit=1000000",
            ])
        let kills = killAroundSlots(of: name, from: begin, SeededRandom(seed: seed))
        try place.waitForTask(name) { $0["state"]?.string == "running" }
        try judge(name, file: file, begin: begin, "seed \(seed), \(kills) kills")
        let stopped = try place.run(["stop_task", "-n", name])
        XCTAssertEqual(
            stopped.code, 0, "\(stopped.errors)\n\(place.read("home/tasks/\(name)/status.json"))\n\(place.log(name))")
    }

    /// Kills the worker from a little before the first slot to a little after the last; returns how often.
    private func killAroundSlots(of name: String, from begin: Double, _ random: SeededRandom) -> Int {
        var random = random
        var kills = 0
        var next = begin - 0.2
        while next < begin + Double(seconds) {
            eventually(within: 60) { Date().timeIntervalSince1970 >= next }
            let status = try? JSON(parsing: place.read("home/tasks/\(name)/status.json"))
            if let worker = status?["worker"]?.string.flatMap(ProcessIdentity.init), worker.send(SIGKILL) { kills += 1 }
            next += Double.random(in: 0.05...0.9, using: &random)
        }
        return kills
    }

    private func judge(_ name: String, file: String, begin: Double, _ what: String) throws {
        let day = ISO8601DateFormatter()
        day.timeZone = TimeZone(secondsFromGMT: 8 * 3600)
        day.formatOptions = [.withFullDate]
        let date = day.string(from: Date(timeIntervalSince1970: begin))
        var slots: [JSON] = []
        let areOver = try eventually {
            let shown = try self.place.run(["get_schedule", "-n", name, "--date", date, "--json"])
            slots = try JSON(parsing: shown.output).list ?? []
            return slots.allSatisfy { !["planned", "running"].contains($0["state"]?.string) }
        }
        let fates = slots.map { "\($0["job"]?.string ?? "?") \($0["state"]?.string ?? "?")" }
        XCTAssertTrue(areOver, "\(what): a slot has no fate: \(fates)")
        XCTAssertEqual(slots.count, seconds * jobs.count, what)

        let ran = place.read(file).split(separator: "\n").map(String.init)
        XCTAssertEqual(ran.count, Set(ran).count, "\(what): a slot ran twice: \(ran)")
        for slot in slots {
            let job = slot["job"]?.string ?? "?"
            let state = slot["state"]?.string ?? "?"
            let right = ran.contains(job) ? ["done", "failed"] : ["failed", "missed", "skipped"]
            XCTAssertTrue(right.contains(state), "\(what): \(job) is \(state), the file says \(ran)")
        }
        XCTAssertFalse(ran.isEmpty, "\(what): nothing ran at all")
    }
}
