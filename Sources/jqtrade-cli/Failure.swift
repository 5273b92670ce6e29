import Tasks

/// A command that could not do what it was asked: what happened and what to do, and the exit code.
struct Failure: Error, CustomStringConvertible {
    let code: ExitCode
    let description: String

    init(_ code: ExitCode, _ description: String) {
        self.code = code
        self.description = description
    }
}
