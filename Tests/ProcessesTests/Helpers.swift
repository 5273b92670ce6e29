import CSupport
import XCTest

@testable import Processes

/// A shell script that runs, to be talked to: descriptor 3 there ends when this is released, 1 is read here.
final class Script {
    let pid: Int32
    private let output: Int32
    private let lifeline: Int32
    private var rest: [UInt8] = []

    init(_ text: String, newSession: Bool = true) throws {
        let (outputEnd, theirOutput) = try makePipe()
        let (theirLifeline, lifelineEnd) = try makePipe()
        defer {
            close(theirOutput)
            close(theirLifeline)
        }
        pid = try spawn(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", text], environment: ["PATH": "/usr/bin:/bin"],
                descriptors: [(child: 1, parent: theirOutput), (child: 3, parent: theirLifeline)],
                newSession: newSession))
        output = outputEnd
        lifeline = lifelineEnd
    }

    deinit {
        close(output)
        close(lifeline)
    }

    /// The next line of its output, within 20 s; nil at its end.
    func line() -> String? {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                defer { rest.removeFirst(end + 1) }
                return String(decoding: rest[..<end], as: UTF8.self)
            }
            var polled = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
            let count = cs_poll(&polled, 1, 20_000_000_000)
            if count < 0, cs_errno() == EINTR { continue }
            guard count > 0, case .bytes(let more) = readAvailable(output) else { return nil }
            rest += more
        }
    }

    /// The pid that the script's next line tells.
    func pidLine(file: StaticString = #filePath, line number: UInt = #line) throws -> Int32 {
        try XCTUnwrap(line().flatMap { Int32($0) }, "no pid", file: file, line: number)
    }
}

/// Waits until a child has ended, and leaves it to be reaped.
func waitForZombie(_ pid: Int32) {
    var info = siginfo_t()
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, cs_errno() == EINTR {}
}

func outcome(_ executable: String, _ arguments: String..., environment: [String: String] = [:]) throws -> CommandResult
{
    try runCommand(executable: executable, arguments: arguments, environment: environment)
}

extension CommandResult {
    var text: String { String(decoding: output, as: UTF8.self) }
}

func skipWithoutProc() throws { try XCTSkipUnless(access("/proc/self/status", R_OK) == 0, "no /proc here") }
