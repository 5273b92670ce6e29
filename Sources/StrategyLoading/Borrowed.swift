import CSupport

// Stand-ins for what Processes offers.

struct CommandResult {
    enum Exit: Equatable {
        case code(Int32)
        case signal(Int32)
    }
    let exit: Exit
    let output: [UInt8]
    let errors: [UInt8]
}
struct CommandError: Error { let description: String }

func runCommand(executable: String, arguments: [String], environment: [String: String], workingDirectory: String)
    throws -> CommandResult
{
    var ends: [Int32] = [0, 0]
    guard cs_pipe(&ends) == 0 else { throw CommandError(description: "no pipe") }
    let high = fcntlDup(ends[1])
    var argv: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var pid: pid_t = 0
    let handovers = [cs_handover(child: 1, parent: high), cs_handover(child: 2, parent: high)]
    let failure = cs_spawn(&pid, executable, &argv, &envp, workingDirectory, handovers, 2, false)
    close(ends[1])
    close(high)
    guard failure == 0 else { throw CommandError(description: String(cString: strerror(failure))) }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(ends[0], &buffer, buffer.count)
        if count <= 0 { break }
        output += buffer[..<count]
    }
    close(ends[0])
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    let code = cs_exit_code(status)
    return CommandResult(exit: code >= 0 ? .code(code) : .signal(cs_exit_signal(status)), output: [], errors: output)
}
private func fcntlDup(_ descriptor: Int32) -> Int32 { cs_fcntl(descriptor, 1030, 20) }

func currentExecutable() -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = cs_executable_path(&buffer, 4095)
    return String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
func findExecutable(_ name: String, path: String) -> String? {
    path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
}
func buildID() -> String {
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = cs_build_id(&buffer, 64)
    return buffer[..<count].map { String($0, radix: 16) }.joined()
}
