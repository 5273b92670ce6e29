import StrategyLoading
import Tasks

/// A command that could not do what it was asked: what happened and what to do, and the exit code.
struct Failure: Error, CustomStringConvertible {
    let code: ExitCode
    let description: String

    /// True when the text is a compiler's: it begins with the file and the line, and nothing is put before it.
    let isDiagnostics: Bool

    init(_ code: ExitCode, _ description: String, isDiagnostics: Bool = false) {
        self.code = code
        self.description = description
        self.isDiagnostics = isDiagnostics
    }

    /// A strategy that cannot be built or loaded.
    init(_ error: StrategyError) {
        if case .doesNotCompile(let diagnostics) = error {
            self.init(.notLoaded, diagnostics, isDiagnostics: true)
        } else {
            self.init(.notLoaded, "\(error)")
        }
    }
}
