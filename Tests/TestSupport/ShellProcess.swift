import CSupport
import Processes

/// A line of shell in a process of its own: somebody else who uses the same files at the same time.
public struct ShellProcess {
    private let pid: Int32

    /// Starts `sh -c` with a line and what it finds as `$0`.
    public init(_ line: String, _ argument: String) throws {
        pid = try spawn(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", line, argument], environment: ["PATH": "/usr/bin:/bin"],
                newSession: true))
    }

    /// Waits for its end; true if it ended well.
    public func endsWell() -> Bool {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 { if cs_errno() != EINTR { return false } }
        return status == 0
    }
}
