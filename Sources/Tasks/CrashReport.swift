import Processes
import Storage

/// What the end of a process that nobody asked to leave looks like to the user.
public struct CrashReport {
    private let exit: Exit
    private let lastLines: [String]
    /// The folder in which the strategy's own files lie.
    private let codeFolder: String

    /// How a process ended, the last lines of its stderr, and the strategy's file or folder.
    public init(exit: Exit, lastLines: [String], code: String) {
        self.exit = exit
        self.lastLines = lastLines
        codeFolder = code.hasSuffix(".swift") ? parentFolder(of: code) : code
    }

    /// One sentence with the signal or code, and the place in the strategy if the backtrace names one.
    public var summary: String {
        guard let place else { return "the worker ended with \(exit)" }
        return "the worker ended with \(exit) at \(place)"
    }

    /// `file:line` of the innermost frame that lies in the strategy's own files: a frame reads
    /// `… in name at /path/file.swift:12:5`.
    public var place: String? {
        for line in lastLines {
            guard let at = line.firstRange(of: " at " + codeFolder) else { continue }
            let path = line[at.lowerBound...].dropFirst(4)
            let parts = path.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count >= 2, let lineNumber = Int(parts[1].prefix { $0.isNumber }) else { continue }
            return "\(parts[0]):\(lineNumber)"
        }
        return nil
    }
}
