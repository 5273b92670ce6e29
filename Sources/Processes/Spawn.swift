import CSupport

/// A program to start.
public struct SpawnRequest: Sendable {
    /// The program's absolute path.
    public var executable: String
    /// Its arguments, without its own name.
    public var arguments: [String]
    /// All of its environment.
    public var environment: [String: String]
    /// The folder it begins in; ours, if nil.
    public var workingDirectory: String?
    /// The descriptors it gets: which number there, and which of ours. Without one for 0 it reads /dev/null; without
    /// ones for 1 and 2 it shares ours; nothing else is inherited.
    public var descriptors: [(child: Int32, parent: Int32)]
    /// Whether it leads a session and process group of its own: no terminal's Ctrl-C reaches it, and its pid is its
    /// group's.
    public var newSession: Bool

    /// A program to start.
    public init(
        executable: String, arguments: [String] = [], environment: [String: String] = [:],
        workingDirectory: String? = nil, descriptors: [(child: Int32, parent: Int32)] = [], newSession: Bool = false
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.descriptors = descriptors
        self.newSession = newSession
    }
}

/// Why a program could not be started.
public struct SpawnError: Error, Equatable, CustomStringConvertible {
    /// The program.
    public let executable: String
    /// The system's error number.
    public let code: Int32
    /// What is wrong, and what to do.
    public let description: String

    init(_ request: SpawnRequest, code: Int32) {
        executable = request.executable
        self.code = code
        let cause: String
        if let folder = request.workingDirectory, access(folder, X_OK) != 0 {
            cause = "its folder \(folder) cannot be entered: \(SystemError.text(cs_errno())). Check that folder."
        } else if code == ENOENT {
            cause = "there is no such program. Check the path."
        } else if code == EACCES {
            cause = "it may not be executed. Check the rights of the file and of its folders."
        } else if code == EAGAIN {
            cause = "there are too many processes. End some of them or raise `ulimit -u`."
        } else {
            cause = "\(SystemError.text(code))."
        }
        description = "Could not start \(request.executable): \(cause)"
    }

    init(_ request: SpawnRequest, unusable what: String) {
        executable = request.executable
        code = EINVAL
        description = "Could not start \(request.executable): \(what)."
    }
}

/// Starts a program and returns its pid. It has default signal handlers, blocks no signal, and has exactly the
/// descriptors that the request names, whatever their numbers are here.
public func spawn(_ request: SpawnRequest) throws(SpawnError) -> Int32 {
    try check(request)
    // First out of the way of every number that the child is to have: no dup2 then overwrites what the next one needs,
    // and none has the same number on both sides, which would leave it to be closed on exec.
    let firstFree = 1 + request.descriptors.reduce(2) { max($0, $1.child) }
    var handovers: [cs_handover] = []
    defer { for handover in handovers { close(handover.parent) } }
    for (child, parent) in request.descriptors {
        let copy = cs_fcntl(parent, F_DUPFD_CLOEXEC, firstFree)
        guard copy >= 0 else { throw SpawnError(request, code: cs_errno()) }
        handovers.append(cs_handover(child: child, parent: copy))
    }
    var pid: Int32 = 0
    let environment = request.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let error = withCStrings([request.executable] + request.arguments) { arguments in
        withCStrings(environment) { environment in
            cs_spawn(
                &pid, request.executable, arguments, environment, request.workingDirectory, handovers,
                Int32(handovers.count), request.newSession)
        }
    }
    guard error == 0 else { throw SpawnError(request, code: error) }
    return pid
}

private func check(_ request: SpawnRequest) throws(SpawnError) {
    guard request.executable.hasPrefix("/") else { throw SpawnError(request, unusable: "its path is not absolute") }
    let names = Set(request.descriptors.map(\.child))
    guard names.count == request.descriptors.count, names.allSatisfy({ (0..<1024).contains($0) }) else {
        throw SpawnError(request, unusable: "its descriptors \(names.sorted()) are not different numbers below 1024")
    }
    for name in request.environment.keys where name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) {
        throw SpawnError(request, unusable: "the environment variable \"\(name)\" has no name or a = in it")
    }
    let texts =
        [request.executable, request.workingDirectory ?? ""] + request.arguments
        + request.environment.flatMap { [$0.key, $0.value] }
    for text in texts where text.utf8.contains(0) {
        throw SpawnError(request, unusable: "a path, argument or environment variable has a zero byte in it")
    }
}

/// Lends an array of C strings that ends in nil.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
}
