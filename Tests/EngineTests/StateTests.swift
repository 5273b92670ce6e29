import JQTrade
import Market
import Notation
import TestSupport
import XCTest

@testable import Engine

/// `context.state` and the memory of the slots across restarts and crashes.
final class StateTests: XCTestCase {
    private let path = "/home/tasks/demo/state.json"

    func testStateIsSavedAfterEachJobThatChangedItAndReadBackAfterARestart() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        func strategy(_ context: Context) {
            context.state["starts"] = (context.state["starts"] ?? 0) + 1
            run_daily(
                { context in
                    if context.strategy_dt.minute % 2 == 0 { context.state["at"] = "\(context.strategy_dt.time)" }
                }, "every_minute", name: "job")
        }
        machine.start(strategy)
        XCTAssertEqual(try machine.read(path), "{\"starts\":1}\n", "saved with process_initialize")
        machine.pass(until: "2026-11-20 09:30")
        XCTAssertEqual(try machine.read(path), "{\"at\":\"09:30:00\",\"starts\":1}\n")
        let writes = machine.disk.log.filter { $0.path.contains("state.json") }.count
        machine.pass(until: "2026-11-20 09:31")
        XCTAssertEqual(
            machine.disk.log.filter { $0.path.contains("state.json") }.count, writes, "nothing changed, nothing written"
        )
        machine.kill()
        machine.bury(restart: shanghai("2026-11-20 09:40"))
        var restarted: Bool?
        machine.start { context in
            restarted = context.is_restart
            XCTAssertEqual(context.state["at"]?.string, "09:30:00")
            strategy(context)
        }
        XCTAssertEqual(restarted, true)
        XCTAssertEqual(try machine.read(path), "{\"at\":\"09:30:00\",\"starts\":2}\n")
    }

    func testEveryKindOfValueComesBack() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.start { context in
            context.state["int"] = Int.min
            context.state["double"] = 0.1
            context.state["bool"] = true
            context.state["text"] = "中文\n\"quoted\""
            context.state["list"] = [1, 2, 3]
            context.state["table"] = ["000001.XSHE": 100]
            context.state["gone"] = 1
            context.state["gone"] = JSON?.none
        }
        machine.kill()
        machine.bury(restart: machine.clock.now)
        machine.start { context in
            XCTAssertEqual(context.state["int"], Int.min)
            XCTAssertEqual(context.state["double"], 0.1)
            XCTAssertEqual(context.state["bool"], true)
            XCTAssertEqual(context.state["text"], "中文\n\"quoted\"")
            XCTAssertEqual(context.state["list"], [1, 2, 3])
            XCTAssertEqual(context.state["table"], ["000001.XSHE": 100])
            XCTAssertNil(context.state["gone"] as JSON?)
        }
    }

    func testAValueThatCannotBeSavedIsRefusedAndTheOldOneStays() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.start { context in
            context.state["x"] = 1.5
            run_daily({ $0.state["x"] = Double.nan }, "open", name: "job")
        }
        machine.pass(until: "2026-11-20 09:30")
        XCTAssertEqual(machine.counts.jobErrors, 1)
        XCTAssertEqual(try machine.read(path), "{\"x\":1.5}\n")
    }

    func testADamagedStateFailsTheStartAndIsLeftAsItIs() throws {
        for damage in ["{\"a\":", "[1]", "\u{0}"] {
            let machine = try Machine(shanghai("2026-11-20 09:29"))
            try machine.put(damage, path)
            guard case .failed(let problems) = machine.start({ _ = $0.state["a"] as Int? }) else {
                XCTFail(damage)
                continue
            }
            XCTAssertTrue(problems[0].hasPrefix("The strategy's state in \(path) cannot be read: "), problems[0])
            XCTAssertEqual(try machine.read(path), damage)
        }
    }

    func testStateThatIsFirstUsedInAJobAndIsDamagedEndsTheRun() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        try machine.put("{", path)
        machine.start { _ in run_daily({ $0.state["a"] = 1 }, "open", name: "job") }
        machine.pass(until: "2026-11-20 09:40")
        guard case .failed(let problem)? = machine.run?.ending else { return XCTFail("it goes on") }
        XCTAssertTrue(problem.contains("Mend the file, or move it away"), problem)
        XCTAssertEqual(try machine.read(path), "{")
    }

    /// Of slots that are due, not one can be judged, for the judgement cannot be written: the run ends, at once.
    func testAFullDiskThatTakesNoVerdictEndsTheRun() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.start { _ in run_daily({ _ in }, "every_minute", name: "job") }
        machine.disk.faults.capacity = 0
        machine.clock.set(to: shanghai("2026-11-20 09:50"))
        machine.pass(until: "2026-11-20 09:51")
        guard case .mayRetry(let problem)? = machine.run?.ending else { return XCTFail("it goes on") }
        XCTAssertTrue(problem.contains("the disk is full"), problem)
    }

    func testAFullDiskCostsNoStateOnceItHasRoomAgain() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.start { _ in
            run_daily({ $0.state["n"] = "\($0.strategy_dt.time)" }, "every_minute", name: "job")
        }
        machine.pass(until: "2026-11-20 09:30")
        machine.disk.faults.capacity = 0
        machine.pass(until: "2026-11-20 09:31")
        guard case .mayRetry(let problem)? = machine.run?.ending else { return XCTFail("it goes on") }
        XCTAssertTrue(problem.contains("the disk is full"), problem)
        machine.disk.faults.capacity = nil
        machine.bury(restart: shanghai("2026-11-20 09:31:05"))
        machine.start { _ in
            run_daily({ $0.state["n"] = "\($0.strategy_dt.time)" }, "every_minute", name: "job")
        }
        machine.pass(until: "2026-11-20 09:31:10")
        XCTAssertEqual(
            try machine.fates(of: "2026-11-20").prefix(2), ["09:30:00 job done", "09:31:00 job done"])
        XCTAssertEqual(try machine.read(path), "{\"n\":\"09:31:00\"}\n")
    }

    func testRuntimeDirHoldsSlotsAndStateByTaskAndGetScheduleFindsThem() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.start { context in
            set_options(runtime_dir: "runs")
            context.state["a"] = 1
            run_daily({ _ in }, "open", name: "job")
        }
        machine.pass(until: "2026-11-20 09:31")
        XCTAssertEqual(try machine.read("/work/runs/demo/state.json"), "{\"a\":1}\n")
        XCTAssertEqual(try machine.disk.list("/work/runs/demo/slots"), ["20261120.journal"])
        XCTAssertEqual(try machine.disk.list("/home/tasks/demo"), ["runtime_dir", "schedule.json"])
        XCTAssertEqual(try machine.fates(of: "2026-11-20"), ["09:30:00 job done"])
        let late = machine.start { context in
            context.state["a"] = 1
            set_options(runtime_dir: "other")
        }
        XCTAssertEqual(
            late, .failed(["set_options: runtime_dir must be set before context.state is first used."]))
    }

    func testWithoutAFolderNothingIsWritten() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        machine.folder = nil
        let before = machine.disk.operations
        machine.start { context in
            set_options(runtime_dir: "runs")
            context.state["a"] = 1
            run_daily({ context in context.state["a"] = 2 }, "every_minute", name: "job")
        }
        machine.pass(until: "2026-11-20 15:00")
        let writing = machine.disk.log[before...].filter { ![.open, .size, .read, .identify].contains($0.operation) }
        XCTAssertEqual(writing.map(\.path), [])
    }

    func testOldJournalsArePrunedAtStartAndAtMidnight() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        try machine.disk.makeFolder("/home/tasks/demo/slots")
        for day in ["20260801", "20261110", "20261111"] {
            try machine.put("", "/home/tasks/demo/slots/\(day).journal")
        }
        machine.start { _ in
            set_options(keep_slot_days: 10)
            run_daily({ _ in }, "open", name: "job")
        }
        let folder = "/home/tasks/demo/slots"
        XCTAssertFalse(try machine.disk.list(folder).contains("20260801.journal"))
        XCTAssertTrue(try machine.disk.list(folder).contains("20261111.journal"))
        machine.pass(until: "2026-11-25 12:00")
        XCTAssertEqual(
            try machine.disk.list(folder).sorted(),
            [16, 17, 18, 19, 20, 23, 24, 25].map { "202611\($0).journal" }, "judged since the newest, but no older")
    }

    func testAForeignRecordStopsTheStartAndSaysWhatToDo() throws {
        let machine = try Machine(shanghai("2026-11-20 09:29"))
        try machine.disk.makeFolder("/home/tasks/demo/slots")
        try machine.put("not a journal of this program", "/home/tasks/demo/slots/20261120.journal")
        guard case .failed(let problems) = machine.start({ _ in run_daily({ _ in }, "open") }) else {
            return XCTFail("it started")
        }
        XCTAssertTrue(problems[0].hasPrefix("the slots' memory cannot be opened: "), problems[0])
        XCTAssertTrue(problems[0].contains("/home/tasks/demo/slots/20261120.journal"), problems[0])
    }
}
