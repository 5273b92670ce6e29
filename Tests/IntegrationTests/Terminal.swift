import CSupport
import Processes

/// A pseudo-terminal whose other side is a program's controlling terminal, so that Ctrl-C is a signal there.
struct Terminal {
    let controller: Int32
    private let device: String

    init() throws {
        var path = [CChar](repeating: 0, count: 128)
        controller = cs_open_pseudo_terminal(&path, path.count)
        guard controller >= 0 else { throw SystemError("open a pseudo-terminal") }
        device = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Starts a program in a session whose controlling terminal this is.
    func spawn(
        _ program: String, _ arguments: [String], environment: [String: String], folder: String
    ) throws -> Int32 {
        // A session leader that opens a terminal gets it as its controlling one, and keeps it through the exec.
        let script = "exec <\"$0\" >\"$0\" 2>\"$0\"; exec \"$@\""
        return try Processes.spawn(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", script, device, program] + arguments, environment: environment,
                workingDirectory: folder, newSession: true))
    }
}
