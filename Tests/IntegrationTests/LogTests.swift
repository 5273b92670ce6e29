import CSupport
import Foundation
import Notation
import XCTest

final class LogTests: WorkplaceTestCase {
    /// What each line of a log begins with: an entry's time, level and task, or the indentation of its further lines.
    static var head: Regex<Substring> {
        #/(?:    |\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} (?:DEBUG|INFO |WARN |ERROR) demo  )/#
    }

    private func talk(_ more: [String] = []) throws -> String {
        let program = try place.startTask(Strategies.talking, more)
        program.send(SIGTERM)
        let ended = try program.waitForExit()
        XCTAssertEqual(ended.code, 0)
        return ended.output
    }

    func testAnEntryIsALineInMarketTimeAndItsFurtherLinesAreIndented() throws {
        let lines = try talk().split(separator: "\n")
        for line in lines { XCTAssertNotNil(line.prefixMatch(of: Self.head), "\(line)") }
        let index = try XCTUnwrap(lines.firstIndex { $0.hasSuffix(" INFO  demo  first") })
        XCTAssertEqual(lines[index + 1], "    second")

        // Not in that of the user, who sits in New York.
        let market = DateFormatter()
        market.locale = Locale(identifier: "en_US_POSIX")
        market.timeZone = TimeZone(identifier: "Asia/Shanghai")
        market.dateFormat = "yyyy-MM-dd HH:mm:ss.SSS"
        let written = try XCTUnwrap(market.date(from: String(lines[index].prefix(23))))
        XCTAssertLessThan(abs(written.timeIntervalSinceNow), 120)
    }

    func testJSONHasOneObjectALine() throws {
        let lines = try talk(["--log-format", "json"]).split(separator: "\n")
        let entries = try lines.map { try JSON(parsing: String($0)) }
        let entry = try XCTUnwrap(entries.first { $0["message"]?.string == "first\nsecond" }, "\(lines)")
        XCTAssertEqual(entry["level"]?.string, "INFO")
        XCTAssertEqual(entry["task"]?.string, "demo")
        XCTAssertNotNil(
            entry["time"]?.string?.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00/#), entry.compact)
    }

    func testATaskOfAnotherZoneIsToldInItsOwnTime() throws {
        let program = try place.startTask(Strategies.idle, ["--log-format", "json", "--set", "timezone=Asia/Tokyo"])
        let task = try XCTUnwrap(try place.task())
        XCTAssertTrue(task["next_slot"]?["at"]?.string?.hasSuffix("T09:30:00+09:00") ?? false, task.compact)
        XCTAssertTrue(task["started_at"]?.string?.hasSuffix("+09:00") ?? false, task.compact)
        let table = try place.run(["get_tasks"]).output
        XCTAssertTrue(table.contains(" 09:30:00 look"), table)
        program.send(SIGTERM)
        let entries = try program.waitForExit().output.split(separator: "\n").map { try JSON(parsing: String($0)) }
        for message in ["the strategy begins, fast is 5", "the strategy ends", "stopped"] {
            let entry = try XCTUnwrap(entries.first { $0["message"]?.string == message }, message)
            XCTAssertTrue(entry["time"]?.string?.hasSuffix("+09:00") ?? false, entry.compact)
        }
    }

    func testWhatTheWorkerItselfWritesIsCaught() throws {
        let output = try talk()
        XCTAssertTrue(output.contains("INFO  demo  by Swift's print\n"), output)
        XCTAssertTrue(output.contains("WARN  demo  by C's fputs\n"), output)
    }

    func testSoManyLinesAMinuteOfTheWorkersOwnAndNoMore() throws {
        let output = try talk(["--param", "lines=500", "--set", "output_lines_per_minute=50"])
        let own = output.split(separator: "\n").filter { $0.contains("own line ") }.count
        XCTAssertLessThanOrEqual(own, 50)
        XCTAssertGreaterThan(own, 40)
        XCTAssertTrue(output.contains("lines suppressed"), output)
    }

    func testAClosedPipeDoesNotStopTheStrategy() throws {
        let arguments = "-c '\(Strategies.printing)' -n demo --param 'until=\(place.folder)/done'"
        let line = try place.shell("\"$jqtrade\" start_task \(arguments) | head -1")
        let ready = try place.waitForTask { $0["busy"]?["activity"]?.string == "work" }
        XCTAssertNil(line.exit)
        try place.write("", to: "done")
        let idle = try place.waitForTask { $0["state"]?.string == "running" }
        XCTAssertEqual(idle["pid"], ready["pid"])
        XCTAssertEqual(idle["restarts"]?.int, 0)
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        XCTAssertEqual(try line.waitForExit().output.split(separator: "\n").count, 1)
    }

    func testAClosedTerminalDoesNotStopATaskUnderNohup() throws {
        let program = try place.shell(
            "trap '' HUP; exec \"$jqtrade\" start_task -c '\(Strategies.busy)' -n demo"
                + " --param 'until=\(place.folder)/done'", onTerminal: true)
        try program.waitFor("the job begins")
        try place.waitForTask { $0["state"]?.string == "busy" }
        program.hangUp()
        try place.write("", to: "done")
        let task = try place.waitForTask { $0["state"]?.string == "running" }
        XCTAssertEqual(task["restarts"]?.int, 0)
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        XCTAssertEqual(try program.waitForExit().code, 0)
    }

    func testAConsoleThatIsReadLateGetsTheLastLines() throws {
        let more = ["--param", "lines=900", "--param", "words=100"]
        let line = try place.shell(
            "\"$jqtrade\" start_task -n demo -c '\(Strategies.talking)' \(more.joined(separator: " "))"
                + " | { while [ ! -e read ]; do :; done; cat; }")
        // By now the pipe is full, and nobody writes any more.
        try place.waitForTask { $0["state"]?.string == "running" }
        try place.write("", to: "read")
        let came = eventually { line.output.contains("own line 899") }
        XCTAssertTrue(came, "\(line.output.suffix(300))")
        XCTAssertEqual(try place.run(["stop_task", "-n", "demo"]).code, 0)
        XCTAssertTrue(try line.waitForExit().output.hasSuffix("stopped\n"))
    }

    func testADeletedLogIsWrittenAnew() throws {
        let program = try place.startTask(
            Strategies.printing, ["-o", "demo.log", "--param", "until=\(place.folder)/done"])
        place.waitForText("line 10\n", in: "demo.log")
        try FileManager.default.removeItem(atPath: place.folder + "/demo.log")
        place.waitForText(" line ", in: "demo.log")
        try place.write("", to: "done")
        program.send(SIGTERM)
        XCTAssertEqual(try program.waitForExit().code, 0)
        XCTAssertTrue(place.read("demo.log").contains("the strategy ends"))
    }

    func testAFullDiskUnderTheLogDoesNotStopTheStrategy() throws {
        #if os(Linux)
            let program = try place.startTask(
                Strategies.printing, ["-o", "/dev/full", "--param", "until=\(place.folder)/done"])
            let busy = try place.waitForTask { $0["busy"]?["activity"]?.string == "work" }
            try place.write("", to: "done")
            let idle = try place.waitForTask { $0["state"]?.string == "running" }
            XCTAssertEqual(idle["pid"], busy["pid"])
            program.send(SIGTERM)
            XCTAssertEqual(try program.waitForExit().code, 0)
        #endif
    }

    func testALogRotatesBySizeWithoutLosingALine() throws {
        let options = ["log_max_bytes=5000", "log_keep_files=100", "output_lines_per_minute=100000"]
        _ = try talk(["-o", "demo.log", "--param", "lines=500"] + options.flatMap { ["--set", $0] })
        let files = try FileManager.default.contentsOfDirectory(atPath: place.folder).filter {
            $0.hasPrefix("demo.log")
        }
        XCTAssertGreaterThan(files.count, 3)
        let lines = files.flatMap { place.read($0).split(separator: "\n") }
        for number in 0..<500 {
            XCTAssertEqual(lines.filter { $0.hasSuffix("  own line \(number)") }.count, 1, "line \(number)")
        }
        for file in files { XCTAssertLessThan(place.read(file).utf8.count, 6000) }
    }

    func testALogThatCannotBeOpenedDoesNotStopTheStrategy() throws {
        _ = try place.startTask(Strategies.idle, ["-o", "/dev/null/demo.log"])
        XCTAssertEqual(try place.task()?["state"]?.string, "running")
    }
}
