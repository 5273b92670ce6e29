import CSupport
import Foundation
import Notation
import Processes
import XCTest

/// A home of its own for one test, and the real program to run in it.
final class Workplace {
    let folder: String
    let home: String
    var environment: [String: String]
    private var programs: [RunningProgram] = []

    /// A fresh folder; the name may try what a path can hold.
    init(_ name: String = "jqtrade test") throws {
        // What a task leaves behind becomes a child of ours, so that no test leaves a process.
        becomeSubreaper()
        folder = NSTemporaryDirectory() + "\(name) \(UUID().uuidString)"
        home = folder + "/home"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: home + "/build", withDestinationPath: StrategyShelf.shared.buildFolder)
        environment = ProcessInfo.processInfo.environment
        environment["JQTRADE_HOME"] = home
        environment["TZ"] = "America/New_York"
    }

    /// The program that lies beside the test bundle.
    static let program: String = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for _ in 0..<5 where !FileManager.default.fileExists(atPath: folder.appendingPathComponent("jqtrade").path) {
            folder = folder.deletingLastPathComponent()
        }
        return folder.appendingPathComponent("jqtrade").path
    }()

    /// Writes a file of this test's own and returns its path.
    @discardableResult
    func write(_ text: String, to name: String = "s.swift") throws -> String {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// The text of a file, "" if it is not there.
    func read(_ name: String) -> String {
        (try? String(contentsOfFile: name.hasPrefix("/") ? name : folder + "/" + name, encoding: .utf8)) ?? ""
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + name) }

    /// Starts the program and goes on at once; what still runs when the test ends is killed.
    func start(_ arguments: [String], onTerminal: Bool = false) throws -> RunningProgram {
        try start(Self.program, arguments, onTerminal: onTerminal)
    }

    /// Starts a line of the shell, in which `$jqtrade` is the program.
    func shell(_ line: String, onTerminal: Bool = false) throws -> RunningProgram {
        environment["jqtrade"] = Self.program
        return try start("/bin/sh", ["-c", line], onTerminal: onTerminal)
    }

    private func start(_ executable: String, _ arguments: [String], onTerminal: Bool) throws -> RunningProgram {
        let program = try RunningProgram(
            executable, arguments, environment: environment, folder: folder, onTerminal: onTerminal)
        programs.append(program)
        return program
    }

    /// Runs the program to its end.
    @discardableResult
    func run(_ arguments: [String], file: StaticString = #filePath, line: UInt = #line) throws -> Finished {
        try start(arguments).waitForExit(file: file, line: line)
    }

    /// Starts a task of this strategy in the foreground and waits until it is READY.
    func startTask(
        _ strategy: String, name: String = "demo", _ more: [String] = [], onTerminal: Bool = false,
        file: StaticString = #filePath, line: UInt = #line
    ) throws -> RunningProgram {
        let program = try start(["start_task", "-c", strategy, "-n", name] + more, onTerminal: onTerminal)
        try waitUntilRunning(name, program, file: file, line: line)
        return program
    }

    /// Starts a task with --detach, which returns when it is READY.
    func detachTask(
        _ strategy: String, name: String = "demo", _ more: [String] = [], file: StaticString = #filePath,
        line: UInt = #line
    ) throws {
        let started = try run(["start_task", "-c", strategy, "-n", name, "--detach"] + more, file: file, line: line)
        XCTAssertEqual(started.code, 0, started.errors, file: file, line: line)
    }

    /// Waits until a task that somebody has just started is READY.
    func waitUntilRunning(
        _ name: String = "demo", _ program: RunningProgram, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let ready = try eventually {
            let status = self.status(name)
            let isItsOwn = status?["supervisor"]?.string?.hasPrefix("\(program.pid):") ?? false
            if program.hasEnded { throw RunningProgram.Missing(text: "READY: \(program.output)\(program.errors)") }
            let state = status?["state"]?.string
            return isItsOwn && (state == "running" || state == "busy")
        }
        if !ready { XCTFail("never READY:\n\(program.output)\n\(program.errors)", file: file, line: line) }
    }

    /// `get_tasks --json` as values.
    func tasks() throws -> [JSON] {
        let listing = try run(["get_tasks", "--json"])
        return try JSON(parsing: listing.output).list ?? []
    }

    func task(_ name: String = "demo") throws -> JSON? { try tasks().first { $0["name"]?.string == name } }

    /// Waits until `get_tasks` shows a task as wanted, and returns it.
    @discardableResult
    func waitForTask(
        _ name: String = "demo", within seconds: Double = 30, file: StaticString = #filePath, line: UInt = #line,
        _ isWanted: (JSON) -> Bool
    ) throws -> JSON {
        var last: JSON?
        let came = try eventually(within: seconds) {
            last = try self.task(name)
            return last.map(isWanted) ?? false
        }
        XCTAssertTrue(came, "the task stayed \(last?.compact ?? "away")", file: file, line: line)
        return try XCTUnwrap(last, file: file, line: line)
    }

    /// The worker's and the supervisor's pid.
    func pids(_ name: String = "demo") throws -> (worker: Int32, supervisor: Int32) {
        let task = try XCTUnwrap(task(name))
        return (
            Int32(try XCTUnwrap(task["pid"]?.int)), Int32(try XCTUnwrap(task["supervisor_pid"]?.int))
        )
    }

    private func status(_ name: String) -> JSON? {
        try? JSON(parsing: read("home/tasks/\(name)/status.json"))
    }

    /// The log of a detached task.
    func log(_ name: String = "demo") -> String { read("home/logs/\(name).log") }

    /// Waits until a file holds a text.
    func waitForText(
        _ text: String, in name: String, within seconds: Double = 30, file: StaticString = #filePath,
        line: UInt = #line
    ) {
        let came = eventually(within: seconds) { self.read(name).contains(text) }
        XCTAssertTrue(came, "\(name) never held \"\(text)\":\n\(read(name))", file: file, line: line)
    }

    /// Ends what is left of this test's tasks, and removes its folder.
    func close() {
        for program in programs { program.end() }
        killDescendants(of: getpid())
        while reapNext() != nil {}
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// How a program ended and what it said.
struct Finished {
    let exit: Exit
    let output: String
    let errors: String

    /// The exit code; nil if a signal ended it.
    var code: Int32? { if case .code(let code) = exit { code } else { nil } }
}

/// A test with a workplace of its own.
class WorkplaceTestCase: XCTestCase {
    private(set) var place: Workplace!

    override func setUpWithError() throws { place = try Workplace() }
    override func tearDown() {
        place?.close()
        place = nil
    }
}
