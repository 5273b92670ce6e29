import CSupport

/// A system call that failed.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    /// What was being done: `make a pipe`.
    public let action: String
    /// The system's error number.
    public let code: Int32

    /// A failed call, by default with this thread's `errno`.
    public init(_ action: String, code: Int32 = cs_errno()) {
        self.action = action
        self.code = code
    }

    /// `Could not make a pipe: Too many open files.`, and what to do where that is known.
    public var description: String {
        let advice = code == EMFILE || code == ENFILE ? " Close other programs or raise `ulimit -n`." : ""
        return "Could not \(action): \(Self.text(code)).\(advice)"
    }

    /// The system's words for an error number.
    public static func text(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
}
