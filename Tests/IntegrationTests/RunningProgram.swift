import CSupport
import Foundation
import Processes
import XCTest

/// A real process, its output read as it comes.
final class RunningProgram {
    let pid: Int32
    private let outputEnd: Int32
    private let errorEnd: Int32?
    private let input: Int32?
    private var outputBytes: [UInt8] = []
    private var errorBytes: [UInt8] = []
    private(set) var exit: Exit?
    private var isHungUp = false

    init(
        _ program: String, _ arguments: [String], environment: [String: String], folder: String, onTerminal: Bool
    ) throws {
        if onTerminal {
            let terminal = try Terminal()
            pid = try terminal.spawn(program, arguments, environment: environment, folder: folder)
            outputEnd = terminal.controller
            input = terminal.controller
            errorEnd = nil
        } else {
            let output = try makePipe()
            let errors = try makePipe()
            pid = try spawn(
                SpawnRequest(
                    executable: program, arguments: arguments, environment: environment, workingDirectory: folder,
                    descriptors: [(child: 1, parent: output.writeEnd), (child: 2, parent: errors.writeEnd)]))
            _ = close(output.writeEnd)
            _ = close(errors.writeEnd)
            outputEnd = output.readEnd
            errorEnd = errors.readEnd
            input = nil
            setNonBlocking(errors.readEnd)
        }
        setNonBlocking(outputEnd)
    }

    deinit {
        if !isHungUp { _ = close(outputEnd) }
        if let errorEnd { _ = close(errorEnd) }
    }

    /// Whether it has left by now.
    var hasEnded: Bool {
        if exit == nil { exit = reap(pid) }
        return exit != nil
    }

    /// Whether this text is in what it has written so far.
    func said(_ text: String) -> Bool { output.contains(text) || errors.contains(text) }

    /// What it has written so far; on a terminal both streams are one.
    var output: String {
        drain()
        return String(decoding: outputBytes, as: UTF8.self)
    }
    var errors: String {
        drain()
        return String(decoding: errorBytes, as: UTF8.self)
    }

    /// Types on its terminal.
    func type(_ text: String) { if let input { _ = writeAvailable(input, Array(text.utf8)) } }

    /// Closes its terminal.
    func hangUp() {
        drain()
        if let input { _ = close(input) }
        isHungUp = input != nil
    }

    func send(_ signal: Int32) { _ = kill(pid, signal) }

    /// Waits for the process to end by itself; one that does not is killed and fails the test.
    @discardableResult
    func waitForExit(
        within seconds: Double = 30, file: StaticString = #filePath, line: UInt = #line
    ) throws -> Finished {
        let ended = eventually(within: seconds) {
            self.drain()
            return self.hasEnded
        }
        if !ended {
            end()
            XCTFail("still runs after \(seconds) s; it said:\n\(output)\n\(errors)", file: file, line: line)
        }
        drain()
        return Finished(exit: exit ?? .signal(SIGKILL), output: output, errors: errors)
    }

    /// Waits until its output holds a text.
    func waitFor(
        _ text: String, within seconds: Double = 30, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let came = eventually(within: seconds) { self.said(text) }
        if !came {
            XCTFail("never said \"\(text)\"; it said:\n\(output)\n\(errors)", file: file, line: line)
            throw Missing(text: text)
        }
    }

    struct Missing: Error { let text: String }

    func end() {
        if exit == nil {
            _ = kill(pid, SIGKILL)
            // Another workplace's end may have reaped it.
            eventually(within: 10) { self.hasEnded || ProcessIdentity.of(self.pid) == nil }
        }
    }

    private func drain() {
        if isHungUp { return }
        while case .bytes(let bytes) = readAvailable(outputEnd) { outputBytes += bytes }
        if let errorEnd { while case .bytes(let bytes) = readAvailable(errorEnd) { errorBytes += bytes } }
    }
}

/// Waits for a condition, looking every few milliseconds; false when the time is up.
@discardableResult
func eventually(within seconds: Double = 30, _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ProcessInfo.processInfo.systemUptime + seconds
    while try !condition() {
        if ProcessInfo.processInfo.systemUptime > deadline { return false }
        var nothing = pollfd()
        _ = poll(&nothing, 0, 5)
    }
    return true
}
