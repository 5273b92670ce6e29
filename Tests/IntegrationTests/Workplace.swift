import CSupport
import Foundation
import Notation
import Processes
import XCTest

/// A home of its own for one test, strategies in it, and the real program to run on them.
final class Workplace {
    let folder: String
    let home: String
    var environment: [String: String]
    private var programs: [RunningProgram] = []

    /// A fresh folder; the name may try what a path can hold.
    init(_ name: String = "jqtrade test") throws {
        folder = NSTemporaryDirectory() + "\(name) \(UUID().uuidString)"
        home = folder + "/home"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
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

    /// Writes a strategy and returns its path.
    @discardableResult
    func write(_ text: String, to name: String = "s.swift") throws -> String {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    func read(_ name: String) -> String {
        (try? String(contentsOfFile: name.hasPrefix("/") ? name : folder + "/" + name, encoding: .utf8)) ?? ""
    }

    /// Starts the program and goes on at once; what still runs when the test ends is killed.
    func start(_ arguments: [String], onTerminal: Bool = false) throws -> RunningProgram {
        let program = try RunningProgram(
            Self.program, arguments, environment: environment, folder: folder, onTerminal: onTerminal)
        programs.append(program)
        return program
    }

    /// Runs the program to its end.
    @discardableResult
    func run(_ arguments: [String], file: StaticString = #filePath, line: UInt = #line) throws -> Finished {
        try start(arguments).waitForExit(file: file, line: line)
    }

    /// `get_tasks --json` as values.
    func tasks() throws -> [JSON] {
        let listing = try run(["get_tasks", "--json"])
        return try JSON(parsing: listing.output).list ?? []
    }

    func task(_ name: String) throws -> JSON? { try tasks().first { $0["name"]?.string == name } }

    /// Ends what is left of this test's tasks, and removes its folder.
    func close() {
        for task in (try? tasks()) ?? [] {
            for key in ["supervisor_pid", "pid"] { if let pid = task[key]?.int { _ = kill(Int32(pid), SIGKILL) } }
        }
        for program in programs { program.end() }
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// How a program ended and what it said.
struct Finished {
    let exit: Exit
    let output: String
    let errors: String

    var code: Int32? { if case .code(let code) = exit { code } else { nil } }
}
